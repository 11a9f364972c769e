"""Appointments by video: the page of one, the room of a number, and what is set for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from rathaus.appointments.channels import Kind
from rathaus.appointments.models import Booking, Counter, Location, Ticket, VideoTermsRow
from rathaus.appointments.queries.finding import booking_rows
from rathaus.appointments.queries.queue_pages import in_turn, titles_of
from rathaus.appointments.queries.waits import estimates
from rathaus.appointments.states import State
from rathaus.appointments.ticket_states import OPEN, TicketChannel, TicketState
from rathaus.appointments.video_errors import NotByVideo, UnknownVideoPage
from rathaus.appointments.video_rooms import Step, VideoTerms, room_address, step_now
from rathaus.appointments.video_tokens import booking_of, room_of, video_token
from rathaus.appointments.wait_rounding import ShownWait, shown
from rathaus.appointments.waiting_time import Wait
from rathaus.core.clock import local_date, now, today
from rathaus.core.localized import Localized

NO_SERVICE = VideoTerms("")


@dataclass(frozen=True)
class VideoPage:
    """An appointment by video as its owner sees it; `room` only while the clerk calls or talks.

    `before` are those whose turn comes first, `opens_at` is when one may say that one is there.
    """

    token: str
    booking: UUID
    location_id: int
    titles: Sequence[Localized]
    begins_at: datetime
    ends_at: datetime
    opens_at: datetime
    step: Step
    calls: int
    is_talking: bool
    before: int
    wait: ShownWait | None
    room: str
    ticket: UUID | None
    at: datetime

    @property
    def seconds_until_open(self) -> int:
        """How long until one may say that one is there; nothing where that is past."""
        return max(int((self.opens_at - self.at).total_seconds()), 0)


def video_terms(counter: Counter, on: date) -> VideoTerms:
    """The terms in force at a counter on a day: its own, else those of its location."""
    rows = VideoTermsRow.objects.filter(
        Q(counter=counter) | Q(counter=None), location_id=counter.location_id, valid_from__lte=on
    )
    found = sorted(rows, key=lambda row: (row.counter_id is not None, row.valid_from))
    return terms_in(found[-1]) if found else NO_SERVICE


def terms_in(row: VideoTermsRow) -> VideoTerms:
    """What a row says."""
    return VideoTerms(row.address, row.is_fixed, row.opens_minutes)


def meets_by_video(location: Location) -> bool:
    """Whether a location has both a counter for it and a service."""
    counters = Counter.objects.filter(location=location, kind=Kind.VIDEO, active=True)
    return any(video_terms(counter, today()).address for counter in counters)


def terms_of(location: Location) -> list[VideoTermsRow]:
    """All terms of a location, the newest first."""
    rows = VideoTermsRow.objects.filter(location=location).select_related("counter")
    return list(rows.order_by("-valid_from", "counter__number"))


def booking_by_token(token: str) -> Booking:
    """The booking whose page has that address. Raises `UnknownVideoPage`, `NotByVideo`."""
    booking = booking_of(token)
    row = booking_rows().filter(pk=booking).first() if booking else None  # the link is the proof
    if row is None:
        raise UnknownVideoPage
    if row.counter.kind != Kind.VIDEO:
        raise NotByVideo
    return row


def video_page(token: str) -> VideoPage:
    """The page as of now. Raises `UnknownVideoPage`, `NotByVideo`."""
    row = booking_by_token(token)
    terms = video_terms(row.counter, local_date(row.begins_at))
    ticket = _ticket_of(row)
    state = TicketState(ticket.state) if ticket else None
    here = Ticket.objects.filter(booking=row, state__in=sorted(OPEN))
    in_house = here.exclude(channel=TicketChannel.VIDEO).exists()
    booked = State(row.state)
    step = step_now(booked, state, row.begins_at, now(), terms.opens, in_house=in_house)
    before, wait = _place(ticket) if ticket and step is Step.WAIT else (0, None)
    return VideoPage(
        token=token,
        booking=row.pk,
        location_id=row.location_id,
        titles=titles_of([wish["offer"] for wish in row.chosen]),
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        opens_at=row.begins_at - terms.opens,
        step=step,
        calls=ticket.calls if ticket else 0,
        is_talking=state is TicketState.SERVING,
        before=before,
        wait=wait,
        room=room_of_ticket(ticket) if ticket and step is Step.ENTER else "",
        ticket=ticket.pk if ticket else None,
        at=now(),
    )


def video_address(row: Booking) -> str:
    """The page of a booking by video; empty for one in the house."""
    if row.counter.kind != Kind.VIDEO:
        return ""
    return reverse("appointments:video", args=[video_token(row.pk)])


def room_of_ticket(ticket: Ticket) -> str:
    """Where both meet while a number is called or served; empty for somebody in the house.

    It says nothing about anybody, and reads no booking. Called at a counter without a camera of its
    own, they meet in a room of the first one that has one.
    """
    if ticket.channel != TicketChannel.VIDEO or ticket.booking_id is None:
        return ""
    counters = Counter.objects.filter(location_id=ticket.location_id, kind=Kind.VIDEO)
    here = ticket.counter if ticket.counter and ticket.counter.kind == Kind.VIDEO else None
    counter = here or counters.filter(active=True).order_by("number").first()
    terms = video_terms(counter, ticket.day) if counter else NO_SERVICE
    if not terms.address:
        return ""
    address = room_address(terms, room_of(ticket.booking_id))
    return f"{settings.PORTAL_ADDRESS}{address}" if address.startswith("/") else address


def _ticket_of(row: Booking) -> Ticket | None:
    """The number of somebody who said on the page that they are there."""
    rows = Ticket.objects.select_related("location", "counter").filter(booking=row)
    return rows.filter(channel=TicketChannel.VIDEO).order_by("-drawn_at").first()


def _place(ticket: Ticket) -> tuple[int, ShownWait | None]:
    order = [one.ticket for one in in_turn(ticket.location, by_video=True)]
    before = order.index(ticket.pk) if ticket.pk in order else 0
    waiting = {ticket.pk: ticket.position.waiting()}
    found = estimates(ticket.location, waiting, by_video=True)[ticket.pk]
    return before, shown(found) if isinstance(found, Wait) else None
