"""Rows that come back every week: what was stays as it was, a change holds from a day on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TypeVar

from rathaus.appointments.models import Duty, OpeningHours
from rathaus.appointments.opening import Weekly, minutes_after_midnight
from rathaus.appointments.planning_errors import (
    BeginsInThePast,
    EndsBeforeItBegins,
    LastBeforeFirst,
    NeverComes,
    OverAlready,
)
from rathaus.appointments.weekly_hours import clash, ever_comes
from rathaus.core.clock import today

Row = TypeVar("Row", OpeningHours, Duty)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Times:
    """By the clock on the wall, from which day on and, perhaps, until which."""

    starts: time
    ends: time
    valid_from: date
    valid_until: date | None = None

    def on(self, weekday: int) -> Weekly:
        """As hours of one weekday."""
        return Weekly(
            weekday,
            minutes_after_midnight(self.starts),
            minutes_after_midnight(self.ends),
            self.valid_from,
            self.valid_until,
        )


def check_times(times: Times, weekdays: Iterable[int]) -> None:
    """Raise `EndsBeforeItBegins`, `LastBeforeFirst`, `OverAlready`, `NeverComes`."""
    if times.ends <= times.starts:
        raise EndsBeforeItBegins
    if times.valid_until is not None and times.valid_until < times.valid_from:
        raise LastBeforeFirst
    if times.valid_until is not None and times.valid_until < today():
        raise OverAlready
    if not all(ever_comes(times.on(weekday)) for weekday in weekdays):
        raise NeverComes


def clashes(weekly: Weekly, others: Iterable[Weekly]) -> bool:
    """Whether it overlaps with any of the others."""
    return any(clash(weekly, other) for other in others)


def weekly_of(row: OpeningHours | Duty) -> Weekly:
    """A row as hours of its weekday."""
    starts, ends = (
        (row.opens, row.closes) if isinstance(row, OpeningHours) else (row.starts, row.ends)
    )
    return Times(starts, ends, row.valid_from, row.valid_until).on(row.weekday)


def to_fill_in(row: Row, times: Times, *, only_ends: bool) -> tuple[Row, Times]:
    """The row that gets the new times, and the times that it gets.

    The row itself where nothing of it was ever so, or where it just ends on another day; else a new
    one that takes over from `times.valid_from` on, while the old one ends the day before.

    Raises `BeginsInThePast` for a change of what was, `OverAlready` for what is over.
    """
    if row.valid_until is not None and row.valid_until < today():
        raise OverAlready
    if only_ends and row.valid_from < today():
        return row, replace(times, valid_from=row.valid_from)
    if times.valid_from < today():
        raise BeginsInThePast
    if row.valid_from >= today():
        return row, times
    before = times.valid_from - ONE_DAY
    row.valid_until = before if row.valid_until is None else min(row.valid_until, before)
    row.save(update_fields=["valid_until"])
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{**values, "id": None}), times


def end_row(row: OpeningHours | Duty, last: date) -> None:
    """Let the row hold until that day; one that has not begun by then is gone.

    Raises `BeginsInThePast` for a day before yesterday.
    """
    if last < today() - ONE_DAY:
        raise OverAlready
    if last < row.valid_from:
        row.delete()
        return
    row.valid_until = last
    row.save(update_fields=["valid_until"])
