"""What each channel has of a day: noted by actions, written as the last thing before the trail.

Noted, because whoever holds a quota must wait for nobody's time, or two could wait in a ring.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from rathaus.appointments.errors import QuotaExhausted
from rathaus.appointments.queries.timetables import Plan
from rathaus.core.transaction import before_commit

# Raised only as far as the quota goes: the row's own lock makes one step of asking and taking.
RAISE = """
    INSERT INTO appointments_quotause AS used (location_id, day, {channel})
    VALUES (%(location)s, %(day)s, %(minutes)s)
    ON CONFLICT (location_id, day) DO UPDATE SET {channel} = used.{channel} + %(minutes)s
    WHERE used.{channel} + %(minutes)s <= %(allowed)s
    RETURNING 1
"""
LOWER = """
    UPDATE appointments_quotause SET {channel} = {channel} - %(minutes)s
    WHERE location_id = %(location)s AND day = %(day)s
"""
COLUMNS: Mapping[str, str] = {"online": "online", "phone": "phone", "walk_in": "walk_in"}
Place = tuple[int, date, str]


@dataclass(frozen=True)
class _Change:
    """Minutes more or less for a channel at a place and day; `allowed` where there is a limit."""

    place: Place
    minutes: int
    allowed: int | None = None


def minutes_of_quota(plan: Plan, channel: str, minutes: int) -> int:
    """How many of these minutes count against a quota: all, or none where the channel has none."""
    return minutes if channel in plan.quotas else 0


def use_quota(plan: Plan, channel: str, day: date, minutes: int, *, limited: bool = True) -> int:
    """Take minutes out of what the channel may have of the day: how many; 0 without a quota.

    `QuotaExhausted` comes at once where a whole day has not as many, else at the end of the
    transaction. Without `limited` they are counted, but never refused.
    """
    if not minutes_of_quota(plan, channel, minutes):
        return 0
    allowed = plan.minutes_allowed(channel, day)
    if limited and minutes > allowed:
        raise QuotaExhausted
    change = _Change((plan.location, day, channel), minutes, allowed if limited else None)
    before_commit(_write, change)
    return minutes


def return_quota(location: int, day: date, channel: str, minutes: int) -> None:
    """Give minutes back."""
    if minutes:
        before_commit(_write, _Change((location, day, channel), -minutes))


def _write(changes: list[_Change]) -> None:
    """All changes of a transaction, added up, in the order in which everybody locks.

    Raises `QuotaExhausted`.
    """
    sums: dict[Place, int] = defaultdict(int)
    limits: dict[Place, int] = {}
    for change in changes:
        sums[change.place] += change.minutes
        if change.allowed is not None:
            limits[change.place] = change.allowed
    for place in sorted(sums):
        _write_one(place, sums[place], limits.get(place))


def _write_one(place: Place, minutes: int, allowed: int | None) -> None:
    location, day, channel = place
    values: dict[str, Any] = {"location": location, "day": day, "minutes": abs(minutes)}
    statement = (RAISE if minutes > 0 else LOWER).format(channel=COLUMNS[channel])
    if minutes == 0:
        return
    values["allowed"] = 24 * 60 * 1000 if allowed is None else allowed
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if minutes > 0 and not cursor.fetchone():
            raise QuotaExhausted
