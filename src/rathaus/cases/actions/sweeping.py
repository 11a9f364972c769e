"""The nightly look at all deadlines: raises warning levels in sets, tells those concerned once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from rathaus.accounts.queries import staff_holding
from rathaus.audit.actions import record
from rathaus.cases.actions.notices import (
    tell_about_deadlines,
    tell_about_lapsed,
    tell_about_unassigned,
)
from rathaus.cases.deadlines import Period, Unit
from rathaus.cases.models import Procedure
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.transaction import atomic

BATCH = 5_000

CLERKS = """
    SELECT DISTINCT assigned_to_id FROM cases_case
    WHERE phase IN ('received', 'incomplete', 'examining') AND assigned_to_id IS NOT NULL
"""
PERIODS = """
    SELECT DISTINCT procedure_id, period_count, period_unit FROM cases_case
    WHERE phase IN ('received', 'incomplete', 'examining')
"""
# Rows that a clerk is just changing are skipped: their action sets the level itself.
SET_LEVELS = """
    WITH ladder AS (
        SELECT * FROM unnest(%(procedures)s::bigint[], %(counts)s::smallint[], %(units)s::text[],
                             %(soon)s::date[], %(urgent)s::date[])
            AS rungs (procedure_id, period_count, period_unit, soon, urgent)
    ), due AS (
        SELECT c.id, c.level AS before, CASE WHEN due_on < %(today)s THEN 3
                                             WHEN due_on <= ladder.urgent THEN 2
                                             WHEN due_on <= ladder.soon THEN 1 ELSE 0 END AS level
        FROM cases_case c JOIN ladder USING (procedure_id, period_count, period_unit)
        WHERE phase IN ('received', 'incomplete', 'examining')
          AND suspended_since IS NULL AND due_on IS NOT NULL
          AND (assigned_to_id = %(clerk)s OR (%(clerk)s::uuid IS NULL AND assigned_to_id IS NULL))
    ), changed AS (
        SELECT c.id, due.before, due.level
        FROM cases_case c JOIN due USING (id)
        WHERE due.before <> due.level AND c.level = due.before
        LIMIT %(batch)s
        FOR UPDATE OF c SKIP LOCKED
    )
    UPDATE cases_case c SET level = changed.level
    FROM changed WHERE c.id = changed.id
    RETURNING c.number, c.level, c.department_id, c.level > changed.before
"""
LAPSE = """
    UPDATE cases_correctionrequest r SET lapsed_at = %s
    FROM cases_case c
    WHERE c.id = r.case_id AND r.closed_at IS NULL AND r.lapsed_at IS NULL AND r.due_on < %s
      AND c.phase = 'incomplete'
    RETURNING c.assigned_to_id, c.number
"""


@dataclass(frozen=True)
class Swept:
    """What a sweep did: levels changed, staff told about them, corrections lapsed unanswered."""

    changed: int
    told: int
    lapsed: int


class _Changed(NamedTuple):
    number: str
    level: int
    department: int
    has_risen: bool


class _Ladders(NamedTuple):
    """For each period of a procedure the days from which it is soon or urgent, side by side."""

    procedures: list[int]
    counts: list[int]
    units: list[str]
    soon: list[date]
    urgent: list[date]


def sweep_deadlines(*, by: Actor) -> Swept:
    """Bring all warning levels up to today; a second run on the same day changes nothing.

    The cases of each clerk are a unit of work of their own, together with the one mail about those
    that have risen: clerks do not wait for the whole city, a sweep that was broken off goes on
    where it stopped, and nobody is told twice about one level. The cases of nobody are one unit
    together, so that those who assign get one mail about all of them.
    """
    by.require("cases.sweep")
    ladders = _ladders()
    changed, told = _sweep_unassigned(by, ladders)
    for clerk in _clerks():
        while rows := _sweep_clerk(by, clerk, ladders):
            changed += len(rows)
            told += any(row.has_risen for row in rows)
    return Swept(changed=changed, told=told, lapsed=_lapse_corrections(by))


def _ladders() -> _Ladders:
    """Running cases keep their period when the procedure changes, so these come from the cases."""
    ladders = _Ladders([], [], [], [], [])
    procedures = {procedure.pk: procedure.rules for procedure in Procedure.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute(PERIODS)
        periods = cursor.fetchall()
    for procedure, count, unit in periods:
        ladder = procedures[procedure].ladder_on(today(), Period(count, Unit(unit)))
        ladders.procedures.append(procedure)
        ladders.counts.append(count)
        ladders.units.append(unit)
        ladders.soon.append(today() + timedelta(days=ladder.soon))
        ladders.urgent.append(today() + timedelta(days=ladder.urgent))
    return ladders


def _clerks() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(CLERKS)
        return [row[0] for row in cursor.fetchall()]


@atomic
def _sweep_unassigned(by: Actor, ladders: _Ladders) -> tuple[int, int]:
    """How many cases of nobody changed, and how many of those who assign were told."""
    rows = _raised(by, None, ladders, batch=None)
    numbers: dict[UUID, list[str]] = defaultdict(list)
    assigners = {
        department: staff_holding("cases.assign", department)
        for department in {row.department for row in rows}
    }
    for row in _risen(rows):
        for person in assigners[row.department]:
            numbers[person.pk].append(row.number)
    for assigner, unassigned in numbers.items():
        tell_about_unassigned(assigner, unassigned)
    return len(rows), len(numbers)


@atomic
def _sweep_clerk(by: Actor, clerk: UUID, ladders: _Ladders) -> list[_Changed]:
    """The next cases of a clerk whose level changes; empty when all are right."""
    rows = _raised(by, clerk, ladders, batch=BATCH)
    if risen := _risen(rows):
        tell_about_deadlines(clerk, [row.number for row in risen])
    return rows


def _raised(
    by: Actor, clerk: UUID | None, ladders: _Ladders, *, batch: int | None
) -> list[_Changed]:
    facts = {**ladders._asdict(), "today": today(), "clerk": clerk, "batch": batch}
    with connection.cursor() as cursor:
        cursor.execute(SET_LEVELS, facts)
        rows = [_Changed(*row) for row in cursor.fetchall()]
    if rows:
        record(by=by, did="cases.deadlines_swept", details={"changed": len(rows)})
    return rows


def _risen(rows: Iterable[_Changed]) -> list[_Changed]:
    """Those that became more urgent, worst first."""
    return sorted((row for row in rows if row.has_risen), key=lambda row: (-row.level, row.number))


@atomic
def _lapse_corrections(by: Actor) -> int:
    with connection.cursor() as cursor:
        cursor.execute(LAPSE, [now(), today()])
        rows = cursor.fetchall()
    numbers: dict[UUID, list[str]] = defaultdict(list)
    for clerk, number in rows:
        if clerk:
            numbers[clerk].append(number)
    for clerk, lapsed in numbers.items():
        tell_about_lapsed(clerk, sorted(lapsed))
    if rows:
        record(by=by, did="cases.corrections_lapsed", details={"lapsed": len(rows)})
    return len(rows)
