"""Until when an office must decide, a citizen must answer, a remedy may be sought (AVG, BAO)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from rathaus.core.calendar import (
    add_months,
    add_working_days,
    excluded_because,
    next_day_not_excluded,
)


class Unit(StrEnum):
    """In what a period is counted."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"


class Level(IntEnum):
    """The rungs of the warning ladder."""

    ON_TIME = 0
    SOON = 1
    URGENT = 2
    OVERDUE = 3


@dataclass(frozen=True)
class Period:
    """A length of time as a law names it; `basis` is that law (`§ 73 Abs. 1 AVG`)."""

    count: int
    unit: Unit
    basis: str = ""

    @property
    def start_by(self) -> str:
        """The law by which the day of the event is not counted."""
        return "§ 108 BAO" if self._is_of_taxes else "§ 32 AVG"

    @property
    def end_by(self) -> str:
        """The law by which the end moves on from a day on which nothing can end."""
        return "§ 108 Abs. 3 BAO" if self._is_of_taxes else "§ 33 Abs. 2 AVG"

    @property
    def _is_of_taxes(self) -> bool:
        return self.basis.endswith("BAO")


@dataclass(frozen=True, order=True)
class Pause:
    """A time that is not counted, from the day the clock stops to the day it runs again."""

    start: date
    end: date


@dataclass(frozen=True)
class Ladder:
    """How many days before the last day a deadline turns `soon` and `urgent`."""

    soon: int
    urgent: int


@dataclass(frozen=True)
class LadderShares:
    """Which part of a period is `soon` and `urgent`: 3 is the last third, 10 the last tenth.

    However short the period, it is soon at least `least_soon` days before its end, and so on.
    """

    soon: int
    urgent: int
    least_soon: int
    least_urgent: int


@dataclass(frozen=True)
class ExcludedDay:
    """A day on which the deadline would have ended but cannot, and why (in German and English)."""

    day: date
    reason: Mapping[str, str]


@dataclass(frozen=True)
class Computation:
    """A deadline with every step of its computation, so that clerk and citizen can follow it."""

    started_on: date
    period: Period
    counted_to: date
    paused_days: int
    moved_over: tuple[ExcludedDay, ...]
    last_day: date


def compute(
    started_on: date,
    period: Period,
    pauses: Sequence[Pause] = (),
    federal_state: str = "",
) -> Computation:
    """The last day of a period that an event on `started_on` sets running.

    The day of the event is not counted, and a month ends on the day of the same number or on its
    last day (§ 32 AVG). Days of a pause are added, each day once. An end on a Saturday, Sunday,
    statutory holiday, Good Friday or 24 December moves on to the next other day (§ 33 Abs. 2 AVG).
    In matters of taxes § 108 BAO says the same.
    `federal_state` matters for working days only.
    """
    counted_to = _count(started_on, period, federal_state)
    paused_days = _paused_days(started_on, counted_to, pauses)
    nominal_end = counted_to + timedelta(days=paused_days)
    last_day = next_day_not_excluded(nominal_end)
    return Computation(
        started_on=started_on,
        period=period,
        counted_to=counted_to,
        paused_days=paused_days,
        moved_over=tuple(_excluded_days(nominal_end, last_day)),
        last_day=last_day,
    )


def last_day(started_on: date, period: Period, federal_state: str = "") -> date:
    """The last day of a period without pauses: for correction orders and legal remedies."""
    return compute(started_on, period, (), federal_state).last_day


def ladder_for(period: Period, shares: LadderShares) -> Ladder:
    """The ladder of a period, which has more days the longer the period is."""
    days = _days_of(period)
    return Ladder(
        soon=max(days // shares.soon, shares.least_soon),
        urgent=max(days // shares.urgent, shares.least_urgent),
    )


class DayOutOfBounds(ValueError):
    """A day that somebody chose lies before `earliest` or after `latest`."""

    def __init__(self, earliest: date, latest: date) -> None:
        super().__init__(f"choose a day from {earliest} to {latest}")
        self.earliest = earliest
        self.latest = latest


def chosen_day(wanted: date, earliest: date, latest: date) -> date:
    """The day on which a time set by somebody ends: moved on where none can (§ 33 Abs. 2 AVG).

    Raises `DayOutOfBounds`.
    """
    if not earliest <= wanted <= latest:
        raise DayOutOfBounds(earliest, latest)
    return next_day_not_excluded(wanted)


def warning_level(due_on: date, today: date, ladder: Ladder) -> Level:
    """How urgent a deadline is on a day; on its last day it is not overdue yet."""
    days_left = (due_on - today).days
    if days_left < 0:
        return Level.OVERDUE
    if days_left <= ladder.urgent:
        return Level.URGENT
    return Level.SOON if days_left <= ladder.soon else Level.ON_TIME


def _count(started_on: date, period: Period, federal_state: str) -> date:
    if period.unit is Unit.MONTHS:
        return add_months(started_on, period.count)
    if period.unit is Unit.WORKING_DAYS:
        return add_working_days(started_on, period.count, federal_state)
    days_each = 7 if period.unit is Unit.WEEKS else 1
    return started_on + timedelta(days=days_each * period.count)


def _days_of(period: Period) -> int:
    """How many days a period has, more or less: five working days are a week, a month thirty."""
    if period.unit is Unit.WORKING_DAYS:
        return period.count * 7 // 5
    days_each = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 30}
    return period.count * days_each[period.unit]


def _paused_days(started_on: date, counted_to: date, pauses: Iterable[Pause]) -> int:
    """Days of all pauses together that began while the deadline was still running."""
    total, seen_to = 0, started_on
    for pause in sorted(pauses):
        start = max(pause.start, seen_to)
        if start > next_day_not_excluded(counted_to + timedelta(days=total)):
            break
        seen_to = max(start, pause.end)
        total += (seen_to - start).days
    return total


def _excluded_days(first: date, last_day: date) -> Iterable[ExcludedDay]:
    for number in range((last_day - first).days):
        day = first + timedelta(days=number)
        if reason := excluded_because(day):
            yield ExcludedDay(day, reason)
