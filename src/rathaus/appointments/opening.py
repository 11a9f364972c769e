"""What hours on a wall's clock mean in minutes that pass, on the days when clocks change too.

Minutes are counted from 1 January 1970, 00:00 UTC. On the day when the hour from two to three
passes twice, hours within it hold twice; on the day when it is missing, they do not hold at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from rathaus.appointments.spans import Span

VIENNA = ZoneInfo("Europe/Vienna")
DAY = 24 * 60
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Weekly:
    """Hours of one weekday (Monday is 0), in minutes after midnight, while they are valid."""

    weekday: int
    starts: int
    ends: int
    valid_from: date
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether these are hours of that day."""
        return (
            day.weekday() == self.weekday
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


def minute_of(moment: datetime) -> int:
    """The minute in which an aware moment lies."""
    return int(moment.timestamp() // 60)


def moment_of(minute: int) -> datetime:
    """The moment at which a minute begins, in UTC."""
    return datetime.fromtimestamp(minute * 60, UTC)


def day_of(minute: int) -> date:
    """The date in Vienna on which a minute lies."""
    return moment_of(minute).astimezone(VIENNA).date()


def minutes_after_midnight(clock: time) -> int:
    """Where a time stands on the clock; seconds do not count."""
    return clock.hour * 60 + clock.minute


def midnight(day: date) -> int:
    """The minute with which a day begins in Vienna."""
    return minute_of(datetime.combine(day, time(), VIENNA))


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def spans_on(day: date, starts: int, ends: int) -> list[Span]:
    """When the clock on the wall shows a time from `starts` until before `ends` that day."""
    pieces = _pieces(day)
    if len(pieces) == 1:
        shift = pieces[0][2]
        return [(starts + shift, ends + shift)]
    found = [
        (max(starts, first) + shift, min(ends, last) + shift)
        for first, last, shift in pieces
        if max(starts, first) < min(ends, last)
    ]
    if len(found) == 2 and found[0][1] == found[1][0]:
        return [(found[0][0], found[1][1])]
    return found


@lru_cache(maxsize=4096)
def _pieces(day: date) -> Sequence[tuple[int, int, int]]:
    """Parts of a day without a change of the clock: the first and last minute on the wall, and
    what to add to one to have the minute that passes.
    """
    base = (day.toordinal() - _EPOCH) * DAY
    first, last = _offset(midnight(day)), _offset(midnight(day + timedelta(days=1)))
    if first == last:
        return ((0, DAY, base - first),)
    change = _change(day, first)
    return (
        (0, change + first - base, base - first),
        (change + last - base, DAY, base - last),
    )


def _change(day: date, before: int) -> int:
    """The first minute of the day at which the clock is no longer `before` ahead of UTC."""
    low, high = midnight(day), midnight(day + timedelta(days=1))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle) == before else (low, middle)
    return high


def _offset(minute: int) -> int:
    """By how many minutes Vienna's clock is ahead of UTC."""
    ahead = moment_of(minute).astimezone(VIENNA).utcoffset() or timedelta()
    return int(ahead.total_seconds() // 60)
