"""The way to one case: what somebody may not see looks like what does not exist."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection
from django.urls import reverse

from rathaus.audit.reading import reading
from rathaus.cases.models import Case, Procedure
from rathaus.cases.models.case import CaseQuerySet
from rathaus.cases.phases import OPEN, Phase
from rathaus.core.actor import Actor
from rathaus.core.domain import Applicant
from rathaus.core.errors import Attempt, NotFound

IN_HAND = """
    SELECT number FROM cases_case
    WHERE assigned_to_id = %s AND phase IN ('received', 'incomplete', 'examining') ORDER BY number
"""

PROCEDURE_OF = """
    SELECT slug, cases_case.department_id FROM cases_case
    JOIN cases_procedure ON cases_procedure.id = procedure_id
    WHERE number = %s AND phase = ANY(%s)
"""


def find_case(by: Actor, case_id: UUID, *, did: str = "cases.read") -> Case:
    """The case, if this person may see it; `did` names what they tried where they may not.

    Finding it is a look, whatever it is found for: a decision that is only being prepared must not
    read as one. Raises `NotFound` for a case that does not exist and for another's.
    """
    with reading_case(by, case_id):
        return visible_case(by, case_id, did, case_rows())


def awaits_correction(*, by: Actor, case: UUID) -> bool:
    """Whether the office waits for a correction of this case. Raises `NotFound`."""
    return find_case(by, case).phase == Phase.INCOMPLETE


def awaiting_correction(*, by: Actor, cases: Collection[UUID]) -> set[UUID]:
    """Those of the cases, as far as this person may see them, for which the office waits so."""
    rows = Case.objects.visible_to(by).filter(pk__in=cases, phase=Phase.INCOMPLETE)
    return set(rows.values_list("pk", flat=True))


@contextmanager
def reading_case(by: Actor, case_id: UUID, *, did: str = "cases.read") -> Iterator[None]:
    """Note what staff read within the block under the number of the case it is read for."""
    number = _number_and_applicant(case_id)[0] if by.is_staff else ""
    with reading(by=by, did=did, case=number):
        yield


def case_rows() -> CaseQuerySet:
    """Cases with what every page about one needs."""
    return Case.objects.select_related(
        "applicant", "procedure", "department", "state", "assigned_to"
    )


def visible_case(by: Actor, case_id: UUID, did: str, rows: CaseQuerySet) -> Case:
    """The case out of `rows`; the attempt on another's is left to the trail."""
    case = rows.visible_to(by).filter(pk=case_id).first()
    if case is None:
        raise NotFound(attempted=_attempt_on(did, case_id))
    return case


def attempt(did: str, case_id: UUID, number: str, applicant: UUID) -> Attempt:
    """What somebody tried to do to a case, as the trail keeps it."""
    return Attempt(
        did=did, thing_type="case", thing_id=str(case_id), case=number, about=[applicant]
    )


def _attempt_on(did: str, case_id: UUID) -> Attempt | None:
    number, applicant = _number_and_applicant(case_id)
    return attempt(did, case_id, number, applicant) if applicant else None


def has_procedure(slug: str) -> bool:
    """Whether the house handles this kind of case."""
    return Procedure.objects.filter(slug=slug, is_active=True).exists()


def own_open_procedure(*, by: Actor, number: str) -> str:
    """The procedure of the citizen's own case of that number while it is open; else empty."""
    if not by.is_citizen:
        return ""
    own = Case.objects.visible_to(by).filter(number=number, phase__in=OPEN)
    return own.values_list("procedure__slug", flat=True).first() or ""


def open_procedure(*, by: Actor, number: str) -> str:
    """The procedure of an open case of that number that this member of staff may see, else empty;
    nothing about anybody is read.
    """
    with connection.cursor() as cursor:
        cursor.execute(PROCEDURE_OF, [number, [phase.value for phase in OPEN]])
        slug, department = cursor.fetchone() or ("", None)
    return slug if slug and by.is_staff and by.may("cases.read", department) else ""


def own_name_in(*, by: Actor, number: str) -> str:
    """What the citizen calls themselves in an open case of their own; else empty."""
    if not by.is_citizen:
        return ""
    own = Case.objects.visible_to(by).filter(number=number, phase__in=OPEN)
    name = own.values_list("applicant_name", flat=True).first() or ""
    return "" if "@" in name else name


def numbers_in_hand(clerk: UUID) -> list[str]:
    """The open cases of a member of staff, by number alone: whoever asks reads nothing of them."""
    with connection.cursor() as cursor:
        cursor.execute(IN_HAND, [clerk])
        return [number for (number,) in cursor.fetchall()]


def case_address(by: Actor, number: str) -> str:
    """The page of a case in the workspace, if this person may see it; nothing of it is read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, department_id FROM cases_case WHERE number = %s", [number])
        case, department = cursor.fetchone() or (None, None)
    may_see = case is not None and by.may("cases.read", department)
    return reverse("cases:case", args=[case]) if may_see else ""


def applicant_of(by: Actor, number: str) -> Applicant | None:
    """Whose case it is, if this member of staff may see it; read for the sake of the case."""
    with reading(by=by, did="cases.read", case=number):
        rows = Case.objects.visible_to(by).filter(number=number).select_related("applicant")
        row = rows.first()
        if row is None or row.applicant.is_nameless:
            return None
        return Applicant(row.applicant_id, row.applicant_name, row.department_id)


def _number_and_applicant(case_id: UUID) -> tuple[str, UUID | None]:
    """Looked up past the read log: it serves the log itself, and nobody gets to see it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, applicant_id FROM cases_case WHERE id = %s", [case_id])
        return cursor.fetchone() or ("", None)
