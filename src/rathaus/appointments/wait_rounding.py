"""A wait as people are told it: an interval in steps that promise no more than is known."""

from dataclasses import dataclass

from rathaus.appointments.waiting_time import Wait

_SHORT, _LONG = 5, 60


@dataclass(frozen=True)
class ShownWait:
    """Whole minutes; `low` is 0 where it may be at once."""

    low: int
    high: int


def shown(wait: Wait) -> ShownWait:
    """Five minutes up to an hour, ten beyond; the lower end down and the upper one up."""
    low, high = wait.low.total_seconds() / 60, wait.high.total_seconds() / 60
    step = _SHORT if high <= _LONG else 2 * _SHORT
    rounded_high = max(int(-(-high // step)) * step, _SHORT)
    return ShownWait(min(int(low // step) * step, rounded_high - step), rounded_high)
