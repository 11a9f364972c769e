"""Levies that come back each year: what one costs in a year, on which days it is due, and when its
claims are raised. What a city levies is dated data, see `levy_kinds.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rathaus.core.calendar import next_day_not_excluded
from rathaus.core.dated import Dated, in_force
from rathaus.payments.due_dates import PaymentTerm, due_date
from rathaus.payments.instalments import split

MONTHS = 12
LEAP_DAY = (2, 29)
YearlyDay = tuple[int, int]
"""A month and a day of it."""


class YearShare(StrEnum):
    """What is owed for a year in which a levy begins or ends."""

    FULL = "full"
    MONTHS = "months"


@dataclass(frozen=True)
class LevyRules:
    """All that the data says about one rate of one levy; amounts in cents a year.

    Claims are raised `lead_days` before the first day on which something is due.
    """

    amounts: Sequence[Dated[int]]
    due: Sequence[Dated[Sequence[YearlyDay]]]
    first_year: Sequence[Dated[YearShare]]
    last_year: Sequence[Dated[YearShare]]
    lead_days: int


@dataclass(frozen=True)
class Exemption:
    """Years for which nothing is owed; `last_year` is empty where no end is known."""

    first_year: int
    last_year: int | None = None

    def covers(self, year: int) -> bool:
        """Whether nothing is owed for that year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


@dataclass(frozen=True)
class Span:
    """From when until when a levy is owed; `ends_on` is its last day, empty where it goes on."""

    begins_on: date
    ends_on: date | None = None

    def touches(self, year: int) -> bool:
        """Whether at least one day of it lies in that year."""
        return self.begins_on.year <= year and (self.ends_on is None or year <= self.ends_on.year)


def yearly_amount(year: int, span: Span, rules: LevyRules) -> int:
    """Cents for a whole year, at the tariff in force on its first day, or when the levy begins.

    A tariff that changes within the year counts from the next one on. Raises `LookupError`.
    """
    return in_force(rules.amounts, max(date(year, 1, 1), span.begins_on), what="tariff")


def owed_in(
    year: int, span: Span, rules: LevyRules, *, yearly: int, exemption: Exemption | None = None
) -> int:
    """Cents of `yearly` that are owed for the year: all of it, or for each month that is begun.

    Rounded to the nearest cent (§ 204 Abs. 1 BAO). Nothing outside the span, nor where exempt.
    """
    if not span.touches(year) or (exemption is not None and exemption.covers(year)):
        return 0
    first, last = 1, MONTHS
    if year == span.begins_on.year:
        rule = in_force(rules.first_year, span.begins_on, what="rule for the first year")
        first = span.begins_on.month if rule is YearShare.MONTHS else first
    if span.ends_on is not None and year == span.ends_on.year:
        rule = in_force(rules.last_year, span.ends_on, what="rule for the last year")
        last = span.ends_on.month if rule is YearShare.MONTHS else last
    return (yearly * (last - first + 1) * 2 + MONTHS) // (2 * MONTHS)


def usual_days(year: int, rules: LevyRules) -> list[date]:
    """The days of that year on which the levy is due, none of them one on which banks are closed.

    29 February is the 28th where there is none.
    """
    days = in_force(rules.due, date(year, 1, 1), what="due day")
    return sorted({next_day_not_excluded(_day(year, day)) for day in days})


def raised_from(year: int, rules: LevyRules) -> date:
    """The first day on which the claims of that year are raised."""
    return usual_days(year, rules)[0] - timedelta(days=rules.lead_days)


def due_days(
    year: int, rules: LevyRules, *, raised_on: date, terms: Sequence[PaymentTerm]
) -> list[date]:
    """When the parts of a year are due: on the usual days, none before the term of law has passed
    since they were raised. Days that fall together are one.
    """
    earliest = due_date(raised_on, terms)
    return sorted({max(day, earliest) for day in usual_days(year, rules)})


def spread(wanted: int, parts: Sequence[tuple[int, int]]) -> list[int]:
    """What each part (paid cents, open cents) comes to, so that all together are `wanted`.

    What is paid stays; the rest goes to the parts that are open, else to those for which nothing
    was paid, else to the last, in shares that differ by a cent at most.
    """
    rest = max(wanted - sum(paid for paid, _open in parts), 0)
    if rest == sum(open_ for _paid, open_ in parts):
        return [paid + open_ for paid, open_ in parts]
    still_open = [place for place, (_paid, open_) in enumerate(parts) if open_]
    unpaid = [place for place, (paid, _open) in enumerate(parts) if not paid]
    takers = still_open or unpaid or [len(parts) - 1]
    totals = [paid for paid, _open in parts]
    if rest:
        for place, cents in zip(takers, split(rest, min(len(takers), rest)), strict=False):
            totals[place] += cents
    return totals


def next_expected(
    today: date, last_raised: int, span: Span, rules: LevyRules, exemption: Exemption | None
) -> tuple[date, int] | None:
    """The first day of the next year that something is to be paid for, with that year's cents, as
    the data says today; None where the levy ends before, or no end of the exemption is known.
    """
    first = max(last_raised + 1, today.year, span.begins_on.year)
    if exemption is not None and exemption.covers(first):
        if exemption.last_year is None:
            return None
        first = exemption.last_year + 1
    if not span.touches(first):
        return None
    cents = owed_in(first, span, rules, yearly=yearly_amount(first, span, rules))
    return usual_days(first, rules)[0], cents


def _day(year: int, day: YearlyDay) -> date:
    if day == LEAP_DAY and not _is_leap(year):
        return date(year, 2, 28)
    return date(year, *day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
