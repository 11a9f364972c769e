"""Where somebody could be served at a wanted time, as the plan says; who has it, taking it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rathaus.appointments.errors import (
    ClosedThatDay,
    InThePast,
    TimeNotOffered,
    TooFarAhead,
    UnknownLocation,
)
from rathaus.appointments.models import Booking
from rathaus.appointments.needs import Need
from rathaus.appointments.opening import day_of, minute_of, moment_of
from rathaus.appointments.queries.free import Wanted, bookable, need_in
from rathaus.appointments.queries.timetables import (
    Period,
    Plan,
    is_newest,
    known_plan,
)
from rathaus.appointments.spans import Span
from rathaus.core.clock import now
from rathaus.core.errors import DomainError


@dataclass(frozen=True)
class Chance:
    """Where one could be served at the wanted time: the plan, the need, and counters to try."""

    plan: Plan
    need: Need
    begins_at: datetime
    counters: Sequence[int]


def chance_for(wanted: Wanted, begins_at: datetime, whose: str) -> Chance:
    """The counters that serve at that time; which is free, taking it says.

    `whose` is hexadecimal: people are sent to different counters first. Raises one of
    `TimeNotOffered`, and like `free_slots`.
    """
    day = day_of(minute_of(begins_at))
    period = Period(day, day, now(), wanted.moving)
    plan = known_plan(wanted.location, wanted.offers, period)
    if plan is None:
        raise UnknownLocation
    try:
        return _chance_in(plan, wanted, begins_at, whose, period)
    except DomainError:
        if is_newest(plan):
            raise
        return chance_for(wanted, begins_at, whose)


def placed(booking: Booking, chance: Chance) -> Booking:
    """The booking with the time of the chance."""
    booking.location_id = chance.plan.location
    booking.begins_at = chance.begins_at
    booking.ends_at = chance.begins_at + timedelta(minutes=chance.need.minutes)
    booking.frees_at = chance.begins_at + timedelta(minutes=chance.need.whole_minutes)
    return booking


def _chance_in(
    plan: Plan, wanted: Wanted, begins_at: datetime, whose: str, period: Period
) -> Chance:
    minute = minute_of(begins_at)
    need = need_in(plan, wanted)
    earliest, latest = bookable(need, period.at)
    if minute < earliest:
        raise InThePast
    if minute >= latest:
        raise TooFarAhead
    served = plan.served_on(need, wanted.channel, period.first)
    counters = _with_room(served, minute, need.whole_minutes)
    if counters:
        first = int(whose[:8] or "0", 16) % len(counters)
        return Chance(plan, need, moment_of(minute), counters[first:] + counters[:first])
    if not any(served.values()):
        raise ClosedThatDay
    raise TimeNotOffered


def _with_room(served: Mapping[int, Sequence[Span]], minute: int, whole: int) -> list[int]:
    return [
        counter
        for counter, spans in served.items()
        if any(begin <= minute and minute + whole <= end for begin, end in spans)
    ]
