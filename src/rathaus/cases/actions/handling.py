"""What a clerk does with a case from day to day: take it, hand it over, move it on, note."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.accounts.queries import staff_holding
from rathaus.cases.actions.changing import lock_case, move, write_down, written
from rathaus.cases.actions.waiting import stop_waiting
from rathaus.cases.errors import AlreadyAssigned, NoSuchClerk, NotPossibleNow, UnknownState
from rathaus.cases.models import Case, CaseState, CaseStep, Note
from rathaus.cases.phases import Phase, is_open
from rathaus.cases.queries.finding import attempt
from rathaus.cases.queries.handing_over import may_assign
from rathaus.cases.words import PHASES
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import NotAllowed
from rathaus.core.localized import SOURCE_LANGUAGE, localize
from rathaus.core.transaction import atomic

ASSIGNING_RIGHTS = ("cases.assign", "cases.handle")


@atomic
def take(*, by: Actor, case: UUID) -> None:
    """Take a case that nobody has. Raises `AlreadyAssigned` if a colleague was faster."""
    row = lock_case(by, case, did="cases.assigned", right="cases.handle")
    if row.assigned_to_id == by.person:
        return
    if row.assigned_to_id is not None:
        raise AlreadyAssigned
    _hand_to(row, by=by, clerk=by.person, name=by.name)


@atomic
def assign(*, by: Actor, case: UUID, clerk: UUID | None, seen: int) -> None:
    """Hand a case to a colleague of its department, or to nobody.

    Needs `cases.assign`; one's own case may be given away with `cases.handle`. Raises
    `NoSuchClerk`, `ChangedMeanwhile`.
    """
    row = lock_case(by, case, did="cases.assigned", right=ASSIGNING_RIGHTS, seen=seen)
    if not may_assign(by, row):
        raise NotAllowed(attempted=attempt("cases.assigned", row.pk, row.number, row.applicant_id))
    name = ""
    if clerk is not None:
        colleagues = staff_holding("cases.handle", row.department_id)
        found = next((person for person in colleagues if person.pk == clerk), None)
        if found is None:
            raise NoSuchClerk
        name = found.full_name
    _hand_to(row, by=by, clerk=clerk, name=name)


@atomic
def set_state(
    *, by: Actor, case: UUID, phase: Phase | None = None, state: str = "", seen: int
) -> None:
    """Begin the examination of an open case (`phase`), or choose a state (a slug) of its phase.

    Corrections, decisions and withdrawals have actions of their own. Raises `NotPossibleNow`,
    `UnknownState`, `ChangedMeanwhile`.
    """
    row = lock_case(by, case, did="cases.state", right="cases.handle", seen=seen)
    if not is_open(Phase(row.phase)):
        raise NotPossibleNow
    before = _told(row)
    if phase is not None:
        if phase is not Phase.EXAMINING:
            raise NotPossibleNow
        move(row, phase)
        stop_waiting(row)
    row.state = _state(row, state) if state else None
    write_down(
        row,
        by=by,
        kind=CaseStep.Kind.STATE,
        did="cases.state",
        text=f"{before} → {_told(row)}",
    )


@atomic
def write_note(*, by: Actor, case: UUID, text: str) -> None:
    """Write an internal note; nothing of anybody else's can be overwritten by it."""
    row = lock_case(by, case, did="cases.note", right="cases.handle")
    Note.objects.create(
        case=row,
        subject_id=row.applicant_id,
        text=written(text),
        at=now(),
        by_id=by.person,
        by_name=by.name,
    )
    write_down(row, by=by, kind=CaseStep.Kind.NOTE, did="cases.note", public=False)


def _told(row: Case) -> str:
    """What the case's state is called in its history, which is kept in German."""
    with override(SOURCE_LANGUAGE):
        return localize(row.state.label) if row.state else str(PHASES[Phase(row.phase)])


def _hand_to(row: Case, *, by: Actor, clerk: UUID | None, name: str) -> None:
    row.assigned_to_id = clerk
    with override(SOURCE_LANGUAGE):
        text = _("an %(name)s") % {"name": name} if name else _("an niemanden")
    write_down(
        row, by=by, kind=CaseStep.Kind.ASSIGNED, did="cases.assigned", text=text, public=False
    )


def _state(row: Case, slug: str) -> CaseState:
    states = CaseState.objects.filter(slug=slug, phase=row.phase, is_active=True)
    found = states.filter(procedure=row.procedure).first() or states.filter(procedure=None).first()
    if found is None:
        raise UnknownState
    return found
