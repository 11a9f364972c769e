"""Each year is raised when its time has come, and once."""

from datetime import UTC, date, datetime

import pytest
from tests.all_at_once import all_at_once
from tests.factories import make_citizen

from rathaus.core.actor import SYSTEM
from rathaus.core.clock import as_of
from rathaus.payments.actions import (
    cancel_claim,
    change_levy,
    install_levies,
    raise_levies_due,
)
from rathaus.payments.actions.levy_kinds import RateInUse
from rathaus.payments.models import Claim, Levy
from rathaus.payments.tests.levied import LEVIES, at, begin, claimed
from rathaus.payments.tests.levying.conftest import NEW_YEAR, TODAY, only_claim, pay_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("moment", "raised"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), 0),  # 23:59 in Vienna
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), 1),  # the year has changed in Vienna
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), 1),  # the hour before summer time begins
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), 1),  # the hour that there is twice
    ],
)
def test_the_next_year_is_raised_when_its_time_has_come_in_vienna(debtor, moment, raised):
    with as_of(at(TODAY)):
        levy = begin(debtor)
    with as_of(moment):
        assert raise_levies_due(by=SYSTEM) == raised
        assert raise_levies_due(by=SYSTEM) == 0

    assert levy.years.filter(year=2027).count() == raised


def test_after_a_missed_month_it_is_due_a_month_later(debtor):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        pay_for(only_claim(levy))
    with as_of(at(date(2027, 3, 10))):
        raise_levies_due(by=SYSTEM)

    claim = Claim.objects.get(reference=f"{levy.number}-2027")
    assert (claim.due_on, claim.cents) == (date(2027, 4, 12), 4000)


def test_a_machine_that_stood_still_over_new_year_catches_up(debtor):
    with as_of(at(TODAY)):
        levy = begin(debtor)
    with as_of(at(date(2028, 2, 1))):
        assert raise_levies_due(by=SYSTEM) == 2

    assert claimed(levy) == [
        ("2026", "part-01", 4000, "open"),
        ("2027", "part-01", 4000, "open"),
        ("2028", "part-01", 4800, "open"),  # another tariff
    ]


def test_several_days_share_the_amount(debtor):
    with as_of(at(date(2026, 12, 1))):
        flat = begin(
            debtor, kind="ortstaxe", rate="klein", about="Top 4", begins_on=date(2026, 12, 1)
        )
    with as_of(at(date(2027, 1, 30))):
        raise_levies_due(by=SYSTEM)

    assert claimed(flat) == [
        ("2026", "part-01", 833, "open"),
        ("2027", "part-01", 2501, "open"),
        ("2027", "part-02", 2500, "open"),
        ("2027", "part-03", 2500, "open"),
        ("2027", "part-04", 2500, "open"),
    ]
    days = Claim.objects.filter(reference=f"{flat.number}-2027").order_by("key")
    assert list(days.values_list("due_on", flat=True)) == [
        date(2027, 3, 1),
        date(2027, 5, 18),  # the 15th is a Saturday, then comes Whit Monday
        date(2027, 8, 16),
        date(2027, 11, 15),
    ]


def test_another_rate_counts_for_years_to_come(debtor, clerk):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        change_levy(
            by=clerk, levy=levy.pk, rate="wache", about="Bello", exempt=None, why="bewacht den Hof"
        )
    with as_of(at(NEW_YEAR)):
        raise_levies_due(by=SYSTEM)

    assert claimed(levy) == [
        ("2026", "part-01", 4000, "open"),
        ("2027", "part-01", 2000, "open"),
    ]


def test_a_claim_that_a_clerk_let_go_does_not_come_back_next_year(debtor):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        cancel_claim(by=SYSTEM, claim=only_claim(levy).pk, why="Kulanz")
    with as_of(at(NEW_YEAR)):
        raise_levies_due(by=SYSTEM)

    assert claimed(levy) == [
        ("2026", "part-01", 4000, "cancelled"),
        ("2027", "part-01", 4000, "open"),
    ]


def test_a_rate_by_which_somebody_pays_stays(debtor):
    with as_of(at(TODAY)):
        begin(debtor, rate="wache")
    with pytest.raises(RateInUse):
        install_levies(by=SYSTEM, text=LEVIES.replace("slug: wache", "slug: hof"))

    assert Levy.objects.get().kind.entry.rate("wache") is not None


@pytest.mark.django_db(transaction=True)
def test_two_workers_raise_each_year_once():
    debtor = make_citizen()
    with as_of(at(TODAY)):
        levies = [begin(debtor, about=f"Hund {number}") for number in range(4)]

    def night() -> int:
        with as_of(at(NEW_YEAR)):
            return raise_levies_due(by=SYSTEM)

    raised = all_at_once(*[night] * 4)

    assert sum(int(str(count)) for count in raised) == 4
    for levy in levies:
        assert claimed(levy) == [
            ("2026", "part-01", 4000, "open"),
            ("2027", "part-01", 4000, "open"),
        ]
