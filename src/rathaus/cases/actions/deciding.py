"""How a case ends: with a decision delivered to the portal, or closed as done."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.cases.actions.changing import (
    attach,
    lock_case,
    move,
    require_reachable,
    write_down,
    written,
)
from rathaus.cases.actions.notices import tell_applicant
from rathaus.cases.actions.waiting import stop_waiting
from rathaus.cases.decision_faults import WORDED, DecisionText
from rathaus.cases.decision_texts import document
from rathaus.cases.errors import DecisionFaulty
from rathaus.cases.events import CaseClosedUndecided, CaseDecided
from rathaus.cases.models import Case, CaseFile, CaseStep, Decision, DecisionDraft, Outcome
from rathaus.cases.phases import Phase
from rathaus.cases.queries.decision_check import (
    DRAFTING_RIGHTS,
    faults_of,
    filled_for,
    remedy_until,
)
from rathaus.cases.queries.finding import find_case
from rathaus.cases.sections import Attachment
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.errors import NotAllowed
from rathaus.core.events import publish
from rathaus.core.files import store
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.transaction import atomic


def preview(*, by: Actor, case: UUID, text: DecisionText) -> bytes:
    """The document as it would look now, gaps included; changes nothing.

    Raises `DecisionFaulty` for placeholders that nothing fills.
    """
    row = find_case(by, case, did="cases.decided")
    _require_one(by, row, DRAFTING_RIGHTS)
    rights = row.procedure.rules.rights_to_sign(text)
    may_sign = by.may_one_of(rights, row.department_id)
    with override(SOURCE_LANGUAGE):
        signed_by = by.name if may_sign else _("(noch nicht genehmigt)")
    return _document(row, filled_for(row, text), by, signed_by)


@atomic
def decide(*, by: Actor, case: UUID, text: DecisionText, seen: int) -> None:
    """Decide the case and deliver the document to the applicant's portal.

    Needs `cases.decide`, or `cases.handle` where the procedure lets the clerk sign. The document is
    made before the row is locked, so that nobody waits for it; `seen` makes sure that it is about
    the case as it still is. Raises `DecisionFaulty` with all that is wrong, `ChangedMeanwhile`,
    `NobodyToReach`, `NotPossibleNow`.
    """
    unlocked = find_case(by, case, did="cases.decided")
    rights = unlocked.procedure.rules.rights_to_sign(text)
    _require_one(by, unlocked, rights)
    final = _faultless(unlocked, text)
    pdf = _document(unlocked, final, by, by.name)
    stored = store(pdf, name=f"{final.title} {unlocked.number}.pdf")
    row = lock_case(by, case, did="cases.decided", right=rights, seen=seen)
    stop_waiting(row)
    move(row, Phase.DECIDED)
    row.decided_at = moment = now()
    row.level = 0
    (file,) = attach(row, [Attachment(stored.pk, final.title)], from_citizen=False)
    _keep(row, final, file, by, moment)
    with override(SOURCE_LANGUAGE):
        outcome = str(Outcome(final.outcome).label)
    write_down(row, by=by, kind=CaseStep.Kind.DECIDED, did="cases.decided", text=outcome)
    tell_applicant(row, "decided")
    publish(
        CaseDecided(
            row.pk, row.number, row.procedure.slug, row.applicant_id, final.outcome, row.origin
        )
    )


@atomic
def close(*, by: Actor, case: UUID, seen: int, why: str = "") -> None:
    """Put the case away. One that was neither decided nor withdrawn needs a reason (`why`)."""
    row = lock_case(by, case, did="cases.closed", right="cases.handle", seen=seen)
    undecided = row.phase not in (Phase.DECIDED, Phase.WITHDRAWN)
    reason = written(why, required=undecided, field="why")
    move(row, Phase.CLOSED)
    row.level = 0
    write_down(row, by=by, kind=CaseStep.Kind.CLOSED, did="cases.closed", text=reason, why=reason)
    if undecided:
        publish(
            CaseClosedUndecided(
                row.pk, row.number, row.procedure.slug, row.applicant_id, row.origin
            )
        )


def _require_one(by: Actor, row: Case, rights: Sequence[str]) -> None:
    if by.is_citizen or not by.may_one_of(rights, row.department_id):
        raise NotAllowed
    require_reachable(row)


def _faultless(row: Case, text: DecisionText) -> DecisionText:
    final = filled_for(row, text)
    if found := faults_of(row, final):
        raise DecisionFaulty(found)
    for part in WORDED:
        written(getattr(final, part), required=False, field=part)
    return final


def _document(row: Case, text: DecisionText, by: Actor, signed_by: str) -> bytes:
    draft = DecisionDraft.objects.filter(case=row).first()
    handled_by = draft.author_name if draft else by.name
    return document(row, text, on=today(), handled_by=handled_by, signed_by=signed_by)


def _keep(row: Case, text: DecisionText, file: CaseFile, by: Actor, moment: datetime) -> None:
    """The decision takes the place of its draft."""
    DecisionDraft.objects.filter(case=row).delete()
    Decision.objects.create(
        case=row,
        subject_id=row.applicant_id,
        outcome=Outcome(text.outcome),
        title=text.title[:250],
        ruling=text.ruling,
        reasons=text.reasons,
        remedy_text=text.remedy,
        remedy_until=remedy_until(row, text, today()),
        document=file,
        decided_at=moment,
        delivered_at=moment,
        by_id=by.person,
        by_name=by.name,
    )
