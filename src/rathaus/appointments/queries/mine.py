"""The appointments of a citizen, and one of them as its owner sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rathaus.appointments.models import Booking, Offer
from rathaus.appointments.queries.finding import Proofs, code_at_kiosk, visible_booking
from rathaus.appointments.states import State
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.localized import Localized

MOST_SHOWN = 100
TONES = {
    State.HELD: "warning",
    State.BOOKED: "success",
    State.ARRIVED: "success",
    State.MISSED: "warning",
}


@dataclass(frozen=True)
class OwnBooking:
    """A booking as its owner sees it; `minutes_left` to confirm it, None where that is over.

    `code` is typed or scanned at the kiosk; empty where there is nothing to check in for.
    """

    id: UUID
    titles: Sequence[Localized]
    advice: Sequence[Localized]
    location: Localized
    address: str
    counter: str
    persons: int
    begins_at: datetime
    ends_at: datetime
    state: str
    status: str
    tone: str
    minutes_left: int | None
    can_be_changed: bool
    email: str
    code: str
    case_number: str

    @property
    def is_held(self) -> bool:
        """Whether it waits to be confirmed, in time."""
        return self.minutes_left is not None


def my_bookings(*, by: Actor) -> list[OwnBooking]:
    """The newest hundred bookings of a citizen, in two queries, without what was not confirmed."""
    if not by.is_citizen:
        return []
    rows = Booking.objects.visible_to(by).select_related("location", "counter")
    shown = list(rows.exclude(state=State.EXPIRED).order_by("-begins_at")[:MOST_SHOWN])
    offers = _offers(shown)
    return [_own(row, offers) for row in shown]


def own_booking(*, by: Actor, booking: UUID, proofs: Proofs = ()) -> OwnBooking:
    """One booking, or `NotFound`."""
    row = visible_booking(by, booking, did="appointments.read", proofs=proofs)
    return _own(row, _offers([row]))


def _offers(rows: Sequence[Booking]) -> dict[str, Offer]:
    slugs = {wish["offer"] for row in rows for wish in row.chosen}
    return {offer.slug: offer for offer in Offer.objects.filter(slug__in=slugs)}


def _own(row: Booking, offers: dict[str, Offer]) -> OwnBooking:
    chosen = [offers[wish["offer"]] for wish in row.chosen if wish["offer"] in offers]
    state, moment = State(row.state), now()
    left: int | None = None
    if state is State.HELD and row.hold_until is not None and row.hold_until > moment:
        left = -(-(row.hold_until - moment) // timedelta(minutes=1))
    return OwnBooking(
        id=row.pk,
        titles=[offer.title for offer in chosen],
        advice=[offer.advice for offer in chosen if offer.advice],
        location=row.location.name,
        address=row.location.address,
        counter=row.counter.name,
        persons=row.persons,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        state=state.value,
        status=row.get_state_display(),
        tone=TONES.get(state, "neutral"),
        minutes_left=left,
        can_be_changed=state is State.BOOKED and row.begins_at > moment,
        email=row.guest_email,
        code=code_at_kiosk(row) if row.ends_at > moment else "",
        case_number=row.case_number,
    )
