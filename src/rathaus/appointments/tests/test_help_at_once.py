"""Calls for help by many at the same moment, on connections of their own."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from tests.all_at_once import all_at_once
from tests.factories import make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.appointments.actions import helping
from rathaus.appointments.help_calls import Outcome
from rathaus.appointments.help_errors import HelpOver
from rathaus.appointments.models import Counter, HelpCall, Location, QueueEvent
from rathaus.appointments.tests.conftest import at
from rathaus.core.actor import SYSTEM, Actor

pytestmark = pytest.mark.django_db(transaction=True)
at_once = partial(all_at_once, refusals=(HelpOver,))
TEN = at("2026-09-14", "10:00")


@pytest.fixture(autouse=True)
def at_ten(on_the_day: None):
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def people(location: Location) -> list[Actor]:
    """Eight who serve there."""
    return [actor_of(make_clerk(location.department, "appointments.serve")) for _ in range(8)]


def called(by: Actor) -> int:
    counter = Counter.objects.get(number=1).pk
    return helping.call_for_help(by=by, location="rathaus", counter=counter)


def test_a_trembling_finger_calls_once(people: list[Actor]) -> None:
    answers = at_once(*[partial(called, people[0])] * 8)
    assert len(set(answers)) == 1
    assert HelpCall.objects.count() == QueueEvent.objects.filter(kind="help_called").count() == 1


def test_all_who_answer_at_once_are_noted_and_one_was_first(people: list[Actor]) -> None:
    call = called(people[0])
    at_once(*[partial(helping.come_to_help, by=by, call=call) for by in people[1:]])
    row = HelpCall.objects.get()
    assert set(row.answers.values_list("person_id", flat=True)) == {by.person for by in people[1:]}
    assert QueueEvent.objects.filter(kind="help_came").count() == 1


def test_it_is_closed_once_and_nobody_comes_afterwards(people: list[Actor]) -> None:
    call = called(people[0])
    answers = at_once(
        *[partial(helping.close_help, by=people[0], call=call, outcome=Outcome.DONE)] * 4,
        *[partial(helping.come_to_help, by=by, call=call) for by in people[1:5]],
    )
    row = HelpCall.objects.get()
    assert QueueEvent.objects.filter(kind="help_closed").count() == 1
    assert row.answers.count() == 4 - answers.count(HelpOver)


def test_an_answer_and_the_report_agree(people: list[Actor]) -> None:
    call = called(people[0])
    with time_machine.travel(TEN + timedelta(seconds=30), tick=False):
        told = at_once(
            *[partial(helping.report_unanswered, by=SYSTEM, call=call)] * 4,
            *[partial(helping.come_to_help, by=by, call=call) for by in people[1:5]],
        )
    row = HelpCall.objects.get()
    assert told.count(True) == (row.escalated_at is not None)
    assert row.answers.count() == 4
