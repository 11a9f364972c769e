"""The nightly look at all deadlines: raises warning levels in sets, and tells each clerk once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from rathaus.audit.actions import record
from rathaus.cases.actions.notices import tell_about_deadlines, tell_about_lapsed
from rathaus.cases.models import Procedure
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.transaction import atomic

BATCH = 5_000

CLERKS = """
    SELECT DISTINCT assigned_to_id FROM cases_case
    WHERE phase IN ('received', 'incomplete', 'examining') AND assigned_to_id IS NOT NULL
"""
# Rows that a clerk is just changing are skipped: their action sets the level itself.
SET_LEVELS = """
    WITH ladder AS (
        SELECT * FROM unnest(%(procedures)s::bigint[], %(soon)s::date[], %(urgent)s::date[])
            AS rungs (procedure_id, soon, urgent)
    ), due AS (
        SELECT c.id, c.level AS before, CASE WHEN due_on < %(today)s THEN 3
                                             WHEN due_on <= ladder.urgent THEN 2
                                             WHEN due_on <= ladder.soon THEN 1 ELSE 0 END AS level
        FROM cases_case c JOIN ladder USING (procedure_id)
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
    RETURNING c.number, c.level, c.level > changed.before
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
    """What a sweep did: levels changed, clerks told about them, corrections lapsed unanswered."""

    changed: int
    told: int
    lapsed: int


class _Changed(NamedTuple):
    number: str
    level: int
    has_risen: bool


class _Ladders(NamedTuple):
    """For each procedure the days from which a deadline is soon or urgent, side by side."""

    procedures: list[int]
    soon: list[date]
    urgent: list[date]


def sweep_deadlines(*, by: Actor) -> Swept:
    """Bring all warning levels up to today; a second run on the same day changes nothing.

    The cases of each clerk are a unit of work of their own, together with the one mail about those
    that have risen: clerks do not wait for the whole city, a sweep that was broken off goes on
    where it stopped, and nobody is told twice about one level.
    """
    by.require("cases.sweep")
    ladders = _ladders()
    changed, told = 0, 0
    for clerk in (None, *_clerks()):
        while rows := _sweep_clerk(by, clerk, ladders):
            changed += len(rows)
            told += clerk is not None and any(row.has_risen for row in rows)
    return Swept(changed=changed, told=told, lapsed=_lapse_corrections(by))


def _ladders() -> _Ladders:
    ladders = _Ladders([], [], [])
    for procedure in Procedure.objects.all():
        ladder = procedure.rules.ladder_on(today())
        ladders.procedures.append(procedure.pk)
        ladders.soon.append(today() + timedelta(days=ladder.soon))
        ladders.urgent.append(today() + timedelta(days=ladder.urgent))
    return ladders


def _clerks() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(CLERKS)
        return [row[0] for row in cursor.fetchall()]


@atomic
def _sweep_clerk(by: Actor, clerk: UUID | None, ladders: _Ladders) -> list[_Changed]:
    """The next cases of a clerk (or of nobody) whose level changes; empty when all are right."""
    facts = {**ladders._asdict(), "today": today(), "clerk": clerk, "batch": BATCH}
    with connection.cursor() as cursor:
        cursor.execute(SET_LEVELS, facts)
        rows = [_Changed(*row) for row in cursor.fetchall()]
    risen = sorted((row for row in rows if row.has_risen), key=lambda row: (-row.level, row.number))
    if clerk is not None and risen:
        tell_about_deadlines(clerk, [row.number for row in risen])
    if rows:
        record(by=by, did="cases.deadlines_swept", details={"changed": len(rows)})
    return rows


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
