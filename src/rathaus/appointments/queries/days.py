"""The days of a month with what is free, as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rathaus.appointments.queries.free import Wanted, free_slots, next_free
from rathaus.core.calendar import add_months
from rathaus.core.clock import local_date, now, today

MOST_MONTHS = 14


@dataclass(frozen=True)
class FreeDay:
    """A day with free times."""

    day: date
    count: int


@dataclass(frozen=True)
class Month:
    """What is free in a month: its days, the times of the chosen one, the very first of all."""

    first: date
    days: Sequence[FreeDay]
    chosen: date | None
    times: Sequence[datetime]
    earliest: datetime | None
    previous: date | None
    following: date | None


def month_of(wanted: Wanted, *, month: date | None, day: date | None) -> Month:
    """The month that is asked for, else the one of the day, else that of the first free time.

    Raises like `free_slots`.
    """
    soonest = next_free(wanted, now(), count=1, within=400)
    earliest = soonest[0].begins_at if soonest else None
    start = (month or day or (local_date(earliest) if earliest else today())).replace(day=1)
    start = min(max(start, today().replace(day=1)), add_months(today(), MOST_MONTHS).replace(day=1))
    last = add_months(start, 1) - timedelta(days=1)
    by_day = free_slots(wanted, first=max(start, today()), last=last).by_day()
    return Month(
        first=start,
        days=[FreeDay(found, len(times)) for found, times in by_day.items()],
        chosen=day if day and start <= day <= last else None,
        times=by_day.get(day, ()) if day else (),
        earliest=earliest,
        previous=add_months(start, -1) if start > today() else None,
        following=add_months(start, 1) if start < add_months(today(), MOST_MONTHS - 1) else None,
    )
