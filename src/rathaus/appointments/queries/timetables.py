"""A location's timetable, kept while nobody plans anew, and what is taken there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from rathaus.appointments.free_slots import (
    Hours,
    Shift,
    Timetable,
    open_minutes,
    served_spans,
)
from rathaus.appointments.needs import Need, Terms
from rathaus.appointments.opening import Weekly, midnight, moment_of
from rathaus.appointments.quotas import minutes_allowed
from rathaus.appointments.spans import Span, joined
from rathaus.appointments.stretches import Stretches, stretches_of
from rathaus.core.calendar import holidays_of

TAKEN = """
    SELECT version, counters, begins, ends, used::text
    FROM appointments_taken(%s, %s, %s, %s, %s, %s, %s)
"""
# A location has many small tables: one answer spares nine round trips.
PLAN_AND_TAKEN = """
    SELECT appointments_timetable(%s, %s, %s, %s, %s, %s, %s)::text,
        (SELECT federal_state FROM core_city), version, counters, begins, ends, used::text
    FROM appointments_taken(%s, %s, %s, %s, %s, %s, %s)
"""
VERSION = "SELECT coalesce((SELECT version FROM appointments_plan), 0)"
MOST_PLANS = 100
USED = ("online", "phone", "walk_in")
MICROSECONDS = 60_000_000  # of a minute; the database counts them from 1 January 2000
MINUTE_2000 = 15_778_080
Row = Mapping[str, Any]  # what JSON holds is said by the functions of the database
_Spans = Mapping[int, Sequence[Span]]
_Served = tuple[_Spans, Stretches]


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
class Plan:
    """A location for the days from `first` to `last`, with the offers that were asked for and its
    quotas by channel; `version` is another one as soon as anything of it may have changed.
    """

    location: int
    slug: str
    department: int
    timetable: Timetable
    terms: Mapping[str, Terms]
    quotas: Mapping[str, int]
    first: date
    last: date
    version: int
    _served: dict[tuple[object, ...], _Served] = field(default_factory=dict, compare=False)
    _served_on: dict[tuple[object, ...], _Spans] = field(default_factory=dict, compare=False)
    _allowed: dict[tuple[str, date], int] = field(default_factory=dict, compare=False)

    def served(self, need: Need, channel: str) -> _Spans:
        """When each counter serves such a need, busy or not."""
        return self._served_for(need, channel)[0]

    def served_on(self, need: Need, channel: str, day: date) -> _Spans:
        """What of this belongs to one of the plan's days."""
        key = (*_asked(need, channel), day)
        if key not in self._served_on:
            begin, end = midnight(day), midnight(day + timedelta(days=1))
            self._served_on[key] = {
                counter: [span for span in spans if span[0] < end and begin < span[1]]
                for counter, spans in self.served(need, channel).items()
            }
        return self._served_on[key]

    def served_stretches(self, need: Need, channel: str) -> Stretches:
        """The same as one line."""
        return self._served_for(need, channel)[1]

    def minutes_allowed(self, channel: str, day: date) -> int:
        """How many minutes of a day a channel with a quota may have."""
        key = (channel, day)
        if key not in self._allowed:
            whole = open_minutes(self.timetable, day)
            self._allowed[key] = minutes_allowed(whole, self.quotas[channel])
        return self._allowed[key]

    def _served_for(self, need: Need, channel: str) -> _Served:
        key = _asked(need, channel)
        if key not in self._served:
            spans = served_spans(self.timetable, need, channel, self.first, self.last)
            self._served[key] = (spans, stretches_of(spans))
        return self._served[key]


def _asked(need: Need, channel: str) -> tuple[object, ...]:
    """What of a need says who serves it when."""
    return (need.kinds, need.skills, channel)


@dataclass(frozen=True)
class Picture:
    """A location's plan, what is taken at its counters, and how many minutes each channel has of
    a day already.
    """

    plan: Plan
    taken: Stretches
    used: Mapping[date, Mapping[str, int]]


_Key = tuple[str, tuple[str, ...], date, date]
_plans: dict[_Key, Plan] = {}


def read_picture(location: str, offers: Sequence[str], period: Period) -> Picture | None:
    """An active location in one statement, or in two where its plan was changed since it was read
    last. Holds that ran out take no time.
    """
    key = _key(location, offers, period)
    plan = _plans.get(key)
    if plan is not None:
        with connection.cursor() as cursor:
            cursor.execute(TAKEN, _taken_parameters(location, period))
            version, *taken = cursor.fetchone()
        if version == plan.version:
            return _picture(plan, *taken)
    with connection.cursor() as cursor:
        parameters = [
            *_plan_parameters(location, offers, period),
            *_taken_parameters(location, period),
        ]
        cursor.execute(PLAN_AND_TAKEN, parameters)
        timetable, state, version, *taken = cursor.fetchone()
    if timetable is None:
        _plans.pop(key, None)
        return None
    plan = _plan(location, period, {**json.loads(timetable), "state": state}, version or 0)
    _keep(key, plan)
    return _picture(plan, *taken)


def known_plan(location: str, offers: Sequence[str], period: Period) -> Plan | None:
    """The plan as this process knows it, perhaps of more days than the period: good for trying to
    take a time, which `appointments_take` does by the newest version only, and for a refusal once
    `is_newest` has said so.
    """
    wanted = _key(location, offers, period)
    if (plan := _plans.get(wanted)) is not None:
        return plan
    for known, plan in tuple(_plans.items()):
        if _covers(known, wanted):
            return plan
    picture = read_picture(location, offers, period)
    return picture.plan if picture else None


def is_newest(plan: Plan) -> bool:
    """Whether nothing was planned anew since; a plan that is not is forgotten with all others."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        newest = bool(cursor.fetchone()[0] == plan.version)
    if not newest:
        forget_plans()
    return newest


def forget_plans() -> None:
    """Read every plan anew at the next question."""
    _plans.clear()


def _key(location: str, offers: Sequence[str], period: Period) -> _Key:
    return (location, tuple(offers), period.first, period.last)


def _covers(known: _Key, wanted: _Key) -> bool:
    """Whether a plan is of the same offers there, and of all days that are wanted."""
    return known[:2] == wanted[:2] and known[2] <= wanted[2] and wanted[3] <= known[3]


def _keep(key: _Key, plan: Plan) -> None:
    """All plans that are kept are of one version; the one that was read first makes room."""
    _plans.pop(key, None)
    if any(each.version != plan.version for each in tuple(_plans.values())[-1:]):
        forget_plans()
    if len(_plans) >= MOST_PLANS:
        _plans.pop(next(iter(_plans)), None)
    _plans[key] = plan


def _plan_parameters(location: str, offers: Sequence[str], period: Period) -> list[Any]:
    since, until = _ends(period)
    return [location, list(offers), period.weekdays, period.first, period.last, since, until]


def _taken_parameters(location: str, period: Period) -> list[Any]:
    return [location, *_ends(period), period.first, period.last, period.at, period.but]


def _ends(period: Period) -> tuple[datetime, datetime]:
    since, until = midnight(period.first), midnight(period.last + timedelta(days=1))
    return moment_of(since), moment_of(until)


def _plan(location: str, period: Period, row: Row, version: int) -> Plan:
    return Plan(
        location=row["id"],
        slug=location,
        department=row["department"],
        timetable=_timetable(row, period.first, period.last),
        terms={offer["offer"]: _terms(offer) for offer in row["offers"]},
        quotas=dict(row["quotas"]),
        first=period.first,
        last=period.last,
        version=version,
    )


def _picture(
    plan: Plan, counters: bytes | None, begins: bytes | None, ends: bytes | None, used: str | None
) -> Picture:
    by_day = {
        date.fromisoformat(day): dict(zip(USED, minutes, strict=True))
        for day, *minutes in json.loads(used or "[]")
    }
    starts, stops = _numbers(begins) // MICROSECONDS, -(-_numbers(ends) // MICROSECONDS)
    taken = Stretches.sorted(_numbers(counters), starts + MINUTE_2000, stops + MINUTE_2000)
    return Picture(plan, taken, by_day)


def _numbers(packed: bytes | None) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.frombuffer(packed or b"", dtype=">i8").astype(np.int64)


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
        holidays=holidays_between(first, last, row["state"] or ""),
    )


def holidays_between(first: date, last: date, state: str) -> frozenset[date]:
    """The days on which offices are closed for a holiday of that Land."""
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
