"""Gives back what a member of staff had in hand when their access was closed."""

from collections import defaultdict
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.accounts.events import PersonDeactivated
from rathaus.accounts.queries import staff_holding
from rathaus.audit.actions import record
from rathaus.cases.actions.notices import tell_about_released
from rathaus.cases.models import CaseStep
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import now
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.transaction import atomic

# Past the read log: nobody gets to see the rows, only their numbers.
RELEASE = """
    UPDATE cases_case SET assigned_to_id = NULL, revision = revision + 1, changed_at = %s
    WHERE assigned_to_id = %s AND phase IN ('received', 'incomplete', 'examining')
    RETURNING id, number, applicant_id, department_id, revision
"""


class _Released(NamedTuple):
    id: UUID
    number: str
    applicant: UUID
    department: int
    revision: int


@atomic
def release_cases(event: PersonDeactivated) -> None:
    """Leave their open cases to nobody, so that the department sees them, and tell its heads."""
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, [at, event.person])
        released = sorted(
            (_Released(*row) for row in cursor.fetchall()), key=lambda row: row.number
        )
    with override(SOURCE_LANGUAGE):
        text = _("niemandem zugeteilt, weil der Zugang gesperrt wurde")
    CaseStep.objects.bulk_create(
        CaseStep(
            case_id=row.id,
            subject_id=row.applicant,
            kind=CaseStep.Kind.ASSIGNED,
            text=text,
            public=False,
            revision=row.revision,
            at=at,
            by_name=SYSTEM.name,
            office=SYSTEM.office,
        )
        for row in released
    )
    for row in released:
        record(
            by=SYSTEM,
            did="cases.assigned",
            thing_type="case",
            thing_id=row.id,
            about=[row.applicant],
            case=row.number,
        )
    _tell_heads(released)


def _tell_heads(released: list[_Released]) -> None:
    numbers: dict[int, list[str]] = defaultdict(list)
    for row in released:
        numbers[row.department].append(row.number)
    for department, left in numbers.items():
        for head in staff_holding("cases.assign", department):
            tell_about_released(head.pk, left)
