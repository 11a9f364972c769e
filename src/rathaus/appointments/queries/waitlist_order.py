"""Those who wait for a time at a place, first come first. Read by the machine, for no page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from rathaus.appointments.needs import Wish
from rathaus.appointments.waitlist_order import DayPart, Suits
from rathaus.core.clock import now

# Whoever was asked about a time before is not asked about it again; nor is whoever gave it up.
IN_ORDER = """
    SELECT entry.id::text, entry.chosen::text, entry.kind, entry.earliest, entry.latest,
        entry.weekdays, entry.parts, entry.notice_hours, own.begins_at
    FROM appointments_waitlistentry AS entry
    LEFT JOIN appointments_booking AS own ON own.id = entry.booking_id
    WHERE entry.state = 'waiting' AND entry.joined_at IS NOT NULL
        AND %(location)s = ANY (entry.locations)
        AND %(day)s BETWEEN entry.earliest AND entry.latest
        AND %(weekday)s = ANY (entry.weekdays)
        AND (own.id IS NULL OR own.state = 'booked' AND own.begins_at > %(begins)s
            AND own.begins_at > %(at)s)
        AND NOT EXISTS (
            SELECT 1 FROM appointments_waitlistplace AS place
            WHERE place.entry_id = entry.id AND place.identity = ANY (%(but)s))
        AND NOT EXISTS (
            SELECT 1 FROM appointments_proposal AS proposal
            JOIN appointments_location AS location ON location.id = proposal.location_id
            WHERE proposal.entry_id = entry.id AND location.slug = %(location)s
                AND proposal.begins_at = %(begins)s)
    ORDER BY entry.joined_at, entry.id
"""
# Asked at each cancellation: mostly there is nobody, and no more to do.
CARES = """
    SELECT EXISTS (
        SELECT FROM appointments_waitlistentry
        WHERE state = 'waiting' AND joined_at IS NOT NULL AND %(location)s = ANY (locations)
            AND %(day)s BETWEEN earliest AND latest)
    OR EXISTS (
        SELECT FROM appointments_offer WHERE slug = ANY (%(offers)s) AND kept_back_minutes > 0)
"""


@dataclass(frozen=True)
class Waiter:
    """Somebody who waits: for what, when it suits, and when their own appointment begins."""

    entry: UUID
    wishes: tuple[Wish, ...]
    kind: str
    suits: Suits
    own_begins: datetime | None


def anybody_cares(location: str, day: date, offers: Sequence[str]) -> bool:
    """Whether somebody waits for that day there at all, or one of the offers that were given up is
    one whose time is kept back.
    """
    values: dict[str, Any] = {"location": location, "day": day, "offers": list(offers)}
    with connection.cursor() as cursor:
        cursor.execute(CARES, values)
        return bool(cursor.fetchone()[0])


def waiters_for(
    location: str, day: date, begins_at: datetime, *, but: Sequence[str]
) -> list[Waiter]:
    """Who may want a freed time that day, without the identities `but`."""
    values: dict[str, Any] = {
        "location": location,
        "day": day,
        "weekday": day.weekday(),
        "begins": begins_at,
        "at": now(),
        "but": list(but),
    }
    with connection.cursor() as cursor:
        cursor.execute(IN_ORDER, values)
        return [_waiter(*row) for row in cursor.fetchall()]


def _waiter(
    entry: str,
    chosen: str,
    kind: str,
    earliest: date,
    latest: date,
    weekdays: Sequence[int],
    parts: Sequence[str],
    notice_hours: int,
    own_begins: datetime | None,
) -> Waiter:
    return Waiter(
        UUID(entry),
        tuple(Wish(wish["offer"], wish["persons"]) for wish in json.loads(chosen)),
        kind,
        Suits(earliest, latest, frozenset(weekdays), frozenset(map(DayPart, parts)), notice_hours),
        own_begins,
    )
