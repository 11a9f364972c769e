"""A location's timetable and what is taken there, read with one statement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from rathaus.appointments.free_slots import Hours, Shift, Timetable
from rathaus.appointments.needs import Terms
from rathaus.appointments.opening import Weekly, midnight, moment_of
from rathaus.appointments.spans import Span, joined
from rathaus.core.calendar import holidays_of
from rathaus.core.city import current_city

# A location has many small tables: one answer spares nine round trips.
READ = """
    SELECT appointments_timetable(%s, %s, %s, %s, %s, %s, %s)::text,
        appointments_taken(%s, %s, %s, %s, %s)::text
"""
TURN = ", appointments_turn(%s, %s, %s, %s)::text"
Row = Mapping[str, Any]  # what JSON holds is said by the functions of the database


@dataclass(frozen=True)
class Plan:
    """A location for some days, with the offers that were asked for and its quotas by channel."""

    location: int
    slug: str
    department: int
    timetable: Timetable
    terms: Mapping[str, Terms]
    quotas: Mapping[str, int]


@dataclass(frozen=True)
class Period:
    """Days to look at, the moment that counts as now, and a booking whose time counts as free."""

    first: date
    last: date
    at: datetime
    but: UUID | None = None

    @property
    def weekdays(self) -> list[int]:
        """Those that come in it."""
        days = min((self.last - self.first).days + 1, 7)
        return sorted((self.first.weekday() + number) % 7 for number in range(days))


@dataclass(frozen=True)
class Picture:
    """A location's plan, and what is taken at its counters: sorted, disjoint."""

    plan: Plan
    taken: Mapping[int, list[Span]]


def read_picture(location: str, offers: Sequence[str], period: Period) -> Picture | None:
    """An active location in one statement. Holds that ran out take no time."""
    with connection.cursor() as cursor:
        cursor.execute(READ, _parameters(location, offers, period))
        return _picture(location, period, *cursor.fetchone())


def read_picture_in_turn(
    location: str, offers: Sequence[str], period: Period, turn: Sequence[Any]
) -> tuple[Picture | None, Row]:
    """The same, and `appointments_turn` with these parameters, all in one statement."""
    statement = READ + TURN
    with connection.cursor() as cursor:
        cursor.execute(statement, [*_parameters(location, offers, period), *turn])
        timetable, taken, having = cursor.fetchone()
    return _picture(location, period, timetable, taken), json.loads(having)


def _parameters(location: str, offers: Sequence[str], period: Period) -> list[Any]:
    since = moment_of(midnight(period.first))
    until = moment_of(midnight(period.last + timedelta(days=1)))
    days = [period.weekdays, period.first, period.last]
    return [
        *(location, list(offers), *days, since, until),
        *(location, since, until, period.at, period.but),
    ]


def _picture(location: str, period: Period, timetable: str | None, taken: str) -> Picture | None:
    if timetable is None:
        return None
    row: Row = json.loads(timetable)
    plan = Plan(
        location=row["id"],
        slug=location,
        department=row["department"],
        timetable=_timetable(row, period.first, period.last),
        terms={offer["offer"]: _terms(offer) for offer in row["offers"]},
        quotas=dict(row["quotas"]),
    )
    since = midnight(period.first)
    spans = {counter: _spans(begins, ends, since) for counter, begins, ends in json.loads(taken)}
    return Picture(plan, spans)


def _spans(begins: str, ends: str, since: int) -> list[Span]:
    """Bookings of one counter never overlap, so their begins and ends have the same order."""
    return list(zip(_minutes(begins, since), _minutes(ends, since), strict=True))


def _minutes(text: str, since: int) -> list[int]:
    numbers = np.fromstring(text, dtype=np.int64, sep=",")
    numbers.sort()
    minutes: list[int] = (numbers + since).tolist()
    return minutes


def _timetable(row: Row, first: date, last: date) -> Timetable:
    return Timetable(
        counters=dict(row["counters"]),
        hours=[Hours(_weekly(*weekly), frozenset(channels)) for *weekly, channels in row["hours"]],
        shifts=[
            Shift(_weekly(*weekly), person, counter) for *weekly, person, counter in row["duties"]
        ],
        skills={person: frozenset(skills) for person, skills in row["skills"]},
        absences=_by_key(row["absences"]),
        closed=joined((begin, end) for _nobody, begin, end in row["closed"]),
        closed_counters=_by_key(row["closed_counters"]),
        holidays=holidays_between(first, last),
    )


def holidays_between(first: date, last: date) -> frozenset[date]:
    """The days on which the city's offices are closed for a holiday of its Land."""
    state = current_city().federal_state
    return frozenset(
        day
        for year in range(first.year, last.year + 1)
        for day in holidays_of(year, state)
        if first <= day <= last
    )


def _weekly(
    weekday: int, starts: int, ends: int, valid_from: str, valid_until: str | None
) -> Weekly:
    until = date.fromisoformat(valid_until) if valid_until else None
    return Weekly(weekday, starts, ends, date.fromisoformat(valid_from), until)


def _by_key(rows: Sequence[tuple[Any, int, int]]) -> dict[Any, list[Span]]:
    found: dict[Any, list[Span]] = {}
    for key, begin, end in rows:
        found.setdefault(key, []).append((begin, end))
    return {key: joined(spans) for key, spans in found.items()}


def _terms(row: Row) -> Terms:
    return Terms(**{**row, "kinds": frozenset(row["kinds"])})
