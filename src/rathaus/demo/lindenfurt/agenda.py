"""What is still to happen in the demo city, each thing at its own moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from rathaus.core.calendar import is_working_day
from rathaus.demo.lindenfurt.storytelling import STATE

Deed = Callable[[], object]


@dataclass
class Agenda:
    """Deeds by their moment; what happens may put more on it."""

    _coming: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def at(self, moment: datetime, deed: Deed) -> None:
        """Let it happen then; of two at the same moment the one put down first."""
        heappush(self._coming, (moment, next(self._order), deed))

    def until(self, end: datetime) -> Iterator[tuple[datetime, Deed]]:
        """All deeds up to and including `end`, in order, also those put down meanwhile."""
        while self._coming and self._coming[0][0] <= end:
            moment, _number, deed = heappop(self._coming)
            yield moment, deed


Tale = Callable[[Agenda], None]  # puts the first things that happen in a story on the agenda


def working_day(today: date, number: int) -> date:
    """The day so many working days before (negative) or after `today`, which is one itself (0).

    What comes one after the other by number does so in every week of the year.
    """
    step = timedelta(days=1 if number > 0 else -1)
    day, left = today, abs(number)
    while left:
        day += step
        left -= is_working_day(day, STATE)
    return day
