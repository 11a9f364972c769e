"""Paying in parts: how a sum is split, which parts are paid, and when a plan has failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rathaus.core.calendar import add_months, next_day_not_excluded


@dataclass(frozen=True)
class InstalmentPart:
    """So many cents until that day."""

    cents: int
    due_on: date


def split(cents: int, count: int) -> list[int]:
    """The sum in `count` parts that differ by a cent at most, the larger ones first.

    Raises `ValueError` where a part would be nothing.
    """
    if not 0 < count <= cents:
        raise ValueError(f"{cents} cents cannot be paid in {count} parts")
    each, over = divmod(cents, count)
    return [each + 1] * over + [each] * (count - over)


def monthly(cents: int, count: int, first_due: date) -> list[InstalmentPart]:
    """The sum in monthly parts; none is due on a Saturday, Sunday or holiday."""
    return [
        InstalmentPart(part, next_day_not_excluded(add_months(first_due, number)))
        for number, part in enumerate(split(cents, count))
    ]


def still_open(parts: Sequence[InstalmentPart], paid: int) -> list[int]:
    """What of each part is still to be paid: money fills them in order."""
    rest = []
    for part in parts:
        filled = min(part.cents, paid)
        rest.append(part.cents - filled)
        paid -= filled
    return rest


def has_failed(parts: Sequence[InstalmentPart], paid: int, *, today: date, days_late: int) -> bool:
    """Whether some part is unpaid more than so many days after its day."""
    latest = today - timedelta(days=days_late)
    return any(
        rest and part.due_on < latest
        for part, rest in zip(parts, still_open(parts, paid), strict=True)
    )
