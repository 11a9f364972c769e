"""What the call display and the page of a ticket show: numbers, never who they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from rathaus.appointments.calling_order import place
from rathaus.appointments.models import Counter, Location, Offer, Ticket
from rathaus.appointments.queries.queue_settings import punctuality_of, settings_of
from rathaus.appointments.queries.tickets import WaitingTicket, waiting_tickets
from rathaus.appointments.queries.waits import estimates
from rathaus.appointments.ticket_states import AT_COUNTER, TicketChannel, TicketState
from rathaus.appointments.wait_rounding import ShownWait, shown
from rathaus.appointments.waiting_time import Wait
from rathaus.core.clock import now, today
from rathaus.core.localized import Localized

MOST_CALLS_SHOWN = 5
SHOWN_FOR = timedelta(minutes=5)  # whoever walks slowly still finds their number
MOST_WAITING_SHOWN = 8


@dataclass(frozen=True)
class Call:
    """A number and where it goes; `mark` is another one for each time it is called."""

    label: str
    counter: str
    called_at: datetime
    mark: str


@dataclass(frozen=True)
class Display:
    """The last calls first, who comes after them, and how many more wait."""

    location: Location
    calls: Sequence[Call]
    waiting: Sequence[str]
    more: int


def display(location: Location) -> Display:
    """What hangs on the wall."""
    lately = Q(state__in=sorted(AT_COUNTER)) | Q(called_at__gte=now() - SHOWN_FOR)
    rows = Ticket.objects.filter(lately, location=location, day=today(), called_at__isnull=False)
    rows = rows.exclude(channel=TicketChannel.VIDEO)  # they see it at home
    called = rows.select_related("counter").order_by("-called_at")[:MOST_CALLS_SHOWN]
    calls = [
        Call(row.label, row.counter.name, row.called_at, f"{row.label}/{row.calls}/{row.called_at}")
        for row in called
        if row.counter is not None and row.called_at is not None
    ]
    waiting = [one.label for one in in_turn(location)]
    return Display(
        location, calls, waiting[:MOST_WAITING_SHOWN], max(len(waiting) - MOST_WAITING_SHOWN, 0)
    )


def in_turn(location: Location, *, by_video: bool = False) -> list[WaitingTicket]:
    """All who wait in the house, in the order in which a counter with every skill would call them;
    or all who wait by video.
    """
    punctuality, moment = punctuality_of(settings_of(location)), now()
    waiting = waiting_tickets(location.pk, by_video=by_video)
    return sorted(waiting, key=lambda one: place(one.person, moment, punctuality))


@dataclass(frozen=True)
class TicketPage:
    """A ticket as its owner sees it; `before` are those who stand before it."""

    label: str
    state: str
    location: Localized
    address: str
    titles: Sequence[Localized]
    counter: str
    before: int
    wait: ShownWait | None
    appointment_at: datetime | None
    arrived_at: datetime
    at: datetime

    @property
    def is_waiting(self) -> bool:
        """Whether the turn is still to come."""
        return self.state in (TicketState.WAITING, TicketState.PARKED)


def ticket_page(ticket: Ticket) -> TicketPage:
    """Position and wait of a ticket, as of now."""
    before, wait = 0, None
    if ticket.state == TicketState.WAITING:
        by_video = ticket.channel == TicketChannel.VIDEO
        order = [one.ticket for one in in_turn(ticket.location, by_video=by_video)]
        before = order.index(ticket.pk) if ticket.pk in order else 0
        me = {ticket.pk: ticket.position.waiting()}
        found = estimates(ticket.location, me, by_video=by_video)[ticket.pk]
        wait = shown(found) if isinstance(found, Wait) else None
    forwarded = ticket.state == TicketState.FINISHED and ticket.forwarded_to.exists()
    return TicketPage(
        label=ticket.label,
        state="forwarded" if forwarded else ticket.state,
        location=ticket.location.name,
        address=ticket.location.address,
        titles=titles_of(ticket.offers),
        counter=ticket.counter.name if ticket.counter else "",
        before=before,
        wait=wait,
        appointment_at=ticket.appointment_at,
        arrived_at=ticket.arrived_at,
        at=now(),
    )


def titles_of(offers: Sequence[str]) -> list[Localized]:
    """What the matters are called, in their order."""
    known: dict[str, Localized] = dict(
        Offer.objects.filter(slug__in=offers).values_list("slug", "title")
    )
    return [known[slug] for slug in offers if slug in known]


def counters_of(location: Location) -> list[Counter]:
    """The counters of a location, in order."""
    return list(Counter.objects.filter(location=location, active=True).order_by("number"))
