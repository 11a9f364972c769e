"""The nightly look at all deadlines: raises warning levels in sets, and tells each clerk once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from rathaus.audit.actions import record
from rathaus.cases.actions.notices import tell_about_deadlines, tell_about_lapsed
from rathaus.cases.deadlines import Ladder
from rathaus.cases.models import Procedure
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.transaction import atomic

BATCH = 5_000

# Rows that a clerk is just changing are skipped: their action sets the level itself.
SET_LEVELS = """
    WITH due AS (
        SELECT id, CASE WHEN due_on < %(today)s THEN 3
                        WHEN due_on <= %(urgent)s THEN 2
                        WHEN due_on <= %(soon)s THEN 1 ELSE 0 END AS level
        FROM cases_case
        WHERE phase IN ('received', 'incomplete', 'examining')
          AND suspended_since IS NULL AND due_on IS NOT NULL AND procedure_id = ANY(%(procedures)s)
    ), changed AS (
        SELECT c.id, due.level
        FROM cases_case c JOIN due USING (id)
        WHERE c.level <> due.level
        LIMIT %(batch)s
        FOR UPDATE OF c SKIP LOCKED
    )
    UPDATE cases_case c
    SET level = changed.level, told_level = LEAST(c.told_level, changed.level)
    FROM changed WHERE c.id = changed.id
"""
CLERKS_TO_TELL = """
    SELECT DISTINCT assigned_to_id FROM cases_case
    WHERE level > told_level AND assigned_to_id IS NOT NULL
"""
TELL = """
    UPDATE cases_case SET told_level = level
    WHERE level > told_level AND assigned_to_id = %s
    RETURNING number, level
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


def sweep_deadlines(*, by: Actor) -> Swept:
    """Bring all warning levels up to today; a second run on the same day changes nothing.

    Each batch is a unit of work of its own: clerks do not wait for it, and a sweep that was broken
    off goes on where it stopped. Nobody is told twice about one level.
    """
    by.require("cases.sweep")
    changed = sum(
        _bring_up_to_date(by, ladder, procedures) for ladder, procedures in _ladders().items()
    )
    clerks = _clerks_to_tell()
    for clerk in clerks:
        _tell(clerk)
    return Swept(changed=changed, told=len(clerks), lapsed=_lapse_corrections(by))


def _ladders() -> dict[Ladder, list[int]]:
    """The procedures that share a ladder."""
    ladders: dict[Ladder, list[int]] = defaultdict(list)
    for procedure in Procedure.objects.all():
        ladders[procedure.rules.ladder_on(today())].append(procedure.pk)
    return ladders


def _bring_up_to_date(by: Actor, ladder: Ladder, procedures: Sequence[int]) -> int:
    total = 0
    while changed := _change_batch(by, ladder, procedures):
        total += changed
    return total


@atomic
def _change_batch(by: Actor, ladder: Ladder, procedures: Sequence[int]) -> int:
    facts: dict[str, date | int | list[int]] = {
        "today": today(),
        "urgent": today() + timedelta(days=ladder.urgent),
        "soon": today() + timedelta(days=ladder.soon),
        "procedures": list(procedures),
        "batch": BATCH,
    }
    with connection.cursor() as cursor:
        cursor.execute(SET_LEVELS, facts)
        changed: int = cursor.rowcount
    if changed:
        record(by=by, did="cases.deadlines_swept", details={"changed": changed})
    return changed


def _clerks_to_tell() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(CLERKS_TO_TELL)
        return [row[0] for row in cursor.fetchall()]


@atomic
def _tell(clerk: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TELL, [clerk])
        raised = cursor.fetchall()
    worst_first = sorted(raised, key=lambda row: (-row[1], row[0]))
    tell_about_deadlines(clerk, [number for number, _level in worst_first])


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
