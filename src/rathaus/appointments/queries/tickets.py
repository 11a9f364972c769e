"""Tickets of today as rules and pages need them, without anything about anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from rathaus.appointments.booking_tokens import hashed
from rathaus.appointments.calling_order import Turn, Waiting
from rathaus.appointments.models import Ticket
from rathaus.appointments.queue_errors import UnknownTicket
from rathaus.appointments.ticket_states import OPEN, TicketChannel, TicketState
from rathaus.core.clock import today


@dataclass(frozen=True)
class WaitingTicket:
    """A ticket that waits, and what the rules know of it."""

    ticket: UUID
    letter: str
    number: int
    person: Waiting

    @property
    def label(self) -> str:
        """What is called and shown."""
        return f"{self.letter} {self.number:03}"


def waiting_tickets(location: int, *, by_video: bool = False) -> Sequence[WaitingTicket]:
    """All who wait in the house of a location today, or all who wait at their screens, in no order.

    They are two queues: nobody in the house goes to a counter for video, nor the reverse.
    """
    rows = Ticket.objects.filter(location_id=location, day=today(), state=TicketState.WAITING)
    of_kind = Q(channel=TicketChannel.VIDEO)
    rows = rows.filter(of_kind if by_video else ~of_kind)
    columns = ("rank", "offers", "arrived_at", "appointment_at", "turn", "skills")
    found = rows.values_list("pk", "letter", "number", *columns)
    return [
        WaitingTicket(
            pk,
            letter,
            number,
            Waiting(rank, tuple(offers), arrived, appointment, Turn(turn), frozenset(skills)),
        )
        for pk, letter, number, rank, offers, arrived, appointment, turn, skills in found
    ]


def ticket_by_token(token: str) -> Ticket:
    """The ticket of today whose page has that secret. Raises `UnknownTicket`."""
    rows = Ticket.objects.select_related("location", "counter")
    row = rows.filter(token_hash=hashed(token), day=today()).first()
    if row is None:
        raise UnknownTicket
    return row


def open_ticket(token: str) -> Ticket | None:
    """The same, if it is still in the queue or at a counter."""
    rows = Ticket.objects.filter(token_hash=hashed(token), day=today(), state__in=sorted(OPEN))
    return rows.first() if token else None
