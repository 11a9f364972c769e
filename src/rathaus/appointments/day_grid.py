"""Where things of a day stand on a grid of five minutes, as a page shows them in columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rathaus.appointments.spans import Span

HOUR = 60
STEP = 5
USUAL = (8 * HOUR, 16 * HOUR)  # where there is nothing


@dataclass(frozen=True, slots=True)
class Placed:
    """How far below the top something begins and how long it is: whole hours and steps of five."""

    hours: int
    steps: int
    long_hours: int
    long_steps: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The hours that are shown, in minutes after midnight; both ends are whole hours."""

    begin: int
    end: int

    @property
    def hours(self) -> list[int]:
        """The minute with which each shown hour begins."""
        return list(range(self.begin, self.end, HOUR))

    def place(self, span: Span) -> Placed:
        """Where a span stands; at least one step long, rounded to steps."""
        begin = (span[0] - self.begin) // STEP
        length = max(-(-(span[1] - self.begin) // STEP) - begin, 1)
        per_hour = HOUR // STEP
        return Placed(*divmod(begin, per_hour), *divmod(length, per_hour))


def grid_around(spans: Iterable[Span]) -> Grid:
    """The whole hours that hold all spans; the usual ones where there are none."""
    found = list(spans)
    if not found:
        return Grid(*USUAL)
    begin = min(begin for begin, _end in found)
    end = max(end for _begin, end in found)
    return Grid(begin - begin % HOUR, -(-end // HOUR) * HOUR)
