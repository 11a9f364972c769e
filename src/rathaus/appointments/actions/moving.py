"""How a booking comes to another time."""

from datetime import datetime
from uuid import UUID

from rathaus.appointments.actions import taking
from rathaus.appointments.actions.chances import chance_for, placed
from rathaus.appointments.actions.holding import Held
from rathaus.appointments.actions.letters import tell_moved
from rathaus.appointments.actions.links import Purpose, use_link
from rathaus.appointments.actions.quotas import minutes_of_quota, return_quota, use_quota
from rathaus.appointments.actions.rows import freed_event, locked, note
from rathaus.appointments.errors import NotPossibleNow, SlotTaken
from rathaus.appointments.events import BookingMoved
from rathaus.appointments.models import Booking
from rathaus.appointments.queries.finding import SERVE, Proofs, visible_booking
from rathaus.appointments.queries.free import Wanted, next_free, wanted_again
from rathaus.appointments.queries.timetables import forget_plans
from rathaus.appointments.states import State
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import local_date, now
from rathaus.core.events import publish
from rathaus.core.transaction import atomic


def move(
    *,
    by: Actor,
    booking: UUID,
    begins_at: datetime,
    location: str = "",
    proofs: Proofs = (),
) -> Held:
    """Bring an appointment to another time, perhaps at another location, as one row.

    The new time is theirs before the old one is anybody else's; on a refusal they keep the old one.
    Moving it where it is changes nothing. Raises `NotFound`, `NotPossibleNow`, `SlotTaken` with the
    next free times, `QuotaExhausted`, one of `TimeNotOffered`, `UnknownLocation`.
    """
    try:
        return _move(by, booking, begins_at, location, proofs)
    except SlotTaken as taken:
        row = visible_booking(by, booking, did="appointments.moved", proofs=proofs)
        raise type(taken)(next_free(wanted_again(row, location), begins_at)) from taken


def move_by_link(*, token: str, begins_at: datetime, location: str = "") -> Held:
    """Move the appointment that a mail's link belongs to. Raises `LinkUsed`, and like `move`; a
    refused link can be used again.
    """
    return _moved_by_link(token, begins_at, location)


@atomic
def _moved_by_link(token: str, begins_at: datetime, location: str) -> Held:
    booking = use_link(token, Purpose.MOVE)
    return move(
        by=ANONYMOUS,
        booking=booking,
        begins_at=begins_at,
        location=location,
        proofs={booking},
    )


@atomic
def _move(by: Actor, booking: UUID, begins_at: datetime, location: str, proofs: Proofs) -> Held:
    row = locked(by, booking, "appointments.moved", proofs)
    if row.state != State.BOOKED or (not by.is_staff and row.begins_at <= now()):
        raise NotPossibleNow
    wanted = wanted_again(row, location)
    if row.begins_at == begins_at and wanted.location == row.location.slug:
        return Held(row.pk, row.begins_at, None)
    freed, begun_before = freed_event(row), row.begins_at
    _bring(row, wanted, begins_at, by)
    note(row, by=by, did="appointments.moved")
    where = row.location.slug, row.counter_id, row.begins_at, row.ends_at
    publish(BookingMoved(row.pk, *where, begun_before))
    publish(freed)
    tell_moved(row)
    return Held(row.pk, row.begins_at, None)


def _bring(row: Booking, wanted: Wanted, begins_at: datetime, by: Actor) -> None:
    """Give the row its new time, by the newest plan. Raises `SlotTaken` and `TimeNotOffered`."""
    old = row.location_id, local_date(row.begins_at), row.channel, row.quota_minutes
    chance = chance_for(wanted, begins_at, row.identity)
    target = placed(_copy(row), chance)
    target.quota_minutes = minutes_of_quota(chance.plan, row.channel, chance.need.whole_minutes)
    moved = taking.move_to(row, target, chance.counters, plan=chance.plan)
    if moved is None:
        forget_plans()
        _bring(row, wanted, begins_at, by)
        return
    if by.is_staff:
        by.require(SERVE, chance.plan.department)
    if not moved:
        raise SlotTaken
    return_quota(*old)
    new_day = local_date(chance.begins_at)
    use_quota(chance.plan, row.channel, new_day, chance.need.whole_minutes)


def _copy(row: Booking) -> Booking:
    fields = [field for field in Booking._meta.concrete_fields if not field.generated]
    return Booking(**{field.attname: getattr(row, field.attname) for field in fields})
