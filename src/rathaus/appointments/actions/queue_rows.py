"""The one way to change a ticket or a counter: by an event of the log, which the tables follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from rathaus.appointments.models import CounterSession, Location, QueueEvent, Ticket
from rathaus.appointments.models.queue import POSITION
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.queries.queue_settings import queue_topic
from rathaus.appointments.queue_errors import (
    CounterNotOpen,
    CounterPaused,
    OtherCounter,
    TicketMoved,
    UnknownTicket,
)
from rathaus.appointments.queue_replay import Deed, Happening, MoveRefused, after
from rathaus.appointments.ticket_states import AT_COUNTER
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import local_date, now, today
from rathaus.core.live import announce

Details = Mapping[str, Any]


def happen(
    ticket: Ticket,
    kind: Deed,
    *,
    by: Actor,
    counter: int | None = None,
    details: Details | None = None,
    at: datetime | None = None,
) -> None:
    """Let something happen to a ticket whose row is locked: log, row, and a word to all who watch.

    `at` is now where none is named. Raises `TicketMoved` where it cannot happen any more.
    """
    one = _happening(kind, by, at, ticket=ticket.pk, counter=counter, details=details or {})
    try:
        position = after(ticket.position, one)
    except MoveRefused as refusal:
        raise TicketMoved from refusal
    ticket.stand_at(position)
    try:
        ticket.save(update_fields=POSITION)
    except IntegrityError as error:  # somebody else stands at the counter
        raise TicketMoved from error
    write(one, ticket.location_id)


def note_at_counter(
    session: CounterSession,
    kind: Deed,
    *,
    by: Actor,
    details: Details | None = None,
    at: datetime | None = None,
) -> None:
    """Write what happened at a counter, now or at a moment before."""
    location, counter = session.counter.location_id, session.counter_id
    note_at(location, kind, by=by, counter=counter, details=details, at=at)


def note_at(
    location: int,
    kind: Deed,
    *,
    by: Actor,
    counter: int | None = None,
    details: Details | None = None,
    at: datetime | None = None,
) -> None:
    """Write what happened at a location, at one of its counters or beside them."""
    write(_happening(kind, by, at, counter=counter, details=details or {}), location)


def write(one: Happening, location: int) -> None:
    """A line in the log of its day, and a word to all who watch the location."""
    QueueEvent.objects.create(
        location_id=location,
        day=local_date(one.at),
        ticket_id=one.ticket,
        kind=one.kind,
        at=one.at,
        counter_id=one.counter,
        staff=one.staff,
        details=dict(one.details),
    )
    announce(queue_topic(location))


def _happening(kind: Deed, by: Actor, at: datetime | None, **known: Any) -> Happening:
    return Happening(kind, at or now(), staff=by.person if by.is_staff else None, **known)


def require_service(by: Actor, location: Location) -> None:
    """Raise `NotAllowed` unless they serve at this location."""
    by.require(SERVE, location.department_id)


def own_session(by: Actor, *, calling: bool = False) -> CounterSession:
    """The counter at which the clerk is, locked: two presses there come one after the other.

    Raises `CounterNotOpen`, `CounterPaused` where somebody is to be called, and `NotAllowed`.
    """
    rows = CounterSession.objects.select_related("counter__location")
    rows = rows.select_for_update(of=("self",))
    session = rows.filter(person_id=by.person, closed_at=None).first() if by.person else None
    if session is None:
        raise CounterNotOpen
    require_service(by, session.counter.location)
    if calling and session.paused_at is not None:
        raise CounterPaused
    return session


def locked_ticket(by: Actor, ticket: UUID) -> Ticket:
    """A ticket of today at a location where they serve, locked. Raises `UnknownTicket`."""
    rows = Ticket.objects.select_related("location").select_for_update(of=("self",))
    row = rows.filter(pk=ticket, day=today()).first()
    if row is None or not by.may(SERVE, row.location.department_id):
        raise UnknownTicket
    return row


def ticket_at(session: CounterSession, by: Actor, ticket: UUID) -> Ticket:
    """A ticket that is at this counter, locked.

    Raises `UnknownTicket`, `OtherCounter` where another counter has it, and `TicketMoved` where
    none has it.
    """
    row = locked_ticket(by, ticket)
    if row.state not in AT_COUNTER:
        raise TicketMoved
    if row.counter_id != session.counter_id:
        raise OtherCounter
    return row


def note_person(ticket: Ticket, *, by: Actor, did: str) -> None:
    """An audit entry for what staff did to somebody known by their booking; nobody else has one."""
    if ticket.booking_id is None or not by.is_staff or ticket.booking is None:
        return
    if ticket.booking.person_id is not None:
        record(by=by, did=did, on=ticket, about=[ticket.booking.person_id])
