"""Paying in parts: the rule for all sums, and plans that run, are paid or fail."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.calendar import excluded_because
from rathaus.core.clock import VIENNA, as_of
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.payments.actions.dunning import sweep_dunning
from rathaus.payments.actions.instalments import (
    AlreadyInParts,
    NotToBeSplit,
    grant_instalments,
)
from rathaus.payments.instalments import (
    InstalmentPart,
    has_failed,
    monthly,
    split,
    still_open,
)
from rathaus.payments.models import Claim, Instalment, InstalmentPlan, Reminder
from rathaus.payments.tests.money import owe, pay

FIRST = date(2027, 1, 15)


@given(st.integers(1, 10**9), st.integers(1, 60))
def test_parts_sum_up_and_differ_by_a_cent_at_most(cents, count):
    if count > cents:
        with pytest.raises(ValueError, match="cannot be paid"):
            split(cents, count)
        return
    parts = split(cents, count)

    assert (sum(parts), len(parts)) == (cents, count)
    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=True)


@given(st.integers(60, 10**6), st.integers(1, 24), st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_no_part_is_due_where_no_bank_is_open(cents, count, first):
    parts = monthly(cents, count, first)

    assert [excluded_because(part.due_on) for part in parts] == [None] * count
    assert [part.due_on for part in parts] == sorted({part.due_on for part in parts})


@given(st.lists(st.integers(1, 500), min_size=1, max_size=8), st.integers(0, 5_000))
def test_money_fills_parts_in_order(cents, paid):
    parts = [
        InstalmentPart(one, FIRST + timedelta(30 * number)) for number, one in enumerate(cents)
    ]
    rest = still_open(parts, paid)

    assert sum(rest) == max(sum(cents) - paid, 0)
    touched = [one != part for one, part in zip(rest, cents, strict=True)]
    assert touched == sorted(touched, reverse=True)
    assert not has_failed(parts, sum(cents), today=date(2099, 1, 1), days_late=0)


def test_a_plan_fails_only_after_its_days():
    parts = [InstalmentPart(100, FIRST), InstalmentPart(100, FIRST + timedelta(31))]
    late = FIRST + timedelta(14)

    assert not has_failed(parts, 0, today=late, days_late=14)
    assert has_failed(parts, 0, today=late + timedelta(1), days_late=14)
    assert has_failed(parts, 99, today=late + timedelta(1), days_late=14)
    assert not has_failed(parts, 100, today=late + timedelta(1), days_late=14)


def on(day: date):
    return as_of(timezone.datetime(day.year, day.month, day.day, 12, tzinfo=VIENNA))


@pytest.fixture
def claim(db):
    with on(date(2026, 12, 1)):
        return owe(make_citizen(), 10_000)


def granted(claim, count=3, first_due=FIRST, by=SYSTEM):
    return grant_instalments(by=by, claim=claim, count=count, first_due=first_due)


def test_a_claim_is_due_with_its_last_part(claim):
    with on(date(2026, 12, 10)):
        pay(1_000, (claim, 1_000))
        granted(claim)

    parts = Instalment.objects.order_by("position").values_list("cents", "due_on")
    assert list(parts) == [
        (3_000, date(2027, 1, 15)),
        (3_000, date(2027, 2, 15)),
        (3_000, date(2027, 3, 15)),
    ]
    assert Claim.objects.get(pk=claim).due_on == date(2027, 3, 15)
    assert Entry.objects.filter(did="payments.instalments_granted").count() == 1


def test_who_pays_in_time_hears_nothing(claim):
    with on(date(2026, 12, 10)):
        granted(claim)
    for day in (date(2027, 1, 14), date(2027, 2, 12), date(2027, 3, 12)):
        with on(day):
            pay(3_334, (claim, 3_334), received_on=day)
        with on(day + timedelta(25)):
            assert sweep_dunning(by=SYSTEM).reminded == 0

    assert Claim.objects.get(pk=claim).state.value == "settled"
    assert InstalmentPlan.objects.get().lapsed_at is None


def test_a_late_part_makes_the_rest_due_and_then_is_dunned(claim):
    with on(date(2026, 12, 10)):
        granted(claim)
    with on(date(2027, 1, 29)):
        assert sweep_dunning(by=SYSTEM).lapsed == 0
    with on(date(2027, 1, 30)):
        assert sweep_dunning(by=SYSTEM).lapsed == 1
        assert sweep_dunning(by=SYSTEM).lapsed == 0

    assert Claim.objects.get(pk=claim).due_on == date(2027, 1, 30)
    assert Reminder.objects.count() == 0
    with on(date(2027, 2, 5)):
        assert sweep_dunning(by=SYSTEM).reminded == 1


def test_refusals_change_nothing(claim):
    with on(date(2026, 12, 10)):
        for count, first in [(1, FIRST), (37, FIRST), (3, date(2026, 12, 10))]:
            with pytest.raises(NotToBeSplit):
                granted(claim, count, first)
        with pytest.raises(NotAllowed):
            granted(claim, by=actor_of(make_clerk(None, "payments.read")))
        with pytest.raises(NotFound):
            granted(make_citizen().pk)
        assert InstalmentPlan.objects.count() == 0
        granted(claim)
        with pytest.raises(AlreadyInParts):
            granted(claim)
    assert Instalment.objects.count() == 3
