"""What is still to happen in the demo city, each thing at its own moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

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
