"""How a booking is settled, and how it is given back."""

from uuid import UUID

from rathaus.appointments.actions import taking
from rathaus.appointments.actions.holding import booked_event
from rathaus.appointments.actions.letters import tell_booked, tell_cancelled
from rathaus.appointments.actions.links import Purpose, use_link
from rathaus.appointments.actions.rows import freed_event, locked, require, step, write_down
from rathaus.appointments.errors import HoldExpired, NotPossibleNow
from rathaus.appointments.events import BookingCancelled
from rathaus.appointments.queries.finding import Proofs
from rathaus.appointments.states import State
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import now
from rathaus.core.events import publish
from rathaus.core.transaction import atomic


@atomic
def confirm(*, by: Actor, booking: UUID, proofs: Proofs = ()) -> None:
    """Settle a held appointment; settling it again changes nothing.

    Raises `NotFound`, `HoldExpired`, and `NotPossibleNow` for one that was given back.
    """
    row = locked(by, booking, "appointments.confirmed", proofs)
    if row.state == State.BOOKED:
        return
    if row.state == State.EXPIRED or (
        row.state == State.HELD and row.hold_until is not None and row.hold_until <= now()
    ):
        raise HoldExpired
    step(row, State.BOOKED)
    write_down(row, by=by, did="appointments.confirmed")
    publish(booked_event(row, row.location.slug))
    tell_booked(row)


@atomic
def confirm_by_link(*, token: str) -> UUID:
    """Settle the appointment that a mail's link belongs to, and tell which it is.

    Raises `LinkUsed` and like `confirm`; a refused link can be used again.
    """
    booking = use_link(token, Purpose.CONFIRM)
    confirm(by=ANONYMOUS, booking=booking, proofs={booking})
    return booking


@atomic
def cancel(*, by: Actor, booking: UUID, proofs: Proofs = (), why: str = "") -> None:
    """Give an appointment back before it begins; giving it back again changes nothing.

    Whoever waits may be given the time by a listener of `SlotFreed` before anybody sees it free.
    Raises `NotFound` and `NotPossibleNow`.
    """
    row = locked(by, booking, "appointments.cancelled", proofs)
    if row.state == State.CANCELLED:
        return
    if not by.is_staff and row.begins_at <= now():
        raise NotPossibleNow
    was_booked = row.state == State.BOOKED
    require(row, State.CANCELLED)
    taking.give_back(row, State.CANCELLED)
    write_down(row, by=by, did="appointments.cancelled", why=why)
    publish(BookingCancelled(row.pk, row.location.slug, row.begins_at, by.is_staff))
    publish(freed_event(row))
    if was_booked:
        tell_cancelled(row)


@atomic
def cancel_by_link(*, token: str) -> UUID:
    """Give back the appointment that a mail's link belongs to. Raises `LinkUsed`, like `cancel`."""
    booking = use_link(token, Purpose.CANCEL)
    cancel(by=ANONYMOUS, booking=booking, proofs={booking})
    return booking
