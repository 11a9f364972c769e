"""What becomes of a proposal: taken, declined, not answered in time, or not needed any more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from rathaus.appointments.actions import taking
from rathaus.appointments.actions.holding import booked_event
from rathaus.appointments.actions.letters import tell_booked, tell_moved
from rathaus.appointments.actions.offering import ANSWER_OVER, Freed, keep_back, offer_time
from rathaus.appointments.actions.quotas import return_quota
from rathaus.appointments.actions.rows import freed_event, step, write_down
from rathaus.appointments.actions.rows import note as note_booking
from rathaus.appointments.actions.waitlist_letters import Purpose, tell_gone
from rathaus.appointments.actions.waitlist_rows import (
    close,
    go,
    locked_entry,
    open_proposal_of,
    own_entry_locked,
    selves_of,
)
from rathaus.appointments.events import BookingCancelled, BookingMoved
from rathaus.appointments.models import Booking, Proposal, WaitlistEntry
from rathaus.appointments.queries.finding import booking_rows
from rathaus.appointments.queries.waitlist_links import waitlist_link
from rathaus.appointments.states import State
from rathaus.appointments.waitlist_errors import ProposalOver
from rathaus.appointments.waitlist_states import Answer, Waiting, after_no, after_silence, is_open
from rathaus.appointments.waitlist_terms import Fairness, waitlist_terms
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor, ActorKind
from rathaus.core.clock import local_date, now, today
from rathaus.core.dated import in_force
from rathaus.core.errors import NotAllowed
from rathaus.core.events import publish
from rathaus.core.jobs import app, defer_here
from rathaus.core.transaction import atomic


@atomic
def accept(*, by: Actor, entry: UUID) -> UUID:
    """Take what was offered: the old booking moves there, or it is a new one; answers which.

    What the old one had is free and offered in turn. Raises `NotFound` and `ProposalOver`.
    """
    return _take(by, own_entry_locked(by, entry))


@atomic
def accept_by_link(*, token: str) -> UUID:
    """The same by a mail's link, once. Raises `LinkUsed` and `ProposalOver`."""
    link = waitlist_link(token, Purpose.TAKE)
    row = locked_entry(link.entry_id)
    _still(row, link.proposal)
    link.used_at = now()
    link.save(update_fields=["used_at"])
    return _take(ANONYMOUS, row)


@atomic
def decline(*, by: Actor, entry: UUID) -> None:
    """Say no to what was offered and wait on; it goes to the next. Who says no too often is out.

    Raises `NotFound` and `ProposalOver`.
    """
    _decline(by, own_entry_locked(by, entry))


@atomic
def decline_by_link(*, token: str) -> UUID:
    """The same by a mail's link, once. Raises `LinkUsed` and `ProposalOver`."""
    link = waitlist_link(token, Purpose.DECLINE)
    row = locked_entry(link.entry_id)
    _still(row, link.proposal)
    link.used_at = now()
    link.save(update_fields=["used_at"])
    _decline(ANONYMOUS, row)
    return row.pk


def expire_proposals(*, by: Actor) -> int:
    """Let every proposal end whose time to answer is over, each in a transaction of its own."""
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    over = Proposal.objects.filter(answer=Answer.OPEN, until__lte=now()).order_by("until", "pk")
    return sum(expire(by=by, proposal=pk) for pk in list(over.values_list("pk", flat=True)))


@atomic
def expire(*, by: Actor, proposal: int) -> bool:
    """Let one proposal end if its time is over: the next in order is asked in the same moment.

    Whether there was anything to do.
    """
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    entry = Proposal.objects.filter(pk=proposal, answer=Answer.OPEN).values_list("entry").first()
    if entry is None:
        return False
    row = locked_entry(entry[0])
    found = open_proposal_of(row)
    if found is None or found.pk != proposal or found.until > now():
        return False
    if is_open(Waiting(row.state)):
        row.unanswered += 1
        following = after_silence(row.unanswered, _fairness().most_unanswered)
        go(row, following, by=by, did="appointments.waitlist_unanswered")
        tell_gone(row, found, goes_on=is_open(following))
    let_go(found, Answer.EXPIRED)
    return True


def let_go(proposal: Proposal, answer: Answer) -> None:
    """End a proposal, and offer its time to the next; where nobody waits, it is the public's."""
    close(proposal, answer)
    held = _held_for(proposal)
    if held is None:
        return  # it ran out while no worker was there, and somebody else has it
    taking.give_back(held, State.EXPIRED)
    held.revision += 1
    held.changed_at = now()
    held.save(update_fields=["state", "revision", "changed_at", "quota_minutes"])
    freed = Freed(held.location.slug, held.counter_id, held.begins_at, held.frees_at)
    entry = proposal.entry
    given = offer_time(freed, but=selves_of(person=entry.person_id, email=entry.guest_email))
    keep_back(freed, given, [wish["offer"] for wish in held.chosen])


def withdraw_with_booking(event: BookingCancelled) -> None:
    """Whoever gives up the booking that should become earlier waits no longer.

    What was kept for them goes on in a transaction of its own, by a job: this one has locks that
    come later in everybody's order.
    """
    rows = WaitlistEntry.objects.select_for_update().open().filter(booking=event.booking)
    for row in rows.order_by("pk"):
        proposal = open_proposal_of(row)
        go(row, Waiting.WITHDRAWN, by=SYSTEM, did="appointments.waitlist_left")
        if proposal is not None:
            proposal.until = now()
            proposal.save(update_fields=["until"])
            defer_here(app.configure_task(ANSWER_OVER, queue="default"), proposal=proposal.pk)


def close_outdated(*, by: Actor) -> int:
    """Close the entries for which nothing can become free any more; how many."""
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    waiting = WaitlistEntry.objects.filter(state=Waiting.WAITING)
    late = waiting.filter(latest__lt=today())
    begun = waiting.filter(booking__isnull=False).exclude(
        booking__state=State.BOOKED, booking__begins_at__gt=now()
    )
    keys = {*late.values_list("pk", flat=True), *begun.values_list("pk", flat=True)}
    return sum(_close_outdated(by, key) for key in sorted(keys))


@atomic
def _close_outdated(by: Actor, entry: UUID) -> bool:
    row = locked_entry(entry)
    if row.state != Waiting.WAITING:
        return False
    go(row, Waiting.EXPIRED, by=by, did="appointments.waitlist_outdated")
    return True


def _held_for(proposal: Proposal) -> Booking | None:
    """What keeps the time, locked, if it still does."""
    if proposal.booking_id is None:
        return None
    rows = booking_rows().select_for_update(of=("self",))
    return rows.filter(pk=proposal.booking_id, state=State.HELD).first()


def _still(row: WaitlistEntry, proposal: Proposal | None) -> None:
    """Raise `ProposalOver` unless this is what the entry is asked now."""
    found = open_proposal_of(row)
    if found is None or proposal is None or found.pk != proposal.pk:
        raise ProposalOver


def _take(by: Actor, row: WaitlistEntry) -> UUID:
    proposal = open_proposal_of(row)
    if proposal is None or proposal.until <= now():
        raise ProposalOver
    held = _held_for(proposal)
    if held is None:
        raise ProposalOver
    go(row, Waiting.TAKEN, by=by, did="appointments.waitlist_taken")
    if row.booking_id is not None:
        own = booking_rows().get(pk=row.booking_id)
        if own.state != State.BOOKED or own.begins_at <= now():
            raise ProposalOver
        proposal.booking = own
        close(proposal, Answer.TAKEN)
        return _move(by, own, held)
    close(proposal, Answer.TAKEN)
    return _make_theirs(by, row, held)


def _move(by: Actor, own: Booking, held: Booking) -> UUID:
    """Bring the booking to the held time as one row; its old time is theirs until it is there."""
    freed, begun_before = freed_event(own), own.begins_at
    return_quota(own.location_id, local_date(own.begins_at), own.channel, own.quota_minutes)
    _step_into(own, held)
    moved = booking_rows().get(pk=own.pk)
    note_booking(moved, by=by, did="appointments.moved")
    where = moved.location.slug, moved.counter_id, moved.begins_at, moved.ends_at
    publish(BookingMoved(moved.pk, *where, begun_before))
    publish(freed)
    tell_moved(moved)
    return moved.pk


def _step_into(own: Booking, held: Booking) -> None:
    Booking.objects.filter(pk=held.pk).update(place=own.place)
    values: dict[str, Any] = {
        "location": held.location_id,
        "counter": held.counter_id,
        "begins_at": held.begins_at,
        "ends_at": held.ends_at,
        "frees_at": held.frees_at,
        "quota_minutes": held.quota_minutes,
        "booking": own.pk,
        "keeper": held.pk,
        "at": now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(taking.MOVE, values)


def _make_theirs(by: Actor, row: WaitlistEntry, held: Booking) -> UUID:
    held.person_id = row.person_id
    held.guest_name, held.guest_email = row.guest_name, row.guest_email
    held.guest_phone, held.language = row.guest_phone, row.language
    names = ["person", "guest_name", "guest_email", "guest_phone", "language"]
    held.save(update_fields=names)
    held = booking_rows().get(pk=held.pk)
    step(held, State.BOOKED)
    write_down(held, by=by, did="appointments.confirmed")
    publish(booked_event(held, held.location.slug))
    tell_booked(held)
    return held.pk


def _decline(by: Actor, row: WaitlistEntry) -> None:
    proposal = open_proposal_of(row)
    if proposal is None or proposal.until <= now():
        raise ProposalOver
    row.declined += 1
    following = after_no(row.declined, _fairness().most_declined)
    go(row, following, by=by, did="appointments.waitlist_declined")
    let_go(proposal, Answer.DECLINED)


def _fairness() -> Fairness:
    return in_force(waitlist_terms().fairness, today(), what="fairness")
