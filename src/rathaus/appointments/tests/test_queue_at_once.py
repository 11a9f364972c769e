"""Sixteen people at the same moment, on connections of their own: kiosks and counters."""

from functools import partial
from uuid import UUID, uuid4

import pytest
import time_machine
from tests.all_at_once import all_at_once
from tests.factories import make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.appointments.actions import calling, counters, tickets
from rathaus.appointments.actions.tickets import Wished
from rathaus.appointments.models import Counter, CounterSession, Location, Offer, QueueEvent, Ticket
from rathaus.appointments.queries.past_days import replay_of
from rathaus.appointments.queue_errors import (
    AnotherWasFaster,
    CounterTaken,
    NobodyWaiting,
    StillServing,
    TicketMoved,
)
from rathaus.appointments.tests.conftest import at
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import today

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 16
REFUSALS = (NobodyWaiting, AnotherWasFaster, StillServing, TicketMoved, CounterTaken)
at_once = partial(all_at_once, refusals=REFUSALS)


@pytest.fixture(autouse=True)
def at_ten(on_the_day: None):
    with time_machine.travel(at("2026-09-14", "10:00"), tick=False):
        yield


@pytest.fixture
def clerks(location: Location, offer: Offer) -> list[Actor]:
    """Sixteen open counters; the matter needs no skill."""
    Offer.objects.update(skill=None)
    found = []
    for number in range(11, 11 + CROWD):
        counter = Counter.objects.create(location=location, number=number, name=f"Nr. {number}")
        by = actor_of(make_clerk(location.department, "appointments.serve"))
        counters.open_counter(by=by, counter=counter.pk)
        found.append(by)
    return found


def draw(key: UUID | None = None) -> tickets.Drawn:
    wished = Wished(("ausweis",))
    return tickets.draw_ticket(by=ANONYMOUS, location="rathaus", wished=wished, key=key)


def numbers() -> list[int]:
    return sorted(Ticket.objects.values_list("number", flat=True))


def test_sixteen_kiosks_leave_no_gap(location: Location, offer: Offer) -> None:
    at_once(*[draw] * CROWD)
    at_once(*[draw] * CROWD)

    assert numbers() == list(range(1, 2 * CROWD + 1))
    ranks = sorted(Ticket.objects.values_list("rank", flat=True))
    assert ranks == numbers()


def test_a_trembling_finger_gets_one_number(location: Location, offer: Offer) -> None:
    keys = [uuid4(), uuid4()]

    answers = at_once(*[partial(draw, keys[number % 2]) for number in range(CROWD)])

    assert len(set(answers)) == 2
    assert numbers() == [1, 2]
    assert QueueEvent.objects.count() == 2


def test_sixteen_clerks_call_each_number_once(clerks: list[Actor], location: Location) -> None:
    for _ in range(CROWD + 4):
        draw()

    answers = at_once(*[partial(calling.call_next, by=clerk) for clerk in clerks])

    assert len(set(answers)) == CROWD
    called = Ticket.objects.filter(state="called")
    assert sorted(called.values_list("number", flat=True)) == list(range(1, CROWD + 1))
    assert len(set(called.values_list("counter_id", flat=True))) == CROWD
    positions = {one.pk: one.position for one in Ticket.objects.all()}
    assert replay_of(location, today()).tickets == positions


def test_fewer_numbers_than_clerks(clerks: list[Actor]) -> None:
    for _ in range(5):
        draw()

    answers = at_once(*[partial(calling.call_next, by=clerk) for clerk in clerks])

    refused = answers.count(NobodyWaiting) + answers.count(AnotherWasFaster)
    assert refused == CROWD - 5
    assert Ticket.objects.filter(state="called").count() == 5


def test_a_clerk_who_presses_sixteen_times_calls_one(clerks: list[Actor]) -> None:
    for _ in range(CROWD):
        draw()

    answers = at_once(*[partial(calling.call_next, by=clerks[0])] * CROWD)

    assert answers.count(StillServing) == CROWD - 1
    assert Ticket.objects.filter(state="called").count() == 1


def test_one_parked_number_goes_to_one_of_sixteen(clerks: list[Actor]) -> None:
    ticket = draw().ticket
    calling.call_next(by=clerks[0])
    calling.park(by=clerks[0], ticket=ticket)

    answers = at_once(*[partial(calling.call_ticket, by=by, ticket=ticket) for by in clerks])

    assert answers.count(TicketMoved) == CROWD - 1
    assert Ticket.objects.get().state == "called"


def test_leaving_and_calling_at_once_are_one_after_the_other(
    clerks: list[Actor], location: Location
) -> None:
    drawn = [draw() for _ in range(CROWD // 2)]

    at_once(
        *[partial(tickets.leave, token=one.token) for one in drawn],
        *[partial(calling.call_next, by=by) for by in clerks[: CROWD // 2]],
    )

    assert Ticket.objects.filter(state="left").count() == CROWD // 2, "who is called may leave"
    assert replay_of(location, today()).tickets == {
        one.pk: one.position for one in Ticket.objects.all()
    }


def test_one_counter_is_given_to_one_of_sixteen(location: Location) -> None:
    counter = Counter.objects.get(number=1)
    people = [actor_of(make_clerk(location.department, "appointments.serve")) for _ in range(CROWD)]

    answers = at_once(*[partial(counters.open_counter, by=by, counter=counter.pk) for by in people])

    assert answers.count(CounterTaken) == CROWD - 1
    assert CounterSession.objects.count() == 1
