"""Past days of a queue, from its log: what the estimate learns from, and what figures count."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from rathaus.appointments.models import CounterSession, Location, QueueDay, QueueEvent, WaitGiven
from rathaus.appointments.queue_log import Opening, PastDay, Visit
from rathaus.appointments.queue_replay import Deed, Happening, Replayed, replayed
from rathaus.appointments.states import State
from rathaus.appointments.waiting_time import Outcome, Wait
from rathaus.core.clock import VIENNA

# Appointments whose people never came to the queue; only what and when, nothing about anybody.
NEVER_CAME = f"""
    SELECT begins_at + interval '0',
        (SELECT json_agg(wish ->> 'offer') FROM jsonb_array_elements(chosen) AS wish)::text
    FROM appointments_booking AS booking
    WHERE location_id = %s AND begins_at >= %s AND begins_at < %s
        AND state IN ('{State.BOOKED.value}', '{State.MISSED.value}')
        AND NOT EXISTS (SELECT FROM appointments_ticket WHERE booking_id = booking.id)
"""  # noqa: S608 - two constants of the program


def log_of(location: Location, day: date) -> list[Happening]:
    """The log of one day, in its order."""
    rows = QueueEvent.objects.filter(location=location, day=day).order_by("pk")
    columns = ("kind", "at", "ticket_id", "counter_id", "staff", "details")
    return [_happening(*row) for row in rows.values_list(*columns)]


def _happening(kind: str, at: datetime, *rest: Any) -> Happening:
    return Happening(Deed(kind), at, *rest)


def replay_of(location: Location, day: date) -> Replayed:
    """The tickets and counters of a day as its log says they are."""
    return replayed(log_of(location, day))


def days_with_queue(location: Location, first: date, last: date) -> list[date]:
    """The days of a period on which numbers were drawn."""
    rows = QueueDay.objects.filter(location=location, day__range=(first, last)).order_by("day")
    return list(rows.values_list("day", flat=True))


def past_day(location: Location, day: date) -> PastDay:
    """All visits of a day and the hours in which its counters were open."""
    visits = [position.visit() for position in replay_of(location, day).tickets.values()]
    visits += never_came(location, day)
    return PastDay(tuple(visits), tuple(openings(location, day)))


def openings(location: Location, day: date) -> list[Opening]:
    """From when to when somebody was at a counter."""
    since, until = _bounds(day)
    rows = CounterSession.objects.filter(
        counter__location=location, opened_at__gte=since, opened_at__lt=until
    )
    return [Opening(str(row.counter_id), row.opened_at, row.closed_at or until) for row in rows]


def never_came(location: Location, day: date, until: datetime | None = None) -> list[Visit]:
    """Appointments of a day, before `until`, for which nobody joined the queue."""
    since, end = _bounds(day)
    with connection.cursor() as cursor:
        cursor.execute(NEVER_CAME, [location.pk, since, min(until or end, end)])
        rows = cursor.fetchall()
    return [Visit(tuple(json.loads(offers or "[]")), appointment_at=at) for at, offers in rows]


def outcomes(location: Location, since: datetime) -> list[Outcome]:
    """What was foretold to tickets that were called in the end, and how long they waited."""
    rows = WaitGiven.objects.filter(ticket__location=location, at__gte=since)
    columns = ("at", "low", "median", "high", "chance", "ticket__called_at")
    return [
        Outcome(Wait(_time(low), _time(median), _time(high), chance), called - at)
        for at, low, median, high, chance, called in rows.values_list(*columns)
        if called is not None and called >= at
    ]


def _bounds(day: date) -> tuple[datetime, datetime]:
    since = datetime.combine(day, time(), VIENNA)
    return since, datetime.combine(day + timedelta(days=1), time(), VIENNA)


def _time(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)
