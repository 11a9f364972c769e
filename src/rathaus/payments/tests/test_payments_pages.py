"""The claims of a case: seen and let go by the city treasury alone."""

from datetime import date

import pytest
from django.test import Client
from tests.factories import make_citizen, make_clerk, sign_in

from rathaus.accounts.models import Person
from rathaus.audit.models import Act, Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import now
from rathaus.core.money import Money
from rathaus.payments.actions import raise_claim
from rathaus.payments.models import Claim, State

pytestmark = pytest.mark.django_db

PAGE = "/amt/forderungen/HU-2026-000001/"


@pytest.fixture
def debtor() -> Person:
    return make_citizen()


@pytest.fixture
def claim(debtor: Person) -> Claim:
    raise_claim(
        by=SYSTEM,
        debtor=debtor.pk,
        amount=Money(4450),
        purpose={"de": "Hundeabgabe", "en": "Dog levy"},
        reference="HU-2026-000001",
        due_on=date(2026, 12, 22),
    )
    return Claim.objects.get()


@pytest.fixture
def treasury(client: Client) -> Client:
    return sign_in(client, make_clerk(None, "payments.read", "payments.cancel"))


def test_the_treasury_lets_a_claim_go_with_a_reason(
    claim: Claim, debtor: Person, treasury: Client
) -> None:
    page = treasury.get(PAGE).content.decode()
    assert "Hundeabgabe: € 44,50" in page
    assert "Offen sind zusammen € 44,50." in page

    done = treasury.post(PAGE, {"claim": claim.pk, "why": "Irrtümlich vorgeschrieben"}, follow=True)

    claim.refresh_from_db()
    assert claim.state is State.CANCELLED
    assert "Die Forderung ist storniert." in done.content.decode()
    entry = Entry.objects.get(did="payments.claim_cancelled")
    assert (entry.why, entry.case, entry.about) == (
        "Irrtümlich vorgeschrieben",
        "HU-2026-000001",
        [debtor.pk],
    )
    looked = Entry.objects.filter(act=Act.READ, did="payments.claims")
    assert [entry.about for entry in looked] == [[debtor.pk]] * looked.count()
    assert looked.count() >= 2


def test_the_page_leads_back_to_the_case(
    claim: Claim, treasury: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    crumb = '<a href="/amt/faelle/1/">HU-2026-000001</a>'
    assert crumb not in treasury.get(PAGE).content.decode()

    monkeypatch.setattr("rathaus.payments.views.claims.case_address", lambda *_of: "/amt/faelle/1/")

    assert crumb in treasury.get(PAGE).content.decode()


@pytest.mark.parametrize("why", ["", "   "])
def test_without_a_reason_the_claim_stays(claim: Claim, treasury: Client, why: str) -> None:
    refused = treasury.post(PAGE, {"claim": claim.pk, "why": why})

    assert refused.status_code == 422
    assert 'href="#id_why"' in refused.content.decode()
    assert "Bitte schreiben Sie, warum die Forderung wegfällt." in refused.content.decode()
    assert Claim.objects.get().state is State.OPEN


def test_a_paid_claim_is_not_cancelled(claim: Claim, treasury: Client) -> None:
    Claim.objects.update(settled_at=now())

    refused = treasury.post(PAGE, {"claim": claim.pk, "why": "zu spät"})

    assert "Diese Forderung ist bereits bezahlt." in refused.content.decode()
    assert (refused.status_code, Claim.objects.get().state) == (422, State.SETTLED)


@pytest.mark.parametrize("reference", ["HU-2026-000002", "HÜ-2026-000002", "%00"])
def test_a_matter_without_claims_has_no_page(treasury: Client, reference: str) -> None:
    assert treasury.get(f"/amt/forderungen/{reference}/").status_code == 404


def test_others_are_turned_away(claim: Claim, debtor: Person) -> None:
    for person in (debtor, make_clerk(None, "payments.read", "payments.raise")):
        stranger = sign_in(Client(), person)
        posted = stranger.post(PAGE, {"claim": claim.pk, "why": "einfach so"})
        assert (stranger.get(PAGE).status_code, posted.status_code) == (403, 403)
    assert Claim.objects.get().state is State.OPEN
