"""Reminds people of tomorrow's appointments, each once."""

from datetime import datetime, time, timedelta
from uuid import UUID

from rathaus.appointments.actions.letters import remind_of
from rathaus.appointments.models import Booking
from rathaus.appointments.queries.finding import booking_rows
from rathaus.appointments.states import State
from rathaus.audit.actions import record
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.clock import VIENNA, now, today
from rathaus.core.errors import NotAllowed
from rathaus.core.transaction import atomic


def remind(*, by: Actor) -> int:
    """Mail everybody who has an appointment tomorrow and was not reminded yet; how many.

    Each in a transaction of its own: a sweep that breaks off goes on where it stopped.
    """
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    tomorrow = today() + timedelta(days=1)
    begin = datetime.combine(tomorrow, time(), VIENNA)
    end = datetime.combine(tomorrow + timedelta(days=1), time(), VIENNA)
    due = Booking.objects.filter(
        state=State.BOOKED, reminded_at=None, begins_at__gte=begin, begins_at__lt=end
    )
    return sum(
        _remind(by, pk) for pk in list(due.order_by("begins_at").values_list("pk", flat=True))
    )


@atomic
def _remind(by: Actor, booking: UUID) -> bool:
    row = (
        booking_rows()
        .filter(pk=booking, state=State.BOOKED, reminded_at=None)
        .select_for_update(of=("self",), skip_locked=True)
        .first()
    )
    if row is None:
        return False
    row.reminded_at = now()
    row.save(update_fields=["reminded_at"])
    about = [row.person_id] if row.person_id else []
    record(by=by, did="appointments.reminded", on=row, about=about, case=row.case_number)
    remind_of(row)
    return True
