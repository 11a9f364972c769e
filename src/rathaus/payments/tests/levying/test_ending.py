"""How a levy ends or is exempted, and what becomes of its claims."""

from datetime import date

import pytest
from tests.factories import make_citizen, make_guest

from rathaus.accounts.events import MattersTakenOver
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import as_of
from rathaus.core.money import Money
from rathaus.payments.actions import (
    Exempt,
    change_levy,
    end_levy,
    end_levy_numbered,
    raise_levies_due,
    take_over_levies,
)
from rathaus.payments.actions.levying import (
    EndsTooEarly,
    ExemptionUnclear,
    ReasonMissing,
)
from rathaus.payments.models import Claim, LevyStep, LevyYear
from rathaus.payments.personal_data import matters
from rathaus.payments.tests.levied import at, begin, claimed
from rathaus.payments.tests.levying.conftest import NEW_YEAR, TODAY, only_claim, pay_for
from rathaus.payments.tests.money import balances, owe

pytestmark = pytest.mark.django_db


def test_a_dog_that_died_is_owed_by_months(debtor, clerk):
    with as_of(at(NEW_YEAR)):
        levy = begin(debtor, begins_on=date(2026, 5, 4))
        for claim in Claim.objects.filter(reference=f"{levy.number}-2026"):
            pay_for(claim)
        end_levy(by=clerk, levy=levy.pk, ends_on=date(2027, 3, 20), why="verstorben")

    assert claimed(levy) == [
        ("2026", "part-01", 4000, "settled"),
        ("2027", "part-01", 4000, "cancelled"),
        ("2027", "part-01", 1000, "open"),
    ]
    with as_of(at(date(2028, 6, 1))):
        assert raise_levies_due(by=SYSTEM) == 0
    step = LevyStep.objects.get(deed="ended")
    assert (step.why, step.by_name) == ("verstorben", clerk.name)
    assert balances() == {"receivables": 1000, "income": -5000, "bank": 4000}


def test_what_was_paid_for_a_year_that_ends_early_can_be_given_back(debtor, clerk):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        claim = only_claim(levy)
        pay_for(claim)
        end_levy(by=clerk, levy=levy.pk, ends_on=date(2026, 6, 30), why="abgegeben")

    assert claimed(levy) == [("2026", "part-01", 4000, "settled")]
    year = LevyYear.objects.get()
    claim.refresh_from_db()
    assert claim.kept - Money(year.cents) == Money(2000)


def test_the_claim_of_the_matter_follows_when_the_first_year_ends_early(debtor, clerk):
    with as_of(at(TODAY)):
        owe(debtor, 4000, reference="HU-2026-000001", key="abgabe")
        levy = begin(debtor, key="abgabe", matter="HU-2026-000001")
        end_levy(by=clerk, levy=levy.pk, ends_on=date(2026, 6, 30), why="verstorben")

    assert Claim.objects.get(reference="HU-2026-000001").cancelled_at is not None
    assert claimed(levy) == [("2026", "part-01", 2000, "open")]


def test_the_end_can_be_put_right(debtor, clerk):
    with as_of(at(NEW_YEAR)):
        levy = begin(debtor, begins_on=date(2026, 5, 4))
        end_levy(by=clerk, levy=levy.pk, ends_on=date(2026, 12, 31), why="abgemeldet")
        assert claimed(levy)[1:] == [("2027", "part-01", 4000, "cancelled")]
        end_levy(by=clerk, levy=levy.pk, ends_on=date(2027, 12, 31), why="vertippt")
        with pytest.raises(EndsTooEarly):
            end_levy(by=clerk, levy=levy.pk, ends_on=date(2026, 5, 3), why="früher")
        with pytest.raises(ReasonMissing):
            end_levy(by=clerk, levy=levy.pk, ends_on=date(2027, 5, 3), why=" ")

    levy.refresh_from_db()
    assert levy.ends_on == date(2027, 12, 31)
    assert claimed(levy)[1:] == [
        ("2027", "part-01", 4000, "cancelled"),
        ("2027", "part-01", 4000, "open"),
    ]


def test_an_exemption_lets_open_claims_fall_and_back_again(debtor, clerk):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        guide = {
            "by": clerk,
            "levy": levy.pk,
            "rate": "familie",
            "about": "Bello",
            "why": "Bescheid",
        }
        change_levy(**guide, exempt=Exempt(2026, 2027, "Assistenzhund"))
        assert claimed(levy) == [("2026", "part-01", 4000, "cancelled")]
        for wrong in (Exempt(2027, 2026, "x"), Exempt(2026, None, " ")):
            with pytest.raises(ExemptionUnclear):
                change_levy(**guide, exempt=wrong)
    with as_of(at(NEW_YEAR)):
        assert raise_levies_due(by=SYSTEM) == 1
        assert len(claimed(levy)) == 1
        change_levy(**guide, exempt=None)

    assert claimed(levy) == [
        ("2026", "part-01", 4000, "cancelled"),
        ("2026", "part-01", 4000, "open"),
        ("2027", "part-01", 4000, "open"),
    ]


def test_a_deregistration_ends_only_the_own_levy(debtor):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        end = {"by": SYSTEM, "ends_on": date(2026, 8, 1), "why": "Abmeldung HD-2026-000001"}
        assert not end_levy_numbered(number=levy.number, debtor=make_citizen().pk, **end)
        assert not end_levy_numbered(number="HA-999999", debtor=debtor.pk, **end)
        levy.refresh_from_db()
        assert levy.ends_on is None
        assert end_levy_numbered(number=f" {levy.number.lower()} ", debtor=debtor.pk, **end)

    levy.refresh_from_db()
    assert levy.ends_on == date(2026, 8, 1)


def test_levies_follow_into_the_account_of_the_citizen():
    guest, citizen = make_guest(), make_citizen()
    with as_of(at(TODAY)):
        levy = begin(guest, key="abgabe", matter="HU-2026-000001")
        other = begin(guest, key="abgabe", matter="HU-2026-000002")
        alone = begin(guest)
        assert alone.number in {matter.reference for matter in matters(guest.pk)}
        references = frozenset({"HU-2026-000001", alone.number})
        take_over_levies(MattersTakenOver(guest.pk, citizen.pk, references))

    levy.refresh_from_db()
    other.refresh_from_db()
    assert (levy.debtor_id, only_claim(levy).debtor_id) == (citizen.pk, citizen.pk)
    alone.refresh_from_db()
    assert (alone.debtor_id, only_claim(alone).debtor_id) == (citizen.pk, citizen.pk)
    assert (other.debtor_id, only_claim(other).debtor_id) == (guest.pk, guest.pk)
