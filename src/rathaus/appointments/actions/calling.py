"""What a clerk does with the people who wait: call, serve, finish, and what else may happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from rathaus.appointments.actions import attending
from rathaus.appointments.actions.queue_rows import (
    happen,
    locked_ticket,
    note_person,
    own_session,
    ticket_at,
)
from rathaus.appointments.actions.tickets import let_leave
from rathaus.appointments.calling_order import place
from rathaus.appointments.channels import Kind
from rathaus.appointments.models import CounterSession, Ticket
from rathaus.appointments.queries.queue_settings import punctuality_of, settings_of
from rathaus.appointments.queries.tickets import WaitingTicket, waiting_tickets
from rathaus.appointments.queue_errors import (
    AnotherWasFaster,
    NobodyWaiting,
    OtherCounter,
    StillServing,
    TicketMoved,
    TooLateToUndo,
)
from rathaus.appointments.queue_replay import Deed
from rathaus.appointments.ticket_states import (
    AT_COUNTER,
    UNDO_WITHIN,
    TicketChannel,
    TicketState,
)
from rathaus.appointments.video_errors import WaitsInTheHouse
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.transaction import atomic

# Of those who may be called, the first whom nobody else is calling in this moment.
CLAIM = """
    SELECT id FROM appointments_ticket
    WHERE id = ANY (%(ids)s) AND state = 'waiting'
    ORDER BY array_position(%(ids)s, id) LIMIT 1
    FOR UPDATE SKIP LOCKED
"""
AT_ONCE = 64  # more clerks than press in the same moment
TRIES = 3


@atomic
def call_next(*, by: Actor) -> UUID:
    """Call whoever is next for the clerk's counter, and tell which ticket that is.

    Raises `CounterNotOpen`, `CounterPaused`, `StillServing`, `NobodyWaiting`, `AnotherWasFaster`.
    """
    session = own_session(by, calling=True)
    _require_nobody_at(session)
    ticket = _claimed(session)
    happen(ticket, Deed.CALLED, by=by, counter=session.counter_id)
    note_person(ticket, by=by, did="appointments.called")
    return ticket.pk


def _claimed(session: CounterSession) -> Ticket:
    for _ in range(TRIES):
        able = [one.ticket for one in callable_by(session)]
        if not able:
            raise NobodyWaiting
        for begin in range(0, len(able), AT_ONCE):
            with connection.cursor() as cursor:
                cursor.execute(CLAIM, {"ids": able[begin : begin + AT_ONCE]})
                row = cursor.fetchone()
            if row is not None:
                return Ticket.objects.select_related("location", "booking").get(pk=row[0])
    raise AnotherWasFaster


def callable_by(session: CounterSession) -> Sequence[WaitingTicket]:
    """Whom a counter can serve, in the order of `calling_order.next_for`."""
    location, skills, moment = session.counter.location, set(session.skills), now()
    punctuality = punctuality_of(settings_of(location))
    by_video = session.counter.kind == Kind.VIDEO
    waiting = waiting_tickets(location.pk, by_video=by_video)
    able = [one for one in waiting if one.person.skills <= skills]
    return sorted(able, key=lambda one: place(one.person, moment, punctuality))


@atomic
def call_ticket(*, by: Actor, ticket: UUID) -> None:
    """Call a parked or waiting number out of its turn.

    Somebody by video at any counter, somebody in the house only where they can go. Raises
    `CounterNotOpen`, `CounterPaused`, `StillServing`, `UnknownTicket`, `TicketMoved`,
    `WaitsInTheHouse`.
    """
    session = own_session(by, calling=True)
    _require_nobody_at(session)
    row = locked_ticket(by, ticket)
    if row.location_id != session.counter.location_id:
        raise OtherCounter
    if session.counter.kind == Kind.VIDEO and row.channel != TicketChannel.VIDEO:
        raise WaitsInTheHouse
    happen(row, Deed.CALLED, by=by, counter=session.counter_id)
    note_person(row, by=by, did="appointments.called")


@atomic
def recall(*, by: Actor, ticket: UUID) -> bool:
    """Call the same number again; False where it was called so often that it counts as missed.

    Raises `CounterNotOpen`, `UnknownTicket`, `OtherCounter`, `TicketMoved`.
    """
    session = own_session(by)
    row = ticket_at(session, by, ticket)
    if row.calls >= settings_of(row.location).most_calls and row.state == TicketState.CALLED:
        _miss(row, by)
        return False
    happen(row, Deed.RECALLED, by=by, counter=session.counter_id)
    note_person(row, by=by, did="appointments.recalled")
    return True


@atomic
def begin(*, by: Actor, ticket: UUID) -> None:
    """Whoever was called is at the counter."""
    session = own_session(by)
    row = ticket_at(session, by, ticket)
    happen(row, Deed.BEGAN, by=by, counter=session.counter_id)
    note_person(row, by=by, did="appointments.began")


@atomic
def finish_ticket(*, by: Actor, ticket: UUID) -> None:
    """The matter is done; whoever was called but not greeted counts as served from the call on."""
    session = own_session(by)
    finish_locked(ticket_at(session, by, ticket), by=by)


def finish_locked(row: Ticket, *, by: Actor, at: datetime | None = None) -> None:
    """The same for a ticket that is at a counter and locked, now or at a moment before."""
    counter = row.counter_id
    if row.state == TicketState.CALLED:
        happen(row, Deed.BEGAN, by=by, counter=counter, at=at)
    happen(row, Deed.FINISHED, by=by, counter=counter, at=at)
    if row.booking_id is not None:
        attending.finish(by=by, booking=row.booking_id)


@atomic
def reopen(*, by: Actor, ticket: UUID) -> None:
    """Take back a finish within two minutes, at the same counter.

    Raises `TooLateToUndo`, `StillServing` where the next one is at the counter already.
    """
    session = own_session(by)
    row = locked_ticket(by, ticket)
    if row.state != TicketState.FINISHED or row.ended_at is None:
        raise TicketMoved
    if row.counter_id != session.counter_id:
        raise OtherCounter
    if now() - row.ended_at > UNDO_WITHIN:
        raise TooLateToUndo
    _require_nobody_at(session)
    happen(row, Deed.REOPENED, by=by, counter=session.counter_id)
    note_person(row, by=by, did="appointments.reopened")


@atomic
def park(*, by: Actor, ticket: UUID, note: str = "") -> None:
    """Put somebody aside who fetches a photo, say; the number keeps its waiting time."""
    session = own_session(by)
    row = ticket_at(session, by, ticket)
    _keep_note(row, note)
    happen(row, Deed.PARKED, by=by, counter=session.counter_id)
    note_person(row, by=by, did="appointments.parked")


@atomic
def unpark(*, by: Actor, ticket: UUID) -> None:
    """Back into the queue, also for somebody who missed the call: with the old waiting time."""
    row = locked_ticket(by, ticket)
    happen(row, Deed.UNPARKED, by=by)
    note_person(row, by=by, did="appointments.unparked")


@atomic
def miss_ticket(*, by: Actor, ticket: UUID) -> None:
    """Nobody came to the call; the time of an appointment goes to the next."""
    row = locked_ticket(by, ticket)
    if row.state in AT_COUNTER:
        row = ticket_at(own_session(by), by, ticket)
    _miss(row, by)


@atomic
def let_go(*, by: Actor, ticket: UUID) -> None:
    """Somebody told a clerk that they leave."""
    row = locked_ticket(by, ticket)
    if row.state == TicketState.SERVING:
        raise TicketMoved
    let_leave(row, by=by)


def _miss(row: Ticket, by: Actor) -> None:
    happen(row, Deed.MISSED, by=by, counter=row.counter_id)
    if row.booking_id is not None:
        attending.miss(by=by, booking=row.booking_id)


def _keep_note(row: Ticket, note: str) -> None:
    if note:
        row.note = note[:200]
        row.save(update_fields=["note"])


def _require_nobody_at(session: CounterSession) -> None:
    """The row of the session is locked, so that nobody comes in between."""
    held = Ticket.objects.filter(
        counter_id=session.counter_id, day=today(), state__in=sorted(AT_COUNTER)
    )
    if held.exists():
        raise StillServing
