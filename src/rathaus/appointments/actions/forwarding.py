"""Sending somebody on: to another matter of the house, or to another location."""

from __future__ import annotations

from uuid import UUID

from rathaus.appointments.actions.queue_rows import (
    happen,
    locked_ticket,
    note_person,
    own_session,
    ticket_at,
)
from rathaus.appointments.actions.tickets import (
    Drawn,
    Wished,
    drawn_ticket,
    fresh_ticket,
    insert,
    location_named,
    offers_at,
)
from rathaus.appointments.calling_order import Turn
from rathaus.appointments.models import Ticket
from rathaus.appointments.queue_errors import TicketMoved
from rathaus.appointments.queue_replay import Deed
from rathaus.appointments.ticket_states import AT_COUNTER, OPEN, TicketChannel
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.transaction import atomic


@atomic
def forward(*, by: Actor, ticket: UUID, offer: str, location: str = "", note: str = "") -> Drawn:
    """Send somebody to another matter, at another location too; the waiting time goes along.

    In the same location the number stays; elsewhere there is a new one. Raises `NothingChosen` for
    a matter that is not served there, `UnknownLocation`, and what is said of a ticket elsewhere.
    """
    row = _at_hand(by, ticket)
    row.note = note[:200] or row.note
    row.save(update_fields=["note"])
    note_person(row, by=by, did="appointments.forwarded")
    target = location_named(location or row.location.slug)
    offers = offers_at(target, [offer])
    if target.pk == row.location_id:
        details = {
            "offers": [one.slug for one in offers],
            "skills": sorted({one.skill.slug for one in offers if one.skill}),
        }
        happen(row, Deed.FORWARDED, by=by, counter=row.counter_id, details=details)
        return drawn_ticket(row)
    happen(row, Deed.SENT_AWAY, by=by, counter=row.counter_id, details={"to": target.slug})
    wished = Wished((), row.persons, Turn(row.turn), row.language)
    fresh = fresh_ticket(target, wished, offers, TicketChannel(row.channel))
    fresh.forwarded_from, fresh.note = row, row.note
    fresh.booking_id, fresh.appointment_at = row.booking_id, row.appointment_at
    fresh.arrived_at, fresh.drawn_at = row.arrived_at, now()
    return drawn_ticket(insert(fresh, by))


def _at_hand(by: Actor, ticket: UUID) -> Ticket:
    """A ticket at the clerk's counter, or one that nobody serves."""
    row = locked_ticket(by, ticket)
    if row.state not in OPEN:
        raise TicketMoved
    return ticket_at(own_session(by), by, ticket) if row.state in AT_COUNTER else row
