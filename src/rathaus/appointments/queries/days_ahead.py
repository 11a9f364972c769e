"""The free times of a week, as a clerk reads them out to somebody on the telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rathaus.appointments.opening import midnight, minute_of, moment_of
from rathaus.appointments.queries.days import MOST_MONTHS
from rathaus.appointments.queries.free import Wanted, free_slots, next_free
from rathaus.appointments.thinning import first_of_each_half_hour
from rathaus.core.calendar import add_months
from rathaus.core.clock import local_date, now, today

WEEK = timedelta(days=7)
FARTHEST = 400  # days


@dataclass(frozen=True)
class DayAhead:
    """A day with free times; `more` is how many there are that are not named."""

    day: date
    times: Sequence[datetime]
    more: int


@dataclass(frozen=True)
class DaysAhead:
    """Seven days from the first one, with their free times; `next_day` is the first day with any
    where these have none. `earlier` and `later` are the first days of the weeks around, if
    something can be free there.
    """

    first: date
    last: date
    days: Sequence[DayAhead]
    next_day: date | None
    earlier: date | None
    later: date | None


def days_ahead(wanted: Wanted, *, since: date | None, whole: date | None = None) -> DaysAhead:
    """The week from the day `since`, else from the first day with a free time; of the day `whole`
    every time, of the others the first in each half hour.

    Raises like `free_slots`.
    """
    soonest = next_day(wanted, today()) or today()
    farthest = add_months(today(), MOST_MONTHS)
    first = min(max(since or soonest, today()), farthest)
    last = first + WEEK - timedelta(days=1)
    by_day = free_slots(wanted, first=first, last=last).by_day()
    days = [_day(day, times, whole=day == whole) for day, times in by_day.items()]
    return DaysAhead(
        first=first,
        last=last,
        days=days,
        next_day=None if days else next_day(wanted, first),
        earlier=max(first - WEEK, soonest) if first > soonest else None,
        later=first + WEEK if first < farthest else None,
    )


def is_free(wanted: Wanted, begins_at: datetime) -> bool:
    """Whether the time is among the free ones. Raises like `free_slots`."""
    day = local_date(begins_at)
    return bool(free_slots(wanted, first=day, last=day).counters_at(minute_of(begins_at)))


def next_day(wanted: Wanted, since: date) -> date | None:
    """The first day from that one on which something is free."""
    after = max(moment_of(midnight(since)), now())
    found = next_free(wanted, after, count=1, within=FARTHEST)
    return local_date(found[0].begins_at) if found else None


def _day(day: date, times: Sequence[datetime], *, whole: bool) -> DayAhead:
    shown = times if whole else first_of_each_half_hour(times)
    return DayAhead(day, shown, len(times) - len(shown))
