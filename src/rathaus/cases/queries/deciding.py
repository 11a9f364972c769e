"""What the editor of decisions offers, and what is shown before one goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from rathaus.cases.decision_faults import DecisionText, Found
from rathaus.cases.decision_texts import proposal
from rathaus.cases.errors import DecisionFaulty, NotPossibleNow
from rathaus.cases.models import Case, DecisionDraft
from rathaus.cases.phases import Phase, is_open
from rathaus.cases.queries.content import newest_sections
from rathaus.cases.queries.decision_check import (
    DRAFTING_RIGHTS,
    faults_of,
    filled_for,
    remedy_period,
    remedy_until,
)
from rathaus.cases.queries.finding import find_case, reading_case
from rathaus.cases.words import OUTCOME_TONES
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.localized import localize
from rathaus.core.notation import address_lines


@dataclass(frozen=True)
class FinishedDecision:
    """A draft as it would be delivered today, to whom and how, and what still keeps it inside."""

    draft: DecisionDraft
    final: DecisionText
    found: Sequence[Found]
    address: Sequence[str]
    email: str
    remedy_until: date | None
    remedy_basis: str
    may_sign: bool
    may_return: bool

    @property
    def tone(self) -> str:
        """How good the news is."""
        return OUTCOME_TONES[self.final.outcome]


def decision_templates(*, by: Actor, case: UUID) -> Sequence[tuple[str, str]]:
    """The templates of the case's procedure: slug and name."""
    rules = find_case(by, case).procedure.rules
    return [(template.slug, localize(template.name.plain())) for template in rules.templates]


def proposed_decision(*, by: Actor, case: UUID, template: str) -> DecisionText | None:
    """What a template says about the case; `None` for a template that does not exist."""
    row = find_case(by, case)
    words = row.procedure.rules.template(template)
    if words is None:
        return None
    with reading_case(by, case):
        return proposal(row, newest_sections(row), words, today())


def decision_draft(*, by: Actor, case: UUID) -> DecisionDraft | None:
    """The draft in a case that is still to be decided, for those who may write one.

    Raises `NotFound`, `NotAllowed`, `NotPossibleNow`.
    """
    return _draft_of(by, _undecided(by, case))


def finished_decision(*, by: Actor, case: UUID) -> FinishedDecision:
    """The draft as it would go out today.

    Raises like `decision_draft`, and `NotFound` without one.
    """
    row = _undecided(by, case)
    draft = _draft_of(by, row)
    if draft is None:
        raise NotFound
    with reading_case(by, case):
        final, found = _judged(row, draft.text)
        return FinishedDecision(
            draft=draft,
            final=final,
            found=found,
            address=address_lines(row.applicant_address),
            email=row.applicant.email or "",
            remedy_until=remedy_until(row, final, today()),
            remedy_basis=remedy_period(row, final, today()).basis,
            may_sign=by.may_one_of(
                row.procedure.rules.rights_to_sign(draft.text), row.department_id
            ),
            may_return=draft.stage == DecisionDraft.Stage.SUBMITTED
            and by.may("cases.decide", row.department_id),
        )


def _judged(row: Case, text: DecisionText) -> tuple[DecisionText, Sequence[Found]]:
    try:
        final = filled_for(row, text)
    except DecisionFaulty as error:
        return text, error.found
    return final, faults_of(row, final)


def _undecided(by: Actor, case: UUID) -> Case:
    row = find_case(by, case)
    if by.is_citizen or not by.may_one_of(DRAFTING_RIGHTS, row.department_id):
        raise NotAllowed
    if not is_open(Phase(row.phase)):
        raise NotPossibleNow
    return row


def _draft_of(by: Actor, row: Case) -> DecisionDraft | None:
    with reading_case(by, row.pk):
        return DecisionDraft.objects.filter(case=row).first()
