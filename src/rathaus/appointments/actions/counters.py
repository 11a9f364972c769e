"""A clerk comes to a counter, makes a pause, or goes home, also one who forgot to say so."""

from __future__ import annotations

from datetime import datetime, time

from django.db import IntegrityError

from rathaus.appointments.actions.calling import finish_locked
from rathaus.appointments.actions.queue_rows import note_at_counter, own_session, require_service
from rathaus.appointments.models import Counter, CounterSession, StaffSkill, Ticket
from rathaus.appointments.queue_errors import CounterTaken, StillServing
from rathaus.appointments.queue_replay import Deed
from rathaus.appointments.ticket_states import AT_COUNTER
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.clock import VIENNA, local_date, now, today
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.transaction import atomic


@atomic
def open_counter(*, by: Actor, counter: int) -> None:
    """Be at a counter from now on, with the skills that one has. Raises `CounterTaken`."""
    place = Counter.objects.select_related("location").filter(pk=counter, active=True).first()
    if place is None:
        raise NotFound
    require_service(by, place.location)
    if by.person is None:
        raise NotAllowed
    held = StaffSkill.objects.filter(person_id=by.person)
    skills = sorted(held.values_list("skill__slug", flat=True))
    try:
        session = CounterSession.objects.create(
            counter=place, person_id=by.person, skills=skills, opened_at=now()
        )
    except IntegrityError as error:
        raise CounterTaken from error
    note_at_counter(session, Deed.OPENED, by=by, details={"skills": skills})


@atomic
def pause(*, by: Actor) -> None:
    """Call nobody for a while; whoever is at the counter stays."""
    session = own_session(by)
    if session.paused_at is None:
        session.paused_at = now()
        session.save(update_fields=["paused_at"])
        note_at_counter(session, Deed.PAUSED, by=by)


@atomic
def resume(*, by: Actor) -> None:
    """Go on after a pause."""
    session = own_session(by)
    if session.paused_at is not None:
        session.paused_at = None
        session.save(update_fields=["paused_at"])
        note_at_counter(session, Deed.RESUMED, by=by)


@atomic
def close_counter(*, by: Actor) -> None:
    """Leave the counter. Raises `StillServing` while somebody is there."""
    session = own_session(by)
    at_counter = Ticket.objects.filter(counter_id=session.counter_id, day=today())
    if at_counter.filter(state__in=sorted(AT_COUNTER)).exists():
        raise StillServing
    session.closed_at = now()
    session.save(update_fields=["closed_at"])
    note_at_counter(session, Deed.CLOSED, by=by)


def close_left_open(*, by: Actor) -> int:
    """Close the counters that are open since another day, at the end of that day; how many.

    Whoever is still at one counts as served. Doing it again finds none. Raises `NotAllowed` for
    people.
    """
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    midnight = datetime.combine(today(), time(), VIENNA)
    left = CounterSession.objects.filter(closed_at=None, opened_at__lt=midnight)
    return sum(_close_left(session, by) for session in left.values_list("pk", flat=True))


@atomic
def _close_left(session: int, by: Actor) -> bool:
    rows = CounterSession.objects.select_related("counter").select_for_update(of=("self",))
    row = rows.filter(pk=session, closed_at=None).first()
    if row is None:
        return False
    end = datetime.combine(local_date(row.opened_at), time.max, VIENNA)
    held = Ticket.objects.select_related("location").select_for_update(of=("self",))
    for ticket in held.filter(counter_id=row.counter_id, state__in=sorted(AT_COUNTER)):
        finish_locked(ticket, by=by, at=end)
    row.closed_at = end
    row.save(update_fields=["closed_at"])
    note_at_counter(row, Deed.CLOSED, by=by, details={"left_open": True}, at=end)
    return True
