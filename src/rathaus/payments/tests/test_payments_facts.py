"""A case's page says what it costs: to its applicant, and to staff who may see claims."""

from datetime import date

import pytest
from django.utils.translation import override
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.core.actor import SYSTEM
from rathaus.core.domain import CaseFact
from rathaus.core.money import Money
from rathaus.payments.actions import cancel_claim, raise_claim
from rathaus.payments.facts import case_facts
from rathaus.payments.models import Claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def applicant():
    person = make_citizen()
    raise_claim(
        by=SYSTEM,
        debtor=person.pk,
        amount=Money.of("44.50"),
        purpose={"de": "Hund anmelden", "en": "Register a dog"},
        reference="HU-2026-000001",
        due_on=date(2026, 12, 20),
    )
    return person


def test_the_applicant_reads_what_is_due_and_strangers_read_nothing(applicant) -> None:
    expected = CaseFact("Hund anmelden", "€ 44,50", "offen, fällig bis 20.12.2026")

    assert list(case_facts(actor_of(applicant), "HU-2026-000001")) == [expected]
    assert list(case_facts(actor_of(make_citizen()), "HU-2026-000001")) == []
    assert list(case_facts(actor_of(make_clerk(None, "cases.read")), "HU-2026-000001")) == []


def test_a_cancelled_claim_says_so(applicant) -> None:
    cancel_claim(by=SYSTEM, claim=Claim.objects.get().pk, why="zweimal eingereicht")

    with override("de"):
        (fact,) = case_facts(actor_of(applicant), "HU-2026-000001")

    assert fact.note == "storniert"
