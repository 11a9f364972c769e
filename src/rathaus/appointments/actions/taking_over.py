"""Lets the appointments of a guest follow into the account of the citizen who takes them over."""

from uuid import UUID

from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.queries import actor_by_id
from rathaus.appointments.identity import identity_of
from rathaus.appointments.models import Booking
from rathaus.audit.actions import record
from rathaus.core.transaction import atomic


@atomic
def take_over_bookings(event: MattersTakenOver) -> None:
    """Make the named bookings of the guest the citizen's."""
    rows = Booking.objects.select_for_update().filter(person=event.guest).order_by("pk")
    by = actor_by_id(event.citizen)
    for row in rows:
        if str(row.pk) not in event.references:
            continue
        row.person_id = event.citizen
        row.identity = identity_of(person=event.citizen, email="")
        row.save(update_fields=["person", "identity"])
        about: list[UUID] = [event.guest, event.citizen]
        record(by=by, did="appointments.taken_over", on=row, about=about, case=row.case_number)
