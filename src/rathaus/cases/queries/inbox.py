"""The inbox: cases of one's departments, filtered, a page at a time: what is open by its deadline,
else the latest first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from rathaus.cases.case_number import parse_case_number
from rathaus.cases.deadlines import Level
from rathaus.cases.models import Case, CaseState, DecisionDraft, Message, Procedure
from rathaus.cases.models.case import CaseQuerySet
from rathaus.cases.phases import Phase, is_open
from rathaus.cases.words import (
    LEVEL_STATES,
    PHASE_TONES,
    PHASES,
    STATE_ICONS,
    title_for_reader,
)
from rathaus.core.actor import Actor
from rathaus.core.localized import localize

PAGE_SIZE = 50
MOST_COUNTED = 1_000
OPEN_PHASES, FOR_APPROVAL = "open", "approval"
OPEN_FILTERS = {OPEN_PHASES, FOR_APPROVAL, *filter(is_open, Phase)}
MINE, NOBODY = "me", "nobody"
# What the applicant wrote and nobody in the office has read.
UNREAD = Message.objects.filter(
    case=OuterRef("pk"), direction=Message.Direction.TO_OFFICE, read_at=None
)


class Cursor(NamedTuple):
    """The place of a row in the order of the inbox: the day by which it is sorted, and the row."""

    day: date
    id: UUID

    def __str__(self) -> str:
        return f"{self.day.isoformat()}_{self.id}"


@dataclass(frozen=True)
class Order:
    """By a day, and by the id among cases of the same day."""

    day: str
    is_descending: bool

    @property
    def columns(self) -> tuple[str, str]:
        """What `order_by` takes."""
        sign = "-" if self.is_descending else ""
        return f"{sign}{self.day}", f"{sign}id"

    @property
    def backwards(self) -> Self:
        """The same, the last first."""
        return replace(self, is_descending=not self.is_descending)

    def beyond(self, place: Cursor) -> Q:
        """Rows after a place, in a form that the index answers."""
        after = "lt" if self.is_descending else "gt"
        same_day_on = Q(**{f"{self.day}__{after}e": place.day})
        return same_day_on & (
            Q(**{f"{self.day}__{after}": place.day}) | Q(**{f"id__{after}": place.id})
        )


SOONEST_DEADLINE = Order("due_sort", is_descending=False)
LATEST = Order("received_on", is_descending=True)


def parse_cursor(text: str) -> Cursor | None:
    """The place that a link names; `None` for anything else, which means the beginning."""
    day, _separator, case = text.partition("_")
    try:
        return Cursor(date.fromisoformat(day), UUID(case))
    except ValueError:
        return None


@dataclass(frozen=True)
class InboxFilter:
    """What a clerk wants to see; empty values do not filter."""

    phase: str = OPEN_PHASES
    state: int | None = None
    department: int | None = None
    procedure: int | None = None
    assigned: str = ""
    level: int | None = None
    words: str = ""

    @property
    def is_open_only(self) -> bool:
        """Whether all that it finds is still to be done, and therefore sorted by its deadline."""
        return self.phase in OPEN_FILTERS


@dataclass(frozen=True)
class InboxRow:
    """One line of the inbox."""

    id: UUID
    number: str
    title: str
    applicant: str
    procedure: str
    department: str
    status: str
    status_tone: str
    assigned_to: str
    received_on: date
    due_on: date | None
    due_state: str
    due_icon: str
    has_news: bool


@dataclass(frozen=True)
class InboxPage:
    """Up to fifty lines, and the cursors of the pages around them (empty: there is none)."""

    rows: Sequence[InboxRow]
    previous: str
    next: str


def inbox(
    *,
    by: Actor,
    wanted: InboxFilter,
    after: Cursor | None = None,
    before: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> InboxPage:
    """The cases this person may see, from a cursor on, in one query: the soonest deadline first,
    or, where closed ones are among them, the latest first.
    """
    order = SOONEST_DEADLINE if wanted.is_open_only else LATEST
    found = _filtered(Case.objects.visible_to(by), by, wanted)
    if before is not None and after is None:
        found = found.filter(order.backwards.beyond(before))
        rows = list(_rows(found, order.backwards)[: size + 1])
        more_before, rows = len(rows) > size, rows[:size][::-1]
        return _page(rows, order, more_before=more_before, more_after=True)
    if after is not None:
        found = found.filter(order.beyond(after))
    rows = list(_rows(found, order)[: size + 1])
    return _page(rows[:size], order, more_before=after is not None, more_after=len(rows) > size)


@dataclass(frozen=True)
class Hits:
    """How many cases were found; counting ends at a thousand, so that nobody waits for it."""

    number: int
    are_more: bool


def count_hits(*, by: Actor, wanted: InboxFilter) -> Hits:
    """How many cases fit the filters, in one query."""
    found = _filtered(Case.objects.visible_to(by), by, wanted)[: MOST_COUNTED + 1].count()
    return Hits(number=min(found, MOST_COUNTED), are_more=found > MOST_COUNTED)


@dataclass(frozen=True)
class InboxChoices:
    """What the filters offer: pairs of value and text."""

    procedures: Sequence[tuple[int, str]]
    departments: Sequence[tuple[int, str]]
    states: Sequence[tuple[int, str]]


def inbox_choices(*, by: Actor, procedure: int | None = None) -> InboxChoices:
    """Departments and their procedures for the filters, in one query; states of a procedure."""
    allowed = by.departments("cases.read")
    procedures = list(Procedure.objects.select_related("department").order_by("slug"))
    departments = {
        procedure.department_id: localize(procedure.department.name) for procedure in procedures
    }
    return InboxChoices(
        procedures=sorted(
            (
                (row.pk, localize(row.name))
                for row in procedures
                if allowed is None or not allowed.isdisjoint(row.handled_in)
            ),
            key=lambda pair: pair[1],
        ),
        departments=sorted(
            (pair for pair in departments.items() if allowed is None or pair[0] in allowed),
            key=lambda pair: pair[1],
        ),
        states=_states(procedure) if procedure is not None else (),
    )


def _states(procedure: int) -> list[tuple[int, str]]:
    states = CaseState.objects.filter(procedure=procedure, is_active=True)
    return [(state.pk, localize(state.label)) for state in states]


def _filtered(rows: CaseQuerySet, by: Actor, wanted: InboxFilter) -> CaseQuerySet:
    rows = rows.still_open() if wanted.phase in (OPEN_PHASES, FOR_APPROVAL) else rows
    if wanted.phase == FOR_APPROVAL:
        rows = rows.filter(draft__stage=DecisionDraft.Stage.SUBMITTED)
    if wanted.phase in set(Phase):
        rows = rows.filter(phase=wanted.phase)
    exact = {
        "state_id": wanted.state,
        "department_id": wanted.department,
        "procedure_id": wanted.procedure,
        "level": wanted.level,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if wanted.assigned == NOBODY:
        rows = rows.filter(assigned_to=None)
    elif wanted.assigned == MINE:
        rows = rows.filter(assigned_to=by.person)
    return rows.filter(_containing(wanted.words)) if wanted.words else rows


def _containing(words: str) -> Q:
    number = parse_case_number(words)
    if number is not None:
        return Q(number=str(number))
    condition = Q()
    for word in words.lower().split():
        is_email = "@" in word  # kept with the person and indexed there, whole
        condition &= Q(applicant__email=word) if is_email else Q(search_text__contains=word)
    return condition


def _rows(
    rows: CaseQuerySet, order: Order
) -> Any:  # a query of plain mappings, sliced by the caller
    return (
        rows.annotate(has_news=Exists(UNREAD))
        .order_by(*order.columns)
        .values(
            "id",
            "number",
            "title",
            "applicant_id",
            "applicant_name",
            "procedure__name",
            "department__name",
            "phase",
            "state__label",
            "assigned_to__subject_id",
            "assigned_to__given_name",
            "assigned_to__family_name",
            "received_on",
            "due_on",
            "due_sort",
            "suspended_since",
            "level",
            "has_news",
        )
    )


def _page(
    rows: Sequence[Mapping[str, Any]], order: Order, *, more_before: bool, more_after: bool
) -> InboxPage:
    def cursor(row: Mapping[str, Any]) -> str:
        return str(Cursor(row[order.day], row["id"]))

    return InboxPage(
        rows=[inbox_row(row) for row in rows],
        previous=cursor(rows[0]) if rows and more_before else "",
        next=cursor(rows[-1]) if rows and more_after else "",
    )


def inbox_row(row: Mapping[str, Any]) -> InboxRow:
    """A line from the columns of a case."""
    phase, level = Phase(row["phase"]), Level(row["level"])
    due_state = "suspended" if row["suspended_since"] else LEVEL_STATES[level]
    state = localize(row["state__label"]) if row["state__label"] else str(PHASES[phase])
    clerk = f"{row['assigned_to__given_name'] or ''} {row['assigned_to__family_name'] or ''}"
    return InboxRow(
        id=row["id"],
        number=row["number"],
        title=title_for_reader(row["title"], row["procedure__name"]),
        applicant=row["applicant_name"],
        procedure=localize(row["procedure__name"]),
        department=localize(row["department__name"]),
        status=state,
        status_tone=PHASE_TONES[phase],
        assigned_to=clerk.strip(),
        received_on=row["received_on"],
        due_on=row["due_on"] if is_open(phase) else None,
        due_state=due_state,
        due_icon=STATE_ICONS[due_state],
        has_news=row["has_news"],
    )
