"""Hours that come back every week and are valid for a while: do they clash, do they ever come."""

from __future__ import annotations

from datetime import timedelta

from rathaus.appointments.opening import Weekly

ONE_DAY = timedelta(days=1)
DAYS_OF_A_WEEK = 7


def clash(one: Weekly, other: Weekly) -> bool:
    """Whether there is a day on which both hold and their clocks overlap; touching is no clash."""
    if one.weekday != other.weekday or one.ends <= other.starts or other.ends <= one.starts:
        return False
    first = max(one.valid_from, other.valid_from)
    ends = [each.valid_until for each in (one, other) if each.valid_until is not None]
    last = min(ends, default=None)
    both = Weekly(one.weekday, one.starts, one.ends, first, last)
    return ever_comes(both)


def ever_comes(weekly: Weekly) -> bool:
    """Whether its weekday comes at least once while it is valid."""
    ahead = (weekly.weekday - weekly.valid_from.weekday()) % DAYS_OF_A_WEEK
    first = weekly.valid_from + ahead * ONE_DAY
    return weekly.valid_until is None or first <= weekly.valid_until
