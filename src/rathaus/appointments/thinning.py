"""Fewer times to read out: the first of each half hour."""

from collections.abc import Iterable
from datetime import datetime

HALF_HOUR = 30 * 60  # seconds


def first_of_each_half_hour(times: Iterable[datetime]) -> list[datetime]:
    """Of these aware moments, given in order, the first in each half hour that has any."""
    found: dict[float, datetime] = {}
    for moment in times:
        found.setdefault(moment.timestamp() // HALF_HOUR, moment)
    return list(found.values())
