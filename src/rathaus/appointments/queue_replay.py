"""What the log of a queue means: folding it gives every ticket and every counter as they are.

Actions change a ticket by the same function, so that log and tables cannot differ.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from rathaus.appointments.calling_order import Turn, Waiting
from rathaus.appointments.queue_log import Visit
from rathaus.appointments.ticket_states import TicketState, may_become


class Deed(StrEnum):
    """What can happen to a ticket, and at a counter."""

    DRAWN = "drawn"
    CALLED = "called"
    RECALLED = "recalled"
    BEGAN = "began"
    FINISHED = "finished"
    REOPENED = "reopened"
    PARKED = "parked"
    UNPARKED = "unparked"
    FORWARDED = "forwarded"
    SENT_AWAY = "sent_away"
    MISSED = "missed"
    LEFT = "left"
    OPENED = "opened"
    PAUSED = "paused"
    RESUMED = "resumed"
    CLOSED = "closed"
    HELP_CALLED = "help_called"
    HELP_CAME = "help_came"
    HELP_CLOSED = "help_closed"


class MoveRefused(ValueError):
    """This cannot happen to a ticket in that state."""


@dataclass(frozen=True)
class Happening:
    """One line of the log. `details` are plain values of JSON."""

    kind: Deed
    at: datetime
    ticket: UUID | None = None
    counter: int | None = None
    staff: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Position:
    """All that the log says of a ticket. `ended_at` is when it was finished, missed or left."""

    rank: int
    state: TicketState
    offers: tuple[str, ...]
    skills: frozenset[str]
    arrived_at: datetime
    turn: Turn = Turn.NORMAL
    appointment_at: datetime | None = None
    calls: int = 0
    counter: int | None = None
    clerk: UUID | None = None
    called_at: datetime | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None

    def waiting(self) -> Waiting:
        """The same for the rule of who is called next."""
        return Waiting(
            self.rank, self.offers, self.arrived_at, self.appointment_at, self.turn, self.skills
        )

    def visit(self) -> Visit:
        """The same as a visit of a past day."""
        ended = {self.state: self.ended_at}
        return Visit(
            self.offers,
            self.arrived_at,
            self.appointment_at,
            self.turn,
            counter="" if self.counter is None else str(self.counter),
            clerk="" if self.clerk is None else str(self.clerk),
            called_at=self.called_at,
            began_at=self.began_at,
            finished_at=ended.get(TicketState.FINISHED),
            missed_at=ended.get(TicketState.MISSED),
            left_at=ended.get(TicketState.LEFT),
        )


@dataclass(frozen=True)
class Desk:
    """Who is at a counter; `paused` while nobody is called there."""

    clerk: UUID
    skills: frozenset[str]
    paused: bool = False


@dataclass(frozen=True)
class Replayed:
    """Tickets by their id, and the counters at which somebody is, by theirs."""

    tickets: Mapping[UUID, Position]
    desks: Mapping[int, Desk]


def replayed(log: Iterable[Happening]) -> Replayed:
    """Fold the log of one place and day, in its order. Raises `MoveRefused`."""
    tickets: dict[UUID, Position] = {}
    desks: dict[int, Desk] = {}
    for one in log:
        if one.ticket is not None:
            tickets[one.ticket] = after(tickets.get(one.ticket), one)
        elif one.counter is not None:
            desk = desk_after(desks.pop(one.counter, None), one)
            if desk is not None:
                desks[one.counter] = desk
    return Replayed(tickets, desks)


def drawn(one: Happening) -> Position:
    """A fresh ticket, from the details of its drawing."""
    known = one.details
    return Position(
        rank=known["rank"],
        state=TicketState.WAITING,
        offers=tuple(known["offers"]),
        skills=frozenset(known["skills"]),
        arrived_at=datetime.fromisoformat(known["arrived_at"]),
        turn=Turn(known["turn"]),
        appointment_at=_moment(known.get("appointment_at")),
    )


def after(before: Position | None, one: Happening) -> Position:
    """Where a ticket stands after something happened to it. Raises `MoveRefused`."""
    if before is None:
        if one.kind is not Deed.DRAWN:
            raise MoveRefused(one.kind)
        return drawn(one)
    change = CHANGES.get(one.kind)
    if change is None:
        raise MoveRefused(one.kind)
    found = change(before, one)
    if not may_become(before.state, found.state):
        raise MoveRefused(f"{before.state}: {one.kind}")
    return found


def desk_after(before: Desk | None, one: Happening) -> Desk | None:
    """Who is at a counter after something happened there; nobody after it was closed."""
    if one.kind is Deed.OPENED and one.staff is not None:
        return Desk(one.staff, frozenset(one.details["skills"]))
    if before is None or one.kind is Deed.CLOSED:
        return None
    if one.kind in (Deed.PAUSED, Deed.RESUMED):
        return replace(before, paused=one.kind is Deed.PAUSED)
    return before


Change = Callable[[Position, Happening], Position]


def _called(before: Position, one: Happening) -> Position:
    if before.state is TicketState.CALLED:
        raise MoveRefused("somebody has called already")
    return replace(
        before,
        state=TicketState.CALLED,
        calls=before.calls + 1,
        counter=one.counter,
        clerk=one.staff,
        called_at=one.at,
        began_at=None,
    )


def _recalled(before: Position, one: Happening) -> Position:
    if before.state is not TicketState.CALLED:
        raise MoveRefused("nobody has called")
    return replace(before, calls=before.calls + 1)


def _began(before: Position, one: Happening) -> Position:
    if before.state is not TicketState.CALLED:
        raise MoveRefused("nobody has called")
    return replace(before, state=TicketState.SERVING, began_at=one.at)


def _reopened(before: Position, one: Happening) -> Position:
    if before.state is not TicketState.FINISHED or before.began_at is None:
        raise MoveRefused("it was not served")
    return replace(before, state=TicketState.SERVING, ended_at=None)


def _parked(before: Position, one: Happening) -> Position:
    return replace(before, state=TicketState.PARKED)


def _unparked(before: Position, one: Happening) -> Position:
    """Back in the queue, with the waiting time from before."""
    if before.state not in (TicketState.PARKED, TicketState.MISSED):
        raise MoveRefused("it is not parked")
    return _back_in_the_queue(before)


def _forwarded(before: Position, one: Happening) -> Position:
    """Another matter, the same waiting time."""
    offers, skills = tuple(one.details["offers"]), frozenset(one.details["skills"])
    return replace(_back_in_the_queue(before), offers=offers, skills=skills)


def _back_in_the_queue(before: Position) -> Position:
    return replace(
        before,
        state=TicketState.WAITING,
        calls=0,
        counter=None,
        clerk=None,
        called_at=None,
        began_at=None,
        ended_at=None,
    )


def _ending(state: TicketState) -> Change:
    def end(before: Position, one: Happening) -> Position:
        return replace(before, state=state, ended_at=one.at)

    return end


CHANGES: Mapping[Deed, Change] = {
    Deed.CALLED: _called,
    Deed.RECALLED: _recalled,
    Deed.BEGAN: _began,
    Deed.FINISHED: _ending(TicketState.FINISHED),
    Deed.SENT_AWAY: _ending(TicketState.FINISHED),
    Deed.REOPENED: _reopened,
    Deed.PARKED: _parked,
    Deed.UNPARKED: _unparked,
    Deed.FORWARDED: _forwarded,
    Deed.MISSED: _ending(TicketState.MISSED),
    Deed.LEFT: _ending(TicketState.LEFT),
}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
