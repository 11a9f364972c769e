"""What runs for a citizen, and what did: the page "Meine Anliegen", and the links to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from rathaus.cases.models import Case, CorrectionRequest, Message
from rathaus.cases.phases import Phase, is_open
from rathaus.cases.words import (
    PHASE_TONES,
    PHASES,
    StatusStep,
    caption_of,
    status_line,
    title_of,
)
from rathaus.core.actor import Actor
from rathaus.core.clock import local_date, today
from rathaus.core.domain import OwnMatter
from rathaus.core.localized import localize

MOST_SHOWN = 100


@dataclass(frozen=True)
class OwnCase:
    """A case in its applicant's list; `answer_until` where the office waits for a correction."""

    id: UUID
    number: str
    title: str
    caption: str
    status: str
    tone: str
    line: Sequence[StatusStep]
    received_on: date
    due_on: date | None
    resting: bool
    overdue: bool
    answer_until: date | None
    has_news: bool
    is_open: bool


def my_cases(*, by: Actor) -> list[OwnCase]:
    """The newest hundred cases of a citizen, in three queries."""
    rows = Case.objects.visible_to(by).select_related("procedure", "state")
    cases = list(rows.order_by("-opened_at")[:MOST_SHOWN])
    waiting = [row.pk for row in cases if row.phase == Phase.INCOMPLETE]
    until = _answer_until(waiting) if waiting else {}
    news = _with_news([row.pk for row in cases])
    return [_own_case(row, until.get(row.pk), has_news=row.pk in news) for row in cases]


def own_matters(citizen: Actor, numbers: Collection[str]) -> dict[str, OwnMatter]:
    """Title and page of those of the cases with these numbers that are the citizen's own."""
    if not (citizen.is_citizen and numbers):
        return {}
    rows = Case.objects.visible_to(citizen).select_related("procedure")
    return {
        row.number: OwnMatter(title_of(row), reverse("cases:own_case", args=[row.pk]))
        for row in rows.filter(number__in=numbers)
    }


def _with_news(cases: Sequence[UUID]) -> set[UUID]:
    unread = Message.objects.filter(
        case__in=cases, direction=Message.Direction.TO_CITIZEN, read_at=None
    )
    return set(unread.values_list("case_id", flat=True))


def _answer_until(cases: Sequence[UUID]) -> dict[UUID, date]:
    running = CorrectionRequest.objects.filter(case__in=cases, closed_at=None)
    return {request.case_id: request.due_on for request in running}


def _own_case(row: Case, answer_until: date | None, *, has_news: bool) -> OwnCase:
    phase = Phase(row.phase)
    ended_on = local_date(row.decided_at or row.changed_at)
    return OwnCase(
        id=row.pk,
        number=row.number,
        title=title_of(row),
        caption=caption_of(row),
        status=localize(row.state.label) if row.state else str(PHASES[phase]),
        tone=PHASE_TONES[phase],
        line=status_line(phase, row.received_on, ended_on),
        received_on=row.received_on,
        due_on=row.due_on if is_open(phase) else None,
        resting=row.suspended_since is not None,
        overdue=row.due_on is not None and row.due_on < today(),
        answer_until=answer_until,
        has_news=has_news,
        is_open=is_open(phase),
    )
