"""What staff note on the day: somebody came, was served, or did not come."""

from uuid import UUID

from rathaus.appointments.actions.rows import freed_event, locked, step, write_down
from rathaus.appointments.events import BookingFinished, BookingMissed, PersonArrived
from rathaus.appointments.models import Booking
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.states import State
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import NotAllowed
from rathaus.core.events import publish
from rathaus.core.transaction import atomic


@atomic
def arrive(*, by: Actor, booking: UUID) -> None:
    """Note that whoever has the appointment is in the house; noting it again changes nothing."""
    row = _served(by, booking, "appointments.arrived")
    if row.state == State.ARRIVED:
        return
    step(row, State.ARRIVED)
    write_down(row, by=by, did="appointments.arrived")
    publish(PersonArrived(row.pk, row.location.slug, row.counter_id, row.begins_at))


@atomic
def finish(*, by: Actor, booking: UUID) -> None:
    """Note that the appointment took place; what is left of its time is free."""
    row = _served(by, booking, "appointments.finished")
    if row.state == State.FINISHED:
        return
    step(row, State.FINISHED)
    write_down(row, by=by, did="appointments.finished")
    publish(BookingFinished(row.pk, row.location.slug, row.counter_id))
    _free_the_rest(row)


@atomic
def miss(*, by: Actor, booking: UUID) -> None:
    """Note that nobody came; what is left of the time is free."""
    row = _served(by, booking, "appointments.missed")
    if row.state == State.MISSED:
        return
    step(row, State.MISSED)
    write_down(row, by=by, did="appointments.missed")
    publish(BookingMissed(row.pk, row.location.slug, row.counter_id))
    _free_the_rest(row)


def _served(by: Actor, booking: UUID, did: str) -> Booking:
    row = locked(by, booking, did, ())
    if not by.may(SERVE, row.location.department_id):
        raise NotAllowed
    return row


def _free_the_rest(row: Booking) -> None:
    if row.frees_at > now():
        publish(freed_event(row))
