"""A clerk's counter: who is there, who waits, what happens beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rathaus.appointments.calling_order import Turn, place
from rathaus.appointments.models import (
    Booking,
    Counter,
    CounterSession,
    HelpCall,
    Location,
    Offer,
    Ticket,
)
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.queries.queue_settings import punctuality_of, settings_of
from rathaus.appointments.queries.waits import estimates
from rathaus.appointments.ticket_states import AT_COUNTER, UNDO_WITHIN, TicketState
from rathaus.appointments.wait_rounding import ShownWait, shown
from rathaus.appointments.waiting_time import Wait
from rathaus.audit.reading import reading
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.domain import case_address
from rathaus.core.localized import Localized

MOST_ESTIMATED = 5  # of those who wait; for the others their place says enough
MOST_MISSED = 6
Titles = Mapping[str, Localized]


@dataclass(frozen=True)
class Visitor:
    """Who has the appointment, with the way to their case."""

    name: str
    email: str
    phone: str
    case_number: str
    case_address: str


@dataclass(frozen=True)
class Row:
    """A number in one of the lists; `waited` in minutes. `able` says whether it is for me."""

    ticket: UUID
    label: str
    titles: Sequence[Localized]
    persons: int
    waited: int
    appointment_at: datetime | None
    is_preferred: bool
    note: str
    able: bool
    wait: ShownWait | None = None


@dataclass(frozen=True)
class AtCounter:
    """Whom the counter serves."""

    row: Row
    state: str
    channel: str
    language: str
    calls: int
    most_calls: int
    minutes: int

    @property
    def stamp(self) -> str:
        """Says whether a page shows what is."""
        return f"{self.row.ticket}.{self.state}.{self.calls}"


@dataclass(frozen=True)
class Neighbour:
    """Another counter and whom it serves."""

    name: str
    clerk: str
    label: str
    paused: bool


@dataclass(frozen=True)
class CounterPage:
    """All of it, without anything about anybody; `Visitor` is read apart."""

    location: Location
    counter: Counter
    paused: bool
    current: AtCounter | None
    undo: Row | None
    waiting: Sequence[Row]
    parked: Sequence[Row]
    missed: Sequence[Row]
    help_calls: Sequence[HelpCall]
    neighbours: Sequence[Neighbour]
    offers: Sequence[Offer]

    @property
    def stamp(self) -> str:
        """Says whether a page shows what is."""
        return self.current.stamp if self.current else "-"


def session_of(by: Actor) -> CounterSession | None:
    """The counter at which somebody is."""
    if by.person is None:
        return None
    rows = CounterSession.objects.select_related("counter__location")
    session = rows.filter(person_id=by.person, closed_at=None).first()
    if session and not by.may(SERVE, session.counter.location.department_id):
        return None
    return session


def served_locations(by: Actor) -> list[Location]:
    """The locations at which somebody serves."""
    rows = Location.objects.filter(active=True).order_by("slug")
    departments = by.departments(SERVE)
    return list(rows if departments is None else rows.filter(department_id__in=departments))


def free_counters(by: Actor) -> list[tuple[Location, list[tuple[Counter, bool]]]]:
    """Where they can go: every counter of their locations, and whether nobody is there."""
    taken = set(CounterSession.objects.filter(closed_at=None).values_list("counter_id", flat=True))
    found = []
    for location in served_locations(by):
        counters = location.counters.filter(active=True).order_by("number")
        found.append((location, [(one, one.pk not in taken) for one in counters]))
    return [entry for entry in found if entry[1]]


def counter_page(session: CounterSession) -> CounterPage:
    """What a clerk sees; whoever asks has the session."""
    location, skills = session.counter.location, frozenset(session.skills)
    rows = list(Ticket.objects.filter(location=location, day=today()))
    titles: Titles = dict(Offer.objects.values_list("slug", "title"))
    by_state: dict[str, list[Ticket]] = {state: [] for state in TicketState}
    for row in rows:
        by_state[row.state].append(row)
    missed = sorted(by_state["missed"], key=lambda row: row.ended_at or row.arrived_at)
    return CounterPage(
        location=location,
        counter=session.counter,
        paused=session.paused_at is not None,
        current=_current(session, rows, titles),
        undo=_undo(session, by_state["finished"], titles),
        waiting=_waiting(location, by_state["waiting"], titles, skills),
        parked=[_row(row, titles, skills) for row in by_state["parked"]],
        missed=[_row(row, titles, skills) for row in missed[-MOST_MISSED:][::-1]],
        help_calls=open_help_calls(location),
        neighbours=_neighbours(session, rows),
        offers=list(Offer.objects.filter(active=True).order_by("slug")),
    )


def open_help_calls(location: Location) -> list[HelpCall]:
    """Who needs help now."""
    rows = HelpCall.objects.select_related("counter", "called_by", "answered_by")
    return list(rows.filter(counter__location=location, answered_at=None).order_by("called_at"))


def visitor_of(by: Actor, ticket: UUID) -> Visitor | None:
    """Who stands at the counter, for the clerk who serves them; a read that they can see."""
    with reading(by=by, did="appointments.read"):
        row = (
            Booking.objects.visible_to(by)
            .select_related("person")
            .filter(tickets__pk=ticket)
            .first()
        )
    if row is None:
        return None
    return Visitor(
        name=row.name,
        email=(row.person.email if row.person else row.guest_email) or "",
        phone=row.guest_phone or (row.person.phone if row.person else ""),
        case_number=row.case_number,
        case_address=case_address(by, row.case_number) if row.case_number else "",
    )


def _row(row: Ticket, titles: Titles, skills: frozenset[str]) -> Row:
    return Row(
        ticket=row.pk,
        label=row.label,
        titles=[titles[slug] for slug in row.offers if slug in titles],
        persons=row.persons,
        waited=_minutes(row.arrived_at),
        appointment_at=row.appointment_at,
        is_preferred=row.turn < Turn.NORMAL,
        note=row.note,
        able=frozenset(row.skills) <= skills,
    )


def _waiting(
    location: Location, rows: Sequence[Ticket], titles: Titles, skills: frozenset[str]
) -> list[Row]:
    punctuality, moment = punctuality_of(settings_of(location)), now()
    ordered = sorted(rows, key=lambda row: place(row.position.waiting(), moment, punctuality))
    first = {row.pk: row.position.waiting() for row in ordered[:MOST_ESTIMATED]}
    waits = estimates(location, first)
    found = []
    for row in ordered:
        one, wait = _row(row, titles, skills), waits.get(row.pk)
        if isinstance(wait, Wait):
            one = Row(**{**vars(one), "wait": shown(wait)})
        found.append(one)
    return found


def _current(session: CounterSession, rows: Sequence[Ticket], titles: Titles) -> AtCounter | None:
    for row in rows:
        if row.state in AT_COUNTER and row.counter_id == session.counter_id:
            since = row.began_at or row.called_at or now()
            return AtCounter(
                row=_row(row, titles, frozenset(session.skills)),
                state=row.state,
                channel=row.get_channel_display(),
                language=row.language,
                calls=row.calls,
                most_calls=settings_of(session.counter.location).most_calls,
                minutes=_minutes(since),
            )
    return None


def _undo(session: CounterSession, rows: Sequence[Ticket], titles: Titles) -> Row | None:
    """What was finished here a moment ago."""
    lately = [
        row
        for row in rows
        if row.counter_id == session.counter_id
        and row.began_at is not None
        and row.ended_at is not None
        and now() - row.ended_at <= UNDO_WITHIN
    ]
    last = max(lately, key=lambda row: row.ended_at or row.arrived_at, default=None)
    return _row(last, titles, frozenset(session.skills)) if last else None


def _neighbours(session: CounterSession, rows: Sequence[Ticket]) -> list[Neighbour]:
    served = {row.counter_id: row.label for row in rows if row.state in AT_COUNTER}
    others = CounterSession.objects.select_related("counter", "person").filter(
        counter__location=session.counter.location, closed_at=None
    )
    return [
        Neighbour(
            one.counter.name,
            one.person.full_name,
            served.get(one.counter_id, ""),
            one.paused_at is not None,
        )
        for one in others.exclude(pk=session.pk).order_by("counter__number")
    ]


def _minutes(since: datetime) -> int:
    return max(int((now() - since).total_seconds() // 60), 0)
