"""Everything about one case at hand, for the clerk and for the applicant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rathaus.accounts.queries import staff_holding
from rathaus.cases.deadlines import last_day
from rathaus.cases.models import (
    Case,
    CaseContent,
    CaseFile,
    CaseState,
    CaseStep,
    CorrectionRequest,
    Decision,
    DecisionDraft,
    Message,
    Note,
    Suspension,
)
from rathaus.cases.phases import Phase, is_open
from rathaus.cases.queries.amendments import Amendment, amendments
from rathaus.cases.queries.deadline_view import DeadlineView, deadline_view
from rathaus.cases.queries.finding import case_rows, find_case, reading_case, visible_case
from rathaus.cases.queries.handing_over import may_assign
from rathaus.cases.sections import Section, from_json
from rathaus.cases.words import (
    OUTCOME_TONES,
    PHASE_TONES,
    PHASES,
    StatusStep,
    caption_of,
    status_line,
    title_of,
)
from rathaus.core.actor import Actor
from rathaus.core.city import current_city
from rathaus.core.clock import local_date, today
from rathaus.core.domain import CaseFact, NextStep, case_facts, domains, next_steps, still_to_do
from rathaus.core.localized import localize


@dataclass(frozen=True)
class MessageView:
    """A message with its files; `own` where the reader's side wrote it.

    `answers` is the correction request to which it replies, if it does.
    """

    author: str
    at: datetime
    text: str
    own: bool
    unread: bool
    files: Sequence[CaseFile] = ()
    answers: CorrectionRequest | None = None


@dataclass(frozen=True)
class StepView:
    """A line of the history; `by` is empty where the applicant reads what they did themself."""

    at: datetime
    kind: str
    text: str
    by: str


@dataclass(frozen=True)
class CaseView:
    """What clerk and applicant both see of a case; `applicant` is how the reader may call them."""

    case: Case
    applicant: str
    title: str
    caption: str
    status: str
    tone: str
    line: Sequence[StatusStep]
    deadline: DeadlineView | None
    sections: Sequence[Section]
    filed_at: datetime | None
    files: Sequence[CaseFile]
    messages: Sequence[MessageView]
    steps: Sequence[StepView]
    corrections: Sequence[CorrectionRequest]
    decision: Decision | None
    facts: Sequence[CaseFact]
    next_steps: Sequence[NextStep]

    @property
    def to_do(self) -> bool:
        """Whether the applicant has something to do, apart from answering the office."""
        return still_to_do(self.next_steps)

    @property
    def open_correction(self) -> CorrectionRequest | None:
        """The correction that the office is waiting for."""
        return next((row for row in self.corrections if row.closed_at is None), None)

    @property
    def decision_tone(self) -> str:
        """How good the news of the decision is."""
        return OUTCOME_TONES[self.decision.outcome] if self.decision else "neutral"

    @property
    def has_unread(self) -> bool:
        """Whether the other side wrote something that is not yet marked as read."""
        return any(message.unread for message in self.messages)

    @property
    def is_open(self) -> bool:
        """Whether a decision is still owed."""
        return is_open(Phase(self.case.phase))


@dataclass(frozen=True)
class Version:
    """An earlier version of what was filed."""

    number: int
    at: datetime
    sections: Sequence[Section]


@dataclass(frozen=True)
class CorrectionTime:
    """How long the applicant would have for a correction ordered today, and by which law."""

    due_on: date
    basis: str


@dataclass(frozen=True)
class StaffCaseView(CaseView):
    """What only the office sees: notes, earlier versions, and what this clerk may do."""

    notes: Sequence[Note]
    versions: Sequence[Version]
    amendments: Sequence[Amendment]
    colleagues: Sequence[tuple[UUID, str]]
    states: Sequence[tuple[str, str]]
    rights: Mapping[str, bool]
    next_correction: CorrectionTime
    draft: DecisionDraft | None


def staff_case(*, by: Actor, case: UUID) -> StaffCaseView:
    """The case for the workspace. Raises `NotFound`."""
    with reading_case(by, case):
        return _staff_view(by, visible_case(by, case, "cases.read", case_rows()))


def own_case(*, by: Actor, case: UUID) -> CaseView:
    """The case for its applicant. Raises `NotFound`."""
    row = find_case(by, case)
    return _case_view(by, row, CaseContent.objects.filter(case=row).order_by("-version")[:1])


def changes_since(*, by: Actor, case: UUID, seen: int) -> Sequence[StepView]:
    """What happened to a case after the revision that somebody has on their screen."""
    row = find_case(by, case)
    with reading_case(by, case):
        return _steps(by, row, CaseStep.objects.filter(case=row, revision__gt=seen))


def amend_address(case: Case) -> str | None:
    """Where the applicant can correct what was filed, if the domain it came from offers that."""
    for domain in domains():
        address = domain.amend_address(case.origin, case.pk) if domain.amend_address else None
        if address:
            return address
    return None


def status_of(case: Case) -> str:
    """The state's label, else the phase's."""
    return localize(case.state.label) if case.state else str(PHASES[Phase(case.phase)])


def _staff_view(by: Actor, row: Case) -> StaffCaseView:
    contents = list(CaseContent.objects.filter(case=row).order_by("-version"))
    shared = _case_view(by, row, contents[:1])
    return StaffCaseView(
        **vars(shared),
        notes=list(Note.objects.filter(case=row)),
        versions=[_version(content) for content in contents[1:]],
        amendments=amendments(contents),
        colleagues=_colleagues(by, row),
        states=_states(row),
        rights={
            "handle": by.may("cases.handle", row.department_id),
            "assign": may_assign(by, row),
            "decide": by.may("cases.decide", row.department_id),
        },
        next_correction=_next_correction(row),
        draft=DecisionDraft.objects.filter(case=row).first() if shared.is_open else None,
    )


def correction_time(*, by: Actor, case: UUID) -> CorrectionTime:
    """How long a correction ordered today would give the applicant at least."""
    return _next_correction(find_case(by, case))


def _next_correction(row: Case) -> CorrectionTime:
    period = row.procedure.rules.correction_on(today())
    return CorrectionTime(last_day(today(), period, current_city().federal_state), period.basis)


def _case_view(by: Actor, row: Case, newest: Iterable[CaseContent]) -> CaseView:
    content = next(iter(newest), None)
    files = _files(by, row)
    suspensions = list(Suspension.objects.filter(case=row).order_by("starts_on"))
    decision = Decision.objects.filter(case=row).select_related("document__stored").first()
    corrections = list(CorrectionRequest.objects.filter(case=row))
    awaited = next((one for one in corrections if one.closed_at is None), None)
    phase = Phase(row.phase)
    return CaseView(
        case=row,
        applicant=_applicant(by, row),
        title=title_of(row),
        caption=caption_of(row),
        status=status_of(row),
        tone=PHASE_TONES[phase],
        line=status_line(phase, row.received_on, _ended_on(row, decision)),
        deadline=deadline_view(row, suspensions, awaited),
        sections=from_json(content.sections) if content else [],
        filed_at=content.at if content else None,
        files=[file for file in files if file.message_id is None],
        messages=_thread(by, row, files, corrections),
        steps=_steps(by, row, CaseStep.objects.filter(case=row)),
        corrections=corrections,
        decision=decision,
        facts=case_facts(by, row.number),
        next_steps=next_steps(by, row.number) if by.is_citizen else [],
    )


def _ended_on(row: Case, decision: Decision | None) -> date:
    return local_date(decision.delivered_at if decision else row.changed_at)


def _files(by: Actor, row: Case) -> list[CaseFile]:
    files = CaseFile.objects.filter(case=row).select_related("stored")
    return list(files.filter(visible_to_citizen=True) if by.is_citizen else files)


def _steps(by: Actor, row: Case, steps: QuerySet[CaseStep]) -> list[StepView]:
    shown = steps.filter(public=True) if by.is_citizen else steps
    return [
        StepView(step.at, step.get_kind_display(), step.text, _doer(by, row, step))
        for step in shown
    ]


def _doer(by: Actor, row: Case, step: CaseStep) -> str:
    """To citizens the office acts, to staff the person."""
    if by.is_citizen:
        return step.office
    return ", ".join(dict.fromkeys(filter(None, (_called(by, row, step), step.office))))


def _called(by: Actor, row: Case, deed: CaseStep | Message) -> str:
    """The name of who did it: the applicant's as the case knows it, not as the account does."""
    return _applicant(by, row) if deed.by_id == row.applicant_id else deed.by_name


def _applicant(by: Actor, row: Case) -> str:
    if by.is_citizen or row.name_confirmed:
        return row.applicant_name
    return _("%(name)s (nicht bestätigt)") % {"name": row.applicant_name}


def _thread(
    by: Actor, row: Case, files: Sequence[CaseFile], corrections: Sequence[CorrectionRequest]
) -> list[MessageView]:
    """All that was written to each other, the oldest first."""
    answers = [
        MessageView(
            author=_("Sie") if by.is_citizen else _applicant(by, row),
            at=correction.answered_at,
            text=correction.answer,
            own=by.is_citizen,
            unread=False,
            answers=correction,
        )
        for correction in corrections
        if correction.answered_at
    ]
    return sorted([*_messages(by, row, files), *answers], key=attrgetter("at"))


def _messages(by: Actor, row: Case, files: Sequence[CaseFile]) -> list[MessageView]:
    attached: dict[int, list[CaseFile]] = defaultdict(list)
    for file in files:
        if file.message_id is not None:
            attached[file.message_id].append(file)
    own_side = Message.Direction.TO_OFFICE if by.is_citizen else Message.Direction.TO_CITIZEN
    return [
        MessageView(
            author=_author(by, row, message),
            at=message.at,
            text=message.text,
            own=message.direction == own_side,
            unread=message.direction != own_side and message.read_at is None,
            files=attached[message.pk],
        )
        for message in Message.objects.filter(case=row)
    ]


def _author(by: Actor, row: Case, message: Message) -> str:
    """To citizens the office speaks, and they themselves; to staff the person."""
    if not by.is_citizen:
        return _called(by, row, message)
    if message.direction == Message.Direction.TO_OFFICE:
        return _("Sie")
    return message.office or current_city().authority


def _version(content: CaseContent) -> Version:
    return Version(content.version, content.at, from_json(content.sections))


def _colleagues(by: Actor, row: Case) -> list[tuple[UUID, str]]:
    if not may_assign(by, row):
        return []
    return [
        (person.pk, person.full_name) for person in staff_holding("cases.handle", row.department_id)
    ]


def _states(row: Case) -> list[tuple[str, str]]:
    states = CaseState.objects.filter(
        Q(procedure=row.procedure) | Q(procedure=None), phase=row.phase, is_active=True
    )
    return [(state.slug, localize(state.label)) for state in states]
