"""A location's timetable and what is taken there, read with one statement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
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
TAKEN_IN_TURN = """
    SELECT appointments_taken(%s, %s, %s, %s, %s)::text,
        appointments_turn(%s, %s, %s, %s)::text
"""
NOT_WAITING = ", set_config('synchronous_commit', 'off', true)"
MOST_PLANS = 500
USED = ("online", "phone", "walk_in")
Row = Mapping[str, Any]  # what JSON holds is said by the functions of the database


@dataclass(frozen=True)
class Plan:
    """A location for some days, with the offers that were asked for, its quotas by channel, and
    how many minutes each channel has of a day already.
    """

    location: int
    slug: str
    department: int
    timetable: Timetable
    terms: Mapping[str, Terms]
    quotas: Mapping[str, int]
    used: Mapping[date, Mapping[str, int]]


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


_plans: dict[tuple[str, tuple[str, ...], date, date], tuple[float, Plan]] = {}


def read_picture(location: str, offers: Sequence[str], period: Period) -> Picture | None:
    """An active location in one statement. Holds that ran out take no time."""
    with connection.cursor() as cursor:
        cursor.execute(READ, _parameters(location, offers, period))
        return _picture(location, period, *cursor.fetchone())


def read_turn(
    plan: Plan, period: Period, turn: Sequence[Any], *, lasting: bool
) -> tuple[Picture, Row]:
    """What is taken at a location whose plan is known, and `appointments_turn`, in one statement.

    Without `lasting`, the transaction's commit does not wait for the disk.
    """
    since = midnight(period.first)
    until = moment_of(midnight(period.last + timedelta(days=1)))
    parameters = [plan.slug, moment_of(since), until, period.at, period.but, *turn]
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_IN_TURN + ("" if lasting else NOT_WAITING), parameters)
        taken, having, *_setting = cursor.fetchone()
    return Picture(plan, _taken(taken, since)), json.loads(having)


def known_plan(location: str, offers: Sequence[str], period: Period) -> Plan | None:
    """The plan for one day, as it was a few seconds ago: to try and take a time by, never to show.

    What a city changes in its hours meanwhile is as if it had been changed a few seconds later.
    """
    key = (location, tuple(offers), period.first, period.last)
    moment = monotonic()
    kept = _plans.get(key)
    if kept is not None and moment < kept[0]:
        return kept[1]
    picture = read_picture(location, offers, period)
    if picture is None:
        return None
    if len(_plans) >= MOST_PLANS:
        _plans.clear()
    _plans[key] = (moment + settings.APPOINTMENTS_PLAN_SECONDS, picture.plan)
    return picture.plan


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
        used={
            date.fromisoformat(day): dict(zip(USED, minutes, strict=True))
            for day, *minutes in row["used"]
        },
    )
    return Picture(plan, _taken(taken, midnight(period.first)))


def _taken(text: str, since: int) -> dict[int, list[Span]]:
    return {counter: _spans(begins, ends, since) for counter, begins, ends in json.loads(text)}


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
