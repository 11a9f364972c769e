"""The wait estimate of the peer, for comparison: average handling time × people ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

from rathaus.appointments.calling_order import Turn, Waiting
from rathaus.appointments.queue_state import Expected, QueueState

_OPTIMISM = 0.8
_HEAD_START = timedelta(minutes=2)
Person = Waiting | Expected


@dataclass(frozen=True)
class AverageWait:
    """The two numbers that the peer shows: in whole minutes."""

    estimate: timedelta
    optimistic: timedelta


def average_rule(
    state: QueueState, average: timedelta, clerks: int, now: datetime, person: Waiting
) -> AverageWait:
    """What ZMS (it-at-m/eappointment, Zmsentities/Collection/QueueList.php) tells somebody.

    A slot is the one average handling time of the office, divided by the clerks at work. Everybody
    who waits and every appointment of the rest of the day is put into one list, and whoever has n
    people before gets an `estimate` of n + 1 slots and is told `optimistic` 0.8 slots for each of
    the n, but for as many people as there are clerks, less one. Both are cut to whole minutes.

    The list: walk-ins of priority 1; then, while slot after slot passes, starting two minutes from
    now, each appointment whose time has come (before it a walk-in of priority 2 who came before
    that time); then walk-ins by priority and arrival. An appointment whose time has not come when
    its place in the list would be called gets the minutes counted so far, plus one, and the
    minutes to its time. Who is served, since when, with which matter, by whom, skills, closing
    times, no-shows and people who leave play no part.
    """
    slot = average / max(clerks, 1)
    steps = _steps_before(state, slot, now, person)
    skipped = max(steps - max(clerks - 1, 0), 0)
    optimistic = slot * _OPTIMISM * skipped
    appointment_at = person.appointment_at
    if appointment_at is not None and now + optimistic < appointment_at:
        counted = _minutes(_HEAD_START + slot * steps, up=True) if steps else timedelta(0)
        return AverageWait(counted + timedelta(minutes=1), _minutes(appointment_at - now))
    return AverageWait(_minutes(slot * (steps + 1)), _minutes(optimistic))


def _steps_before(state: QueueState, slot: timedelta, now: datetime, person: Waiting) -> int:
    """How many slots pass before somebody's turn in the list, some of them perhaps empty."""
    others = [one for one in state.waiting if one.number != person.number]
    everybody: list[Person] = [*others, *state.expected, person]
    booked = sorted((one for one in everybody if one.appointment_at is not None), key=_place)
    walk_ins: list[Person] = [one for one in everybody if one.appointment_at is None]
    walk_ins.sort(key=_place)
    moment, steps = now + _HEAD_START, 0
    while True:
        called = _next(walk_ins, booked, moment)
        if called is not None and called[0].number == person.number:
            return steps
        if called is not None:
            called.pop(0)
        moment += slot
        steps += 1


def _next(walk_ins: list[Person], booked: list[Person], moment: datetime) -> list[Person] | None:
    """The list whose first comes next; neither, where an appointment's time has not come."""
    if booked and not _goes_first(walk_ins, booked[0], moment):
        return booked if moment >= _counted_from(booked[0]) else None
    return walk_ins


def _goes_first(walk_ins: Sequence[Person], booked: Person, moment: datetime) -> bool:
    """Whether the first walk-in is called before the next appointment."""
    if not walk_ins:
        return False
    first, at = walk_ins[0], _counted_from(booked)
    if first.turn is Turn.URGENT or moment < at:
        return True
    return first.turn is Turn.PREFERRED and _counted_from(first) < at


def _place(one: Person) -> tuple[int, datetime, int]:
    preferred = one.appointment_at is not None and one.turn is Turn.NORMAL
    return (Turn.PREFERRED if preferred else one.turn), _counted_from(one), one.number


def _counted_from(one: Person) -> datetime:
    if isinstance(one, Expected):
        return one.appointment_at
    return one.appointment_at or one.arrived_at


def _minutes(time: timedelta, *, up: bool = False) -> timedelta:
    whole = floor(time / timedelta(minutes=1))
    return timedelta(minutes=whole + (up and timedelta(minutes=whole) < time))
