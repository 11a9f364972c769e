"""A case's page says what it costs: to its applicant, and to staff who may see claims."""

from datetime import date

import pytest
from django.utils.translation import override
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.core.actor import SYSTEM
from rathaus.core.domain import CaseFact, NextStep
from rathaus.core.money import Money
from rathaus.payments.actions import Owed, cancel_claim, charge
from rathaus.payments.facts import case_facts, next_steps
from rathaus.payments.models import Claim
from rathaus.payments.tests.money import pay

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 21)


@pytest.fixture
def applicant():
    person = make_citizen()
    charge(
        by=SYSTEM,
        debtor=person.pk,
        reference="HU-2026-000001",
        owed=[
            Owed("abgabe", {"de": "Hundeabgabe", "en": "Dog levy"}, Money(4000), DAY),
            Owed("marke", {"de": "Hundemarke", "en": "Dog tag"}, Money(450), DAY),
        ],
        why="",
        among=(),
    )
    return person


def test_what_waits_for_the_decision_says_so(applicant) -> None:
    Claim.objects.filter(key="abgabe").update(due_on=None)

    facts = list(case_facts(actor_of(applicant), "HU-2026-000001"))

    assert facts[0].note == "offen, zu zahlen nach der Entscheidung"
    assert facts[1].note == "offen, fällig bis 21.12.2026"


def test_the_applicant_reads_what_is_due_and_strangers_read_nothing(applicant) -> None:
    expected = [
        CaseFact("Hundeabgabe", "€ 40,00", "offen, fällig bis 21.12.2026"),
        CaseFact("Hundemarke", "€ 4,50", "offen, fällig bis 21.12.2026"),
        CaseFact(
            "Zusammen offen",
            "€ 44,50",
            address="/meine-zahlungen/",
            deed="Jetzt bezahlen",
        ),
    ]

    assert list(case_facts(actor_of(applicant), "HU-2026-000001")) == expected
    assert list(case_facts(actor_of(make_citizen()), "HU-2026-000001")) == []
    assert list(case_facts(actor_of(make_clerk(None, "cases.read")), "HU-2026-000001")) == []


def test_a_cancelled_claim_says_so_and_is_not_counted(applicant) -> None:
    cancel_claim(by=SYSTEM, claim=Claim.objects.get(key="marke").pk, why="zweimal eingereicht")

    with override("en"):
        levy, tag, total = case_facts(actor_of(applicant), "HU-2026-000001")

    assert (levy.value, tag.note, total.value) == ("€40.00", "cancelled", "€40.00")


def test_only_who_may_cancel_is_led_to_the_claims(applicant) -> None:
    cancel_claim(by=SYSTEM, claim=Claim.objects.get(key="marke").pk, why="zweimal eingereicht")
    cashier = actor_of(make_clerk(None, "payments.read", "payments.cancel"))
    reader = actor_of(make_clerk(None, "payments.read"))
    levy = Claim.objects.get(key="abgabe").pk

    led = [fact.address for fact in case_facts(cashier, "HU-2026-000001")]

    assert led == [f"/amt/forderungen/HU-2026-000001/#claim-{levy}", "", ""]
    assert {fact.address for fact in case_facts(reader, "HU-2026-000001")} == {""}


def test_what_is_due_is_the_next_step_and_paid_in_one_go(applicant) -> None:
    keys = Claim.objects.order_by("raised_at", "key").values_list("pk", flat=True)
    query = "&".join(f"forderung={key}" for key in keys)

    assert list(next_steps(actor_of(applicant), "HU-2026-000001")) == [
        NextStep(
            "Offenen Betrag bezahlen",
            "€ 44,50, fällig bis 21.12.2026",
            "Jetzt bezahlen",
            f"/meine-zahlungen/zahlen/?{query}",
            order=10,
        )
    ]
    assert list(next_steps(actor_of(make_citizen()), "HU-2026-000001")) == []
    assert list(next_steps(actor_of(make_clerk(None, "payments.read")), "HU-2026-000001")) == []


def test_what_waits_for_the_decision_is_a_step_that_leads_nowhere_yet(applicant) -> None:
    Claim.objects.update(due_on=None)
    note = "€ 44,50, zu zahlen erst nach der Entscheidung"
    step = NextStep("Offenen Betrag bezahlen", note, order=10)
    assert list(next_steps(actor_of(applicant), "HU-2026-000001")) == [step]


def test_what_is_paid_is_done_and_what_fell_away_is_no_step(applicant) -> None:
    cancel_claim(by=SYSTEM, claim=Claim.objects.get(key="marke").pk, why="zweimal eingereicht")
    by, receipt = actor_of(applicant), pay(4000, (Claim.objects.get(key="abgabe").pk, 4000)).receipt
    address = f"/zahlungen/belege/{receipt}/"

    [step] = next_steps(by, "HU-2026-000001")
    assert step == NextStep(
        "Alles bezahlt", "€ 40,00", "Zahlungsbestätigung (PDF)", address, done=True, order=10
    )
    paid = next(iter(case_facts(by, "HU-2026-000001")))
    assert (paid.note, paid.address, paid.deed) == ("bezahlt", address, "Zahlungsbestätigung (PDF)")


def test_several_receipts_are_shown_together(applicant) -> None:
    levy, tag = Claim.objects.get(key="abgabe").pk, Claim.objects.get(key="marke").pk
    first, second = pay(4000, (levy, 4000)).receipt, pay(450, (tag, 450)).receipt

    [step] = next_steps(actor_of(applicant), "HU-2026-000001")
    assert (step.note, step.action, step.address) == (
        "€ 44,50",
        "Belege ansehen",
        "/zahlungen/belege/",
    )
    facts = case_facts(actor_of(applicant), "HU-2026-000001")
    assert [fact.address for fact in facts] == [
        f"/zahlungen/belege/{first}/",
        f"/zahlungen/belege/{second}/",
    ]
    reader = actor_of(make_clerk(None, "payments.read"))
    assert {fact.address for fact in case_facts(reader, "HU-2026-000001")} == {""}
