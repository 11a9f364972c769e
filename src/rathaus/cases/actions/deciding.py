"""How a case ends: with a decision delivered to the portal, or closed as done."""

from datetime import date, datetime
from uuid import UUID

from rathaus.cases.actions.changing import attach, lock_case, move, write_down, written
from rathaus.cases.actions.notices import tell_applicant
from rathaus.cases.actions.waiting import stop_waiting
from rathaus.cases.deadlines import last_day
from rathaus.cases.decision_faults import WORDED, DecisionText, not_fillable
from rathaus.cases.decision_texts import document, filled, placeholder_values
from rathaus.cases.errors import DecisionFaulty
from rathaus.cases.events import CaseClosedUndecided, CaseDecided
from rathaus.cases.models import Case, CaseFile, CaseStep, Decision, Outcome
from rathaus.cases.phases import Phase
from rathaus.cases.queries.content import newest_sections
from rathaus.cases.queries.decision_check import faults_of
from rathaus.cases.queries.finding import find_case
from rathaus.cases.sections import Attachment
from rathaus.core.actor import Actor
from rathaus.core.city import current_city
from rathaus.core.clock import now, today
from rathaus.core.errors import NotAllowed
from rathaus.core.events import publish
from rathaus.core.files import store
from rathaus.core.transaction import atomic


def preview(*, by: Actor, case: UUID, text: DecisionText) -> bytes:
    """The document as it would look now, gaps included; changes nothing.

    Raises `DecisionFaulty` for placeholders that nothing fills.
    """
    row = _for_decision(by, case)
    return document(row, _filled(row, text), on=today(), signed_by=by.name)


@atomic
def decide(*, by: Actor, case: UUID, text: DecisionText, seen: int) -> None:
    """Decide the case and deliver the document to the applicant's portal; needs `cases.decide`.

    The document is made before the row is locked, so that nobody waits for it; `seen` makes sure
    that it is about the case as it still is. Raises `DecisionFaulty` with all that is wrong,
    `ChangedMeanwhile`, `NotPossibleNow`.
    """
    draft = _for_decision(by, case)
    final = _filled(draft, text)
    if found := faults_of(draft, final):
        raise DecisionFaulty(found)
    pdf = document(draft, final, on=today(), signed_by=by.name)
    stored = store(pdf, name=f"{final.title} {draft.number}.pdf")
    row = lock_case(by, case, did="cases.decided", right="cases.decide", seen=seen)
    moment = now()
    stop_waiting(row)
    move(row, Phase.DECIDED)
    row.decided_at, row.level = moment, 0
    (file,) = attach(row, [Attachment(stored.pk, final.title)], by=by)
    _keep(row, final, file, by, moment)
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
    reason = written(why, required=undecided)
    move(row, Phase.CLOSED)
    row.level = 0
    write_down(row, by=by, kind=CaseStep.Kind.CLOSED, did="cases.closed", text=reason, why=reason)
    if undecided:
        publish(
            CaseClosedUndecided(
                row.pk, row.number, row.procedure.slug, row.applicant_id, row.origin
            )
        )


def _for_decision(by: Actor, case: UUID) -> Case:
    row = find_case(by, case, did="cases.decided")
    if by.is_citizen or not by.may("cases.decide", row.department_id):
        raise NotAllowed
    return row


def _filled(row: Case, text: DecisionText) -> DecisionText:
    values = placeholder_values(row, newest_sections(row), today())
    if found := not_fillable(text, values.keys()):
        raise DecisionFaulty(found)
    final = filled(text, values)
    for part in WORDED:
        written(getattr(final, part), required=False)
    return final


def _keep(row: Case, text: DecisionText, file: CaseFile, by: Actor, moment: datetime) -> None:
    Decision.objects.create(
        case=row,
        subject_id=row.applicant_id,
        outcome=Outcome(text.outcome),
        title=text.title[:250],
        ruling=text.ruling,
        reasons=text.reasons,
        remedy_text=text.remedy,
        remedy_until=_remedy_until(row, today()) if text.remedy else None,
        document=file,
        decided_at=moment,
        delivered_at=moment,
        by_id=by.person,
        by_name=by.name,
    )


def _remedy_until(row: Case, delivered_on: date) -> date:
    period = row.procedure.rules.remedy_on(delivered_on)
    return last_day(delivered_on, period, current_city().federal_state)
