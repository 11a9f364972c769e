"""One appointment as staff see it: whose it is, how to reach them, what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rathaus.appointments.models import Booking, Offer
from rathaus.appointments.queries.finding import (
    SERVE,
    address_of,
    code_at_kiosk,
    visible_booking,
)
from rathaus.appointments.queries.mine import TONES
from rathaus.appointments.queries.planning.hits import asked_at, phone_of
from rathaus.appointments.queries.planning.unserved import unserved_bookings
from rathaus.appointments.states import State
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.domain import case_address
from rathaus.core.errors import NotAllowed
from rathaus.core.localized import Localized


@dataclass(frozen=True)
class StaffBooking:
    """An appointment with its owner; `asked_at` is when they were asked to choose another time.

    `code` is what they type at the kiosk; empty where there is nothing to check in for.
    """

    row: Booking
    titles: Sequence[Localized]
    advice: Sequence[Localized]
    code: str
    name: str
    email: str
    phone: str
    tone: str
    case_address: str
    is_unserved: bool
    asked_at: datetime | None
    can_be_changed: bool


def staff_booking(*, by: Actor, booking: UUID) -> StaffBooking:
    """One appointment at a location where somebody serves, or `NotFound`; a read on record."""
    if not by.is_staff:
        raise NotAllowed
    row = visible_booking(by, booking, did="appointments.read")
    by.require(SERVE, row.location.department_id)
    offers = {offer.slug: offer for offer in Offer.objects.all()}
    chosen = [offers[wish["offer"]] for wish in row.chosen if wish["offer"] in offers]
    is_coming = row.state == State.BOOKED and row.begins_at > now()
    return StaffBooking(
        row=row,
        titles=[offer.title for offer in chosen],
        advice=[offer.advice for offer in chosen if offer.advice],
        code=code_at_kiosk(row) if row.ends_at > now() else "",
        name=row.name,
        email=address_of(row),
        phone=phone_of(row),
        tone=TONES.get(State(row.state), "neutral"),
        case_address=case_address(by, row.case_number) if row.case_number else "",
        is_unserved=is_coming and row.pk in unserved_bookings([row.location_id]),
        asked_at=asked_at([row]).get(row.pk),
        can_be_changed=row.state == State.BOOKED,
    )
