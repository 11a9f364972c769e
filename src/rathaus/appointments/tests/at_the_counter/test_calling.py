"""From the call to the end at the counter, and what may happen in between."""

from datetime import date, datetime, time
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from tests.factories import make_clerk
from tests.tables import tables

from rathaus.accounts.models import Department
from rathaus.accounts.queries import actor_of
from rathaus.appointments.actions import calling, counters, forwarding, tickets
from rathaus.appointments.models import (
    Counter,
    CounterSession,
    Location,
    QueueEvent,
    Ticket,
)
from rathaus.appointments.queries.past_days import replay_of
from rathaus.appointments.queries.queue_hours import gives_tickets_now
from rathaus.appointments.queue_errors import (
    CounterNotOpen,
    CounterPaused,
    CounterTaken,
    NobodyWaiting,
    OtherCounter,
    StillServing,
    TicketMoved,
    TooLateToUndo,
    UnknownTicket,
)
from rathaus.appointments.tests.at_the_counter.conftest import (
    TEN,
    booked,
    deeds,
    draw,
    later,
    log_says_the_same,
    row,
)
from rathaus.appointments.tests.conftest import at
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import VIENNA
from rathaus.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_each_counter_calls_whom_it_can_serve_in_order(able: Actor, plain: Actor) -> None:
    passport, question, last = draw("ausweis"), draw(), draw()

    assert calling.call_next(by=plain) == question.ticket
    assert calling.call_next(by=able) == passport.ticket
    assert (row(passport.ticket).state, row(last.ticket).state) == ("called", "waiting")
    assert log_says_the_same()


def test_nobody_is_called_who_cannot_be_served(plain: Actor) -> None:
    draw("ausweis")
    before = tables()
    with pytest.raises(NobodyWaiting):
        calling.call_next(by=plain)
    assert tables() == before


def test_one_after_the_other_at_a_counter(plain: Actor) -> None:
    first, second = draw(), draw()
    assert calling.call_next(by=plain) == first.ticket
    with pytest.raises(StillServing):
        calling.call_next(by=plain)
    calling.begin(by=plain, ticket=first.ticket)
    calling.finish_ticket(by=plain, ticket=first.ticket)
    assert calling.call_next(by=plain) == second.ticket
    assert deeds()[2:] == ["drawn", "called", "began", "finished", "called"]
    assert log_says_the_same()


def test_without_a_counter_or_in_a_pause_nobody_is_called(plain: Actor, clerk: Actor) -> None:
    draw()
    with pytest.raises(CounterNotOpen):
        calling.call_next(by=clerk)
    counters.pause(by=plain)
    with pytest.raises(CounterPaused):
        calling.call_next(by=plain)
    assert log_says_the_same()
    counters.resume(by=plain)
    calling.call_next(by=plain)
    with pytest.raises(StillServing):
        counters.close_counter(by=plain)


def test_a_counter_has_one_clerk_and_a_clerk_one_counter(plain: Actor, clerk: Actor) -> None:
    taken, free = Counter.objects.get(number=2), Counter.objects.get(number=1)
    with pytest.raises(CounterTaken), transaction.atomic():
        counters.open_counter(by=clerk, counter=taken.pk)
    with pytest.raises(CounterTaken), transaction.atomic():
        counters.open_counter(by=plain, counter=free.pk)
    counters.close_counter(by=plain)
    counters.open_counter(by=clerk, counter=taken.pk)
    assert log_says_the_same()


def test_whoever_does_not_come_is_missed_after_some_calls(plain: Actor) -> None:
    ticket = draw().ticket
    calling.call_next(by=plain)

    assert [calling.recall(by=plain, ticket=ticket) for _ in range(3)] == [True, True, False]

    assert row(ticket).state == "missed"
    calling.unpark(by=plain, ticket=ticket)
    assert (row(ticket).state, row(ticket).calls) == ("waiting", 0)
    assert log_says_the_same()


def test_a_parked_number_keeps_its_place(plain: Actor) -> None:
    first, second = draw().ticket, draw().ticket
    calling.call_next(by=plain)
    calling.begin(by=plain, ticket=first)
    calling.park(by=plain, ticket=first, note="holt ein Foto")
    assert calling.call_next(by=plain) == second
    calling.unpark(by=plain, ticket=first)
    calling.finish_ticket(by=plain, ticket=second)
    draw()
    assert calling.call_next(by=plain) == first
    assert row(first).note == "holt ein Foto"
    assert log_says_the_same()


def test_forwarding_keeps_number_and_waiting_time(plain: Actor, able: Actor) -> None:
    ticket = draw().ticket
    calling.call_next(by=plain)
    with later(5):
        forwarding.forward(by=plain, ticket=ticket, offer="ausweis", note="Pass")
        draw("ausweis")
        assert calling.call_next(by=able) == ticket
    assert (row(ticket).label, row(ticket).offers, row(ticket).arrived_at) == (
        "B 001",
        ["ausweis"],
        TEN,
    )
    assert log_says_the_same()


def test_forwarding_to_another_location_gives_a_number_there(
    plain: Actor, office: Department
) -> None:
    elsewhere = Location.objects.create(slug="bauhof", name={"de": "Bauhof"}, department=office)
    old = draw().ticket
    calling.call_next(by=plain)
    with later(5):
        fresh = forwarding.forward(by=plain, ticket=old, offer="ausweis", location="bauhof")

    there = row(fresh.ticket)
    assert (there.location, there.label, there.state) == (elsewhere, "A 001", "waiting")
    assert (there.arrived_at, there.forwarded_from_id) == (TEN, old)
    assert row(old).state == "finished"
    assert log_says_the_same()


def test_a_wrong_finish_is_taken_back_within_two_minutes(plain: Actor) -> None:
    ticket = draw().ticket
    calling.call_next(by=plain)
    calling.begin(by=plain, ticket=ticket)
    calling.finish_ticket(by=plain, ticket=ticket)
    with later(1.9):
        calling.reopen(by=plain, ticket=ticket)
        assert row(ticket).state == "serving"
        calling.finish_ticket(by=plain, ticket=ticket)
    before = tables()
    with later(4.1), pytest.raises(TooLateToUndo):
        calling.reopen(by=plain, ticket=ticket)
    assert tables() == before
    assert log_says_the_same()


def test_others_leave_a_ticket_alone(plain: Actor, able: Actor, foreign_clerk: Actor) -> None:
    ticket = draw().ticket
    calling.call_next(by=plain)
    before = tables()
    for by, refusal in ((able, OtherCounter), (foreign_clerk, CounterNotOpen)):
        for act in (calling.begin, calling.finish_ticket, calling.park, calling.recall):
            with pytest.raises(refusal):
                act(by=by, ticket=ticket)
    with pytest.raises(UnknownTicket):
        calling.unpark(by=foreign_clerk, ticket=ticket)
    with pytest.raises(TicketMoved):
        calling.unpark(by=able, ticket=ticket)
    with pytest.raises(UnknownTicket):
        calling.begin(by=plain, ticket=uuid4())
    assert tables() == before


@pytest.mark.parametrize("statement", ["UPDATE {} SET kind = 'left'", "DELETE FROM {}"])
def test_the_log_only_grows(series: None, statement: str) -> None:
    draw()
    table = QueueEvent._meta.db_table
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        connection.cursor().execute(statement.format(table))
    assert QueueEvent.objects.count() == 1


def test_staff_without_the_right_open_no_counter(series: None, office: Department) -> None:
    nobody = actor_of(make_clerk(office))
    with pytest.raises(NotAllowed):
        counters.open_counter(by=nobody, counter=Counter.objects.get(number=1).pk)
    assert CounterSession.objects.count() == 0


def test_a_counter_left_open_is_closed_in_the_night(
    able: Actor, plain: Actor, applicant: Actor
) -> None:
    with_appointment = tickets.check_in(by=able, booking=booked(applicant).pk)
    calling.call_next(by=able)
    calling.call_ticket(by=plain, ticket=draw().ticket)
    night = at("2026-09-15", "01:10")
    location = Location.objects.get(slug="rathaus")
    with time_machine.travel(night, tick=False):
        assert gives_tickets_now(location, night), "somebody seems to be there"
        before = tables()
        with pytest.raises(NotAllowed):
            counters.close_left_open(by=able)
        assert tables() == before

        assert counters.close_left_open(by=SYSTEM) == 2
        assert counters.close_left_open(by=SYSTEM) == 0

        assert not gives_tickets_now(location, night)
        counters.open_counter(by=able, counter=Counter.objects.get(number=1).pk)
        assert counters.close_left_open(by=SYSTEM) == 0, "that one is of today"
        counters.close_counter(by=able)
    end = datetime.combine(date(2026, 9, 14), time.max, VIENNA)
    told = QueueEvent.objects.filter(kind="closed", day=date(2026, 9, 14))
    assert [(one.at, one.staff, one.details) for one in told] == [
        (end, None, {"left_open": True}),
        (end, None, {"left_open": True}),
    ]
    assert set(Ticket.objects.values_list("state", "ended_at")) == {("finished", end)}
    assert row(with_appointment.ticket).booking.state == "finished"
    assert replay_of(location, date(2026, 9, 14)).desks == {}
    assert log_says_the_same()
