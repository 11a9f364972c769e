"""The ways to an entry's row, and what closes it.

Everybody locks in this order: who they are, the booking that would be moved, their entry, a time at
a counter, quotas at the very end. Whoever gives a freed time away never waits for another's entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import connection

from rathaus.accounts.queries import email_of
from rathaus.appointments.errors import NotPossibleNow
from rathaus.appointments.identity import identity_of
from rathaus.appointments.limits import Having
from rathaus.appointments.models import Booking, Offer, Proposal, WaitlistEntry, WaitlistPlace
from rathaus.appointments.opening import VIENNA
from rathaus.appointments.queries.finding import booking_rows
from rathaus.appointments.states import State
from rathaus.appointments.waitlist_states import Answer, Waiting, is_open, may_follow
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.errors import NotFound

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('appointments ' || %s, 0))"
TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('appointments ' || %s, 0))"


def selves_of(*, person: UUID | None, email: str) -> list[str]:
    """Every identity under which the house may know the same human: account and mailboxes."""
    mailboxes = {email, (email_of(person) or "") if person else ""} - {""}
    found = {identity_of(person=None, email=mailbox) for mailbox in mailboxes}
    if person:
        found.add(identity_of(person=person, email=""))
    return sorted(found)


def selves_of_booking(booking: UUID | None) -> list[str]:
    """The same of whoever has or had a booking; empty for nobody."""
    row = Booking.objects.filter(pk=booking).first() if booking else None
    if row is None:
        return []
    found = set(selves_of(person=row.person_id, email=row.guest_email))
    return sorted(found | ({row.identity} - {""}))


def act_as(identity: str) -> None:
    """One after the other act as the same person, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [identity])


def may_act_as(identity: str) -> bool:
    """The same without waiting: False while they are doing something themselves."""
    with connection.cursor() as cursor:
        cursor.execute(TRY_LOCK, [identity])
        return bool(cursor.fetchone()[0])


def having_of(selves: list[str]) -> Having:
    """What somebody has already, under all their names."""
    moment = now()
    rows = Booking.objects.filter(identity__in=selves)
    day_began = datetime.combine(today(), time(), VIENNA)
    open_ones = [
        chosen
        for state, until, chosen in rows.filter(
            state__in=[State.HELD, State.BOOKED], ends_at__gt=moment
        ).values_list("state", "hold_until", "chosen")
        if state == State.BOOKED or (until and until > moment)
    ]
    by_offer: dict[str, int] = {}
    for chosen in open_ones:
        for wish in chosen:
            by_offer[wish["offer"]] = by_offer.get(wish["offer"], 0) + 1
    return Having(len(open_ones), rows.filter(made_at__gte=day_began).count(), by_offer)


def open_limits(chosen: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many open bookings of each chosen offer one may have."""
    slugs = [wish["offer"] for wish in chosen]
    return dict(Offer.objects.filter(slug__in=slugs).values_list("slug", "open_limit"))


def locked_entry(entry: UUID) -> WaitlistEntry:
    """The entry, locked, after the booking that it would move. Raises `NotFound`."""
    found = WaitlistEntry.objects.filter(pk=entry).first()
    if found is None:
        raise NotFound
    if found.booking_id is not None:
        Booking.objects.select_for_update().get(pk=found.booking_id)
    return WaitlistEntry.objects.select_for_update().get(pk=entry)


def own_entry_locked(by: Actor, entry: UUID) -> WaitlistEntry:
    """The citizen's own entry, locked. Raises `NotFound` for anybody else's."""
    if not WaitlistEntry.objects.visible_to(by).filter(pk=entry).exists():
        raise NotFound
    return locked_entry(entry)


def own_booking_of(row: WaitlistEntry) -> Booking | None:
    """The booking that the entry would move."""
    return booking_rows().filter(pk=row.booking_id).first() if row.booking_id else None


def open_proposal_of(row: WaitlistEntry) -> Proposal | None:
    """What the entry was offered and has not answered."""
    return row.proposals.filter(answer=Answer.OPEN).first()


def go(row: WaitlistEntry, state: Waiting, *, by: Actor, did: str) -> None:
    """Put the entry into that state, with an audit entry; one that is closed gives up its places.

    Raises `NotPossibleNow`.
    """
    if not may_follow(Waiting(row.state), state):
        raise NotPossibleNow
    row.state = state
    row.changed_at = now()
    row.save(update_fields=["state", "changed_at", "declined", "unanswered"])
    if not is_open(state):
        WaitlistPlace.objects.filter(entry=row).delete()
    note(row, by=by, did=did)


def note(row: WaitlistEntry, *, by: Actor, did: str) -> None:
    """The audit entry alone."""
    about = [row.person_id] if row.person_id else []
    record(by=by, did=did, on=row, about=about)


def close(proposal: Proposal, answer: Answer) -> None:
    """Note how a proposal ended."""
    proposal.answer = answer
    proposal.answered_at = now()
    proposal.save(update_fields=["answer", "answered_at", "booking"])
