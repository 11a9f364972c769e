"""From when until when something is closed or somebody away, as people write it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rathaus.appointments.opening import VIENNA

MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Whole days, the last one included; with clocks, from the first day's until the last day's."""

    first: date
    last: date
    starts: time | None = None
    ends: time | None = None

    def moments(self) -> tuple[datetime, datetime]:
        """Begin and end. An hour that passes twice is off both times it passes; one that is left
        out in spring begins when the clock has jumped. The end is never before the begin unless
        it was written so.
        """
        begin = datetime.combine(self.first, self.starts or MIDNIGHT, VIENNA)
        if self.ends is None:
            return begin, datetime.combine(self.last + timedelta(days=1), MIDNIGHT, VIENNA)
        end = datetime.combine(self.last, self.ends, VIENNA)
        later = end.replace(fold=1)
        return begin, max(end, later, key=datetime.timestamp)


def written(begin: datetime, end: datetime) -> TimeOff:
    """The same as people write it: without clocks where it begins and ends at midnight."""
    begin, end = begin.astimezone(VIENNA), end.astimezone(VIENNA)
    starts = begin.time() if begin.time() != MIDNIGHT else None
    if end.time() == MIDNIGHT:
        return TimeOff(begin.date(), end.date() - timedelta(days=1), starts)
    return TimeOff(begin.date(), end.date(), starts, end.time())
