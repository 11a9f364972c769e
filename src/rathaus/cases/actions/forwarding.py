"""A case that another department is competent for goes there, and its applicant hears of it."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.accounts.queries import department_named
from rathaus.cases.actions.changing import lock_case, write_down, written
from rathaus.cases.actions.notices import tell_applicant, tell_assigners
from rathaus.cases.actions.talking import write_message
from rathaus.cases.errors import AlreadyThere, NotPossibleNow, UnknownDepartment
from rathaus.cases.events import CaseForwarded
from rathaus.cases.models import Case, CaseStep, DecisionDraft, Note
from rathaus.cases.phases import Phase, is_open
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.events import publish
from rathaus.core.localized import SOURCE_LANGUAGE, localize
from rathaus.core.transaction import atomic

BASIS = "§ 6 Abs. 1 AVG"


@atomic
def forward_case(*, by: Actor, case: UUID, department: str, why: str, seen: int) -> None:
    """Send an open case to the department (a slug) that is competent for it (§ 6 Abs. 1 AVG).

    It is nobody's there, and the department it leaves does not see it any more; the deadline runs
    on, for it is the same authority. `why` is for the colleagues. Raises `UnknownDepartment`,
    `AlreadyThere`, `NothingWritten`, `NotPossibleNow`, `ChangedMeanwhile`.
    """
    reason = written(why, field="why")
    row = lock_case(by, case, did="cases.forwarded", right="cases.handle", seen=seen)
    target = department_named(department)
    if target is None:
        raise UnknownDepartment
    if target.pk == row.department_id:
        raise AlreadyThere
    if not is_open(Phase(row.phase)):
        raise NotPossibleNow
    with override(SOURCE_LANGUAGE):
        way = f"{localize(row.department.name)} → {localize(target.name)}"
        told = _("Ihr Anliegen ist jetzt bei der zuständigen Abteilung: %(name)s (%(basis)s).")
        words = told % {"name": localize(target.name), "basis": BASIS}
    write_message(row, by, words)
    row.department, row.assigned_to = target, None
    DecisionDraft.objects.filter(case=row).update(stage=DecisionDraft.Stage.WRITING)
    _explain(row, by, reason)
    write_down(row, by=by, kind=CaseStep.Kind.FORWARDED, did="cases.forwarded", text=way, why=BASIS)
    tell_applicant(row, "forwarded")
    tell_assigners(row)
    publish(CaseForwarded(row.pk, row.number, row.applicant_id, target.pk))


def _explain(row: Case, by: Actor, reason: str) -> None:
    Note.objects.create(
        case=row,
        subject_id=row.applicant_id,
        text=reason,
        at=now(),
        by_id=by.person,
        by_name=by.name,
    )
