"""The way of a decision before it is issued: drafted, put before the head, given back."""

from uuid import UUID

from rathaus.cases.actions.changing import lock_case, write_down, written
from rathaus.cases.actions.notices import tell_author, tell_signers
from rathaus.cases.decision_faults import WORDED, DecisionText
from rathaus.cases.errors import DecisionFaulty, NotPossibleNow
from rathaus.cases.models import Case, CaseStep, DecisionDraft
from rathaus.cases.phases import Phase, is_open
from rathaus.cases.queries.decision_check import DRAFTING_RIGHTS, faults_of, filled_for
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.transaction import atomic


@atomic
def save_draft(
    *, by: Actor, case: UUID, text: DecisionText, seen: int, is_finished: bool = False
) -> None:
    """Keep the words of a decision in the case; needs `cases.handle` or `cases.decide`.

    A text that `is_finished` is kept only if it could go out as it is: raises `DecisionFaulty`.
    Raises `ChangedMeanwhile` where anybody has changed the case, or its draft, since `seen`.
    """
    for part in WORDED:
        written(getattr(text, part), required=False, field=part)
    row = _open_case(by, case, "cases.decision_drafted", seen)
    if is_finished:
        _require_faultless(row, text)
    draft = DecisionDraft.objects.filter(case=row).first() or _new_draft(row, by)
    for name, value in vars(text).items():
        setattr(draft, name, value)
    draft.changed_at = now()
    draft.save()
    _write_down(row, by, CaseStep.Kind.DRAFTED, "cases.decision_drafted")


@atomic
def submit_draft(*, by: Actor, case: UUID, seen: int) -> None:
    """Put the draft before those who may sign it. Raises `DecisionFaulty`, `NotPossibleNow`."""
    row = _open_case(by, case, "cases.decision_submitted", seen)
    draft = _draft_of(row)
    _require_faultless(row, draft.text)
    draft.stage, draft.note = DecisionDraft.Stage.SUBMITTED, ""
    draft.author_id, draft.author_name = by.person, by.name
    draft.save()
    _write_down(row, by, CaseStep.Kind.SUBMITTED, "cases.decision_submitted")
    tell_signers(row, by)


@atomic
def return_draft(*, by: Actor, case: UUID, note: str, seen: int) -> None:
    """Give a draft that was put before the head back to its author, saying why.

    Needs `cases.decide`. Raises `NothingWritten`, `NotPossibleNow`.
    """
    reason = written(note, field="note")
    row = lock_case(by, case, did="cases.decision_returned", right="cases.decide", seen=seen)
    draft = _draft_of(row)
    if draft.stage != DecisionDraft.Stage.SUBMITTED or not is_open(Phase(row.phase)):
        raise NotPossibleNow
    draft.stage, draft.note = DecisionDraft.Stage.RETURNED, reason
    draft.save()
    _write_down(row, by, CaseStep.Kind.RETURNED, "cases.decision_returned", reason)
    tell_author(row, draft)


def _open_case(by: Actor, case: UUID, did: str, seen: int) -> Case:
    row = lock_case(by, case, did=did, right=DRAFTING_RIGHTS, seen=seen)
    if not is_open(Phase(row.phase)):
        raise NotPossibleNow
    return row


def _new_draft(row: Case, by: Actor) -> DecisionDraft:
    return DecisionDraft(
        case=row, subject_id=row.applicant_id, author_id=by.person, author_name=by.name
    )


def _draft_of(row: Case) -> DecisionDraft:
    draft = DecisionDraft.objects.filter(case=row).first()
    if draft is None:
        raise NotPossibleNow
    return draft


def _require_faultless(row: Case, text: DecisionText) -> None:
    if found := faults_of(row, filled_for(row, text)):
        raise DecisionFaulty(found)


def _write_down(row: Case, by: Actor, kind: CaseStep.Kind, did: str, text: str = "") -> None:
    write_down(row, by=by, kind=kind, did=did, text=text, public=False)
