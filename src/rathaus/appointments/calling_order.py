"""Who is called next at which counter: one rule for "next", the display and the wait estimate."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Turn(IntEnum):
    """The classes in which people are called, the first before the second and so on."""

    URGENT = 1
    PREFERRED = 2
    NORMAL = 3
    TOO_EARLY = 4


@dataclass(frozen=True)
class Punctuality:
    """What an office calls in time for an appointment.

    From `early` before it somebody has the right of an appointment, and who arrives more than
    `late` after it has lost that right.
    """

    early: timedelta
    late: timedelta


@dataclass(frozen=True)
class Waiting:
    """Somebody with a ticket. `offers` are the matters, `skills` what a counter needs for them.

    `number` grows with each ticket of a day and says who is first where all else is equal.
    """

    number: int
    offers: tuple[str, ...]
    arrived_at: datetime
    appointment_at: datetime | None = None
    turn: Turn = Turn.NORMAL
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FreeCounter:
    """A counter whose clerk has nobody, and since when."""

    name: str
    skills: frozenset[str]
    free_since: datetime


Place = tuple[Turn, datetime, int]


def place(person: Waiting, now: datetime, punctuality: Punctuality) -> Place:
    """Where somebody stands at `now`; the smallest place is called first.

    1. By class. Urgent people come before everybody. An appointment is preferred as soon as it is
       due, that is from `early` before its time, and comes together with preferred walk-ins. Then
       all other walk-ins. Somebody who is too early for an appointment comes last, and so is called
       only where a counter would stand idle. Who arrives later than `late` after the appointment is
       a walk-in.
    2. Within a class by time: that of the appointment where it counts, else of the arrival.
    3. Then by number.

    Nobody who was in time loses the right of the appointment by having to wait.
    """
    appointment_at = person.appointment_at
    if appointment_at is None or person.arrived_at > appointment_at + punctuality.late:
        return person.turn, person.arrived_at, person.number
    if person.turn is Turn.URGENT or now >= appointment_at - punctuality.early:
        return min(person.turn, Turn.PREFERRED), appointment_at, person.number
    return Turn.TOO_EARLY, appointment_at, person.number


def in_order(waiting: Iterable[Waiting], now: datetime, punctuality: Punctuality) -> list[Waiting]:
    """All who wait, in the order in which a counter with every skill would call them at `now`."""
    return sorted(waiting, key=lambda person: place(person, now, punctuality))


def next_for(
    skills: Collection[str], waiting: Iterable[Waiting], now: datetime, punctuality: Punctuality
) -> Waiting | None:
    """Whom a counter with these skills calls at `now`, or nobody.

    It passes over those whom it cannot serve, who keep their place.
    """
    able = [person for person in waiting if person.skills.issubset(skills)]
    return min(able, key=lambda person: place(person, now, punctuality), default=None)


def counter_for(person: Waiting, free: Sequence[FreeCounter]) -> FreeCounter | None:
    """Which of several free counters calls somebody: the one with the fewest skills.

    So the versatile stay free for others. Among equals it is the one that is free longest.
    """
    able = [counter for counter in free if person.skills <= counter.skills]
    return min(
        able,
        key=lambda counter: (len(counter.skills), counter.free_since, counter.name),
        default=None,
    )
