"""The one way to a booking's row: for its owner, a device that proved it, or who serves there."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from rathaus.appointments.channels import Kind
from rathaus.appointments.models import Booking
from rathaus.appointments.states import State
from rathaus.appointments.ticket_tokens import check_in_code
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.errors import Attempt, NotFound

SERVE = "appointments.serve"
Proofs = Collection[UUID]  # the bookings that a device has proved to be its own, by a link


def booking_rows() -> QuerySet[Booking]:
    """Bookings with the rows that every page of one needs."""
    return Booking.objects.select_related("location", "counter", "person")


def visible_booking(
    by: Actor,
    booking: UUID,
    *,
    did: str,
    proofs: Proofs = (),
    rows: QuerySet[Booking] | None = None,
) -> Booking:
    """The booking, or `NotFound` where there is none for them; the attempt is on record."""
    found = (booking_rows() if rows is None else rows).filter(pk=booking).first()
    if found is None:
        raise NotFound
    if not _may_see(by, found, proofs):
        about = [found.person_id] if found.person_id else []
        raise NotFound(attempted=Attempt(did, "booking", str(booking), about=about))
    return found


def _may_see(by: Actor, found: Booking, proofs: Proofs) -> bool:
    if by.kind is ActorKind.SYSTEM:
        return True
    if by.is_staff:
        return by.may(SERVE, found.location.department_id)
    if found.person_id is not None:
        return by.is_citizen and by.person == found.person_id
    return found.pk in proofs


def code_at_kiosk(row: Booking) -> str:
    """What its owner types at the kiosk; empty where nobody checks in: not booked, or by video."""
    if row.state != State.BOOKED or row.counter.kind != Kind.IN_PERSON:
        return ""
    return check_in_code(row.pk)
