"""Forgets who came or waited as a guest, once the time for it is over; what happened stays."""

from __future__ import annotations

from dataclasses import dataclass

from rathaus.appointments.models import Booking, BookingLink, WaitlistEntry, WaitlistLink
from rathaus.appointments.models.bookings import BookingQuerySet
from rathaus.appointments.retention import forgotten_before, kept_on
from rathaus.appointments.states import State
from rathaus.appointments.waitlist_states import OPEN
from rathaus.audit.actions import record
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.clock import today
from rathaus.core.errors import NotAllowed
from rathaus.core.transaction import atomic

NOBODY = {"guest_name": "", "guest_email": "", "guest_phone": "", "identity": ""}


@dataclass(frozen=True)
class Forgotten:
    """How many bookings and entries of the waitlist nobody can be named for any more."""

    bookings: int
    entries: int


@atomic
def forget_guests(*, by: Actor) -> Forgotten:
    """Empty name, address, phone and identity of guests whose time is over, and drop their links.

    Bookings of a case and of people with an account are theirs and stay. A second run finds
    nothing. Raises `NotAllowed` for people.
    """
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    forgotten = Forgotten(_forget_bookings(), _forget_waiting())
    if forgotten != Forgotten(0, 0):
        details = {"bookings": forgotten.bookings, "entries": forgotten.entries}
        record(by=by, did="appointments.guests_forgotten", details=details)
    return forgotten


def _forget_bookings() -> int:
    kept = kept_on(today())
    guests = Booking.objects.filter(person=None, case_number="").exclude(**NOBODY)
    settled = guests.exclude(state__in=[State.HELD, State.EXPIRED])
    over = settled.filter(begins_at__lt=forgotten_before(today(), kept.after_appointment_days))
    expired = guests.filter(
        state=State.EXPIRED,
        changed_at__lt=forgotten_before(today(), kept.after_expired_hold_days),
    )
    return _empty(over) + _empty(expired)


def _empty(rows: BookingQuerySet) -> int:
    found = list(rows.values_list("pk", flat=True))
    BookingLink.objects.filter(booking__in=found).delete()
    return Booking.objects.filter(pk__in=found).update(**NOBODY)


def _forget_waiting() -> int:
    before = forgotten_before(today(), kept_on(today()).after_waiting_days)
    guests = WaitlistEntry.objects.filter(person=None, changed_at__lt=before)
    closed = guests.exclude(state__in=sorted(OPEN)).exclude(**NOBODY)
    found = list(closed.values_list("pk", flat=True))
    WaitlistLink.objects.filter(entry__in=found).delete()
    return WaitlistEntry.objects.filter(pk__in=found).update(**NOBODY)
