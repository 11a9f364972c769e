"""Free times: all of them for weeks, the days of a month, or the next few after a refusal."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from rathaus.appointments.errors import (
    NextFree,
    NotTogetherInOne,
    TooManyAtOnce,
    UnknownLocation,
    UnknownOffer,
)
from rathaus.appointments.models import Booking
from rathaus.appointments.needs import Need, NotTogether, TooManyPersons, Wish, need_of
from rathaus.appointments.opening import day_of, days_between, midnight, minute_of, moment_of
from rathaus.appointments.queries.timetables import Period, Picture, Plan, read_picture
from rathaus.appointments.spans import Span
from rathaus.appointments.stretches import remaining, steps_within
from rathaus.core.clock import now

NEXT_FREE = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class FreeSlots:
    """The starts at each counter of a location that has any, in minutes as `opening` counts."""

    location: str
    need: Need
    by_counter: Mapping[int, Sequence[int]]

    def starts(self) -> list[int]:
        """Every start at which at least one counter is free, in order."""
        return sorted(set().union(*self.by_counter.values()))

    def moments(self) -> list[datetime]:
        """The same as moments in UTC."""
        return [moment_of(minute) for minute in self.starts()]

    def by_day(self) -> dict[date, list[datetime]]:
        """The same by their day in Vienna."""
        days: dict[date, list[datetime]] = {}
        for minute in self.starts():
            days.setdefault(day_of(minute), []).append(moment_of(minute))
        return days

    def next(self, after: datetime, count: int) -> list[NextFree]:
        """The first so many starts at or after a moment."""
        begin = minute_of(after)
        found = [minute for minute in self.starts() if minute >= begin][:count]
        return [NextFree(self.location, moment_of(minute)) for minute in found]

    def counters_at(self, minute: int) -> list[int]:
        """The counters that are free at a start."""
        return [counter for counter, starts in self.by_counter.items() if minute in starts]


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: all that a location's free times depend on but its data."""

    location: str
    wishes: Sequence[Wish]
    channel: str = "online"
    kind: str = ""
    moving: UUID | None = None  # this booking gives its own time back

    @property
    def offers(self) -> list[str]:
        """The offers by name."""
        return [wish.offer for wish in self.wishes]


def free_slots(wanted: Wanted, *, first: date, last: date) -> FreeSlots:
    """Every start from the day `first` to the day `last`, in one statement.

    Raises `UnknownLocation`, `UnknownOffer`, `NotTogetherInOne`, `TooManyAtOnce`.
    """
    period = Period(first, last, now(), wanted.moving)
    picture = read_picture(wanted.location, wanted.offers, period)
    if picture is None:
        raise UnknownLocation
    return free_in(picture, wanted, period)


def need_in(plan: Plan, wanted: Wanted) -> Need:
    """What the wishes need. Raises `UnknownOffer`, `NotTogetherInOne`, `TooManyAtOnce`."""
    try:
        return need_of(wanted.wishes, plan.terms, kind=wanted.kind)
    except KeyError as error:
        raise UnknownOffer from error
    except NotTogether as error:
        raise NotTogetherInOne from error
    except TooManyPersons as error:
        raise TooManyAtOnce from error


def free_in(picture: Picture, wanted: Wanted, period: Period) -> FreeSlots:
    """The free starts of a location that has been read already."""
    plan, channel = picture.plan, wanted.channel
    need = need_in(plan, wanted)
    free = remaining(plan.served_stretches(need, channel), picture.taken)
    earliest, latest = bookable(need, period.at)
    found = steps_within(free, need.whole_minutes, need.step_minutes, earliest, latest)
    spent = _days_spent(picture, need, channel, found) if channel in plan.quotas else []
    return FreeSlots(wanted.location, need, _without_days(found, spent) if spent else found)


def _days_spent(
    picture: Picture, need: Need, channel: str, found: Mapping[int, Sequence[int]]
) -> list[date]:
    """The days among those found of which the channel may not have as much as such an appointment
    takes: too much is given away, or its share is too small from the start.
    """
    if not found:
        return []
    first = min(minutes[0] for minutes in found.values())
    last = max(minutes[-1] for minutes in found.values())
    return [
        day
        for day in days_between(day_of(first), day_of(last))
        if picture.used.get(day, {}).get(channel, 0) + need.whole_minutes
        > picture.plan.minutes_allowed(channel, day)
    ]


def _without_days(
    found: Mapping[int, Sequence[int]], spent: Sequence[date]
) -> dict[int, Sequence[int]]:
    away = [(midnight(day), midnight(day + ONE_DAY)) for day in spent]
    left = {counter: _outside(minutes, away) for counter, minutes in found.items()}
    return {counter: minutes for counter, minutes in left.items() if minutes}


def _outside(minutes: Sequence[int], spans: Sequence[Span]) -> list[int]:
    """What of these lies in none of the spans; both in order."""
    left: list[int] = []
    since = 0
    for begin, end in spans:
        left += minutes[since : bisect_left(minutes, begin)]
        since = bisect_left(minutes, end)
    return [*left, *minutes[since:]]


def bookable(need: Need, moment: datetime) -> tuple[int, int]:
    """The first minute at which somebody may still come, and the first that is too far ahead."""
    at = minute_of(moment)
    last = day_of(at) + timedelta(days=need.horizon_days)
    return at + need.lead_minutes + 1, midnight(last + ONE_DAY)


def next_free(
    wanted: Wanted, after: datetime, *, count: int = NEXT_FREE, within: int = 28
) -> list[NextFree]:
    """The next starts at or after a moment, the nearest first.

    Looks at that day, then at the week, then at `within` days: most are told after one look.
    """
    day = max(day_of(minute_of(after)), day_of(minute_of(now())))
    found: list[NextFree] = []
    since = day
    for days in dict.fromkeys((0, min(7, within), within)):
        last = day + timedelta(days=days)
        slots = free_slots(wanted, first=since, last=last)
        found += slots.next(after, count - len(found))
        if len(found) >= count:
            break
        since = last + ONE_DAY
    return found


def earliest_of(several: Iterable[Wanted], after: datetime) -> NextFree | None:
    """The very first start in any of several locations."""
    found = [slot for wanted in several for slot in next_free(wanted, after, count=1)]
    return min(found, key=lambda slot: slot.begins_at, default=None)


def wanted_again(row: Booking, location: str = "") -> Wanted:
    """What the booking's owner looks for when they look for another time."""
    return Wanted(
        location=location or row.location.slug,
        wishes=tuple(Wish(wish["offer"], wish["persons"]) for wish in row.chosen),
        channel=row.channel,
        kind=row.counter.kind,
        moving=row.pk,
    )
