"""How somebody comes into the waitlist, and out of it by their own will."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from rathaus.accounts.queries import email_of
from rathaus.appointments.actions.answering import let_go
from rathaus.appointments.actions.holding import Whom
from rathaus.appointments.actions.waitlist_letters import (
    Purpose,
    ask_to_confirm_waiting,
    tell_joined,
)
from rathaus.appointments.actions.waitlist_rows import (
    act_as,
    go,
    having_of,
    locked_entry,
    note,
    open_limits,
    open_proposal_of,
    own_entry_locked,
    selves_of,
)
from rathaus.appointments.errors import (
    ContactMissing,
    LinkUsed,
    NotPossibleNow,
    TooManyBookings,
    UnknownOffer,
)
from rathaus.appointments.identity import identity_of
from rathaus.appointments.limits import may_have_another
from rathaus.appointments.models import Booking, WaitlistEntry, WaitlistPlace
from rathaus.appointments.needs import NotTogether, TooManyPersons, Wish, need_of
from rathaus.appointments.queries.finding import Proofs, visible_booking
from rathaus.appointments.queries.offers import locations
from rathaus.appointments.queries.waitlist import terms_of
from rathaus.appointments.queries.waitlist_links import waitlist_link
from rathaus.appointments.states import State
from rathaus.appointments.waitlist_errors import AlreadyWaiting, NothingToWaitFor, TooManyWaiting
from rathaus.appointments.waitlist_order import Suits
from rathaus.appointments.waitlist_states import Answer, Waiting
from rathaus.appointments.waitlist_terms import Fairness, waitlist_terms
from rathaus.core.actor import ANONYMOUS, Actor, ActorKind
from rathaus.core.clock import VIENNA, local_date, now, today
from rathaus.core.dated import in_force
from rathaus.core.errors import Invalid, NotAllowed
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.transaction import atomic


@dataclass(frozen=True)
class Waits:
    """What somebody waits for: offers, where it may be, when it would suit."""

    wishes: Sequence[Wish]
    locations: Sequence[str]
    suits: Suits
    kind: str = ""


@atomic
def join(
    *,
    by: Actor,
    waits: Waits,
    whom: Whom | None = None,
    booking: UUID | None = None,
    proofs: Proofs = (),
    language: str = SOURCE_LANGUAGE,
) -> UUID:
    """Wait for a time that becomes free; with a `booking`, for one earlier than that.

    Who is signed in, or has proved the booking to be theirs, waits from now on; a guest's place in
    the order begins when they confirm their mailbox. Raises `NothingToWaitFor`, `AlreadyWaiting`,
    `TooManyWaiting`, `TooManyBookings`, `ContactMissing`, `UnknownOffer`, `NotPossibleNow` for a
    booking that cannot be moved, `NotFound`.
    """
    if by.is_staff:
        raise NotAllowed
    own = _movable(by, booking, proofs) if booking else None
    row = _entry(by, waits, whom or Whom(), own, language)
    selves = selves_of(person=row.person_id, email=row.guest_email)
    act_as(row.identity)
    _within_limits(row, selves)
    row.save(force_insert=True)
    _take_places(row, selves)
    note(row, by=by, did="appointments.waitlist_joined")
    if row.joined_at is None:
        ask_to_confirm_waiting(row)
    else:
        tell_joined(row)
    return row.pk


@atomic
def confirm_waiting_by_link(*, token: str) -> UUID:
    """Begin to wait, at the end of the order. Raises `LinkUsed`, `AlreadyWaiting`."""
    link = waitlist_link(token, Purpose.CONFIRM)
    row = locked_entry(link.entry_id)
    if row.joined_at is not None or row.state != Waiting.WAITING:
        raise LinkUsed
    if not row.places.exists():  # somebody joined by the same mailbox since
        _take_places(row, selves_of(person=None, email=row.guest_email))
    row.joined_at = row.changed_at = link.used_at = now()
    row.save(update_fields=["joined_at", "changed_at"])
    link.save(update_fields=["used_at"])
    note(row, by=ANONYMOUS, did="appointments.waitlist_confirmed")
    tell_joined(row)
    return row.pk


@atomic
def leave(*, by: Actor, entry: UUID) -> None:
    """Wait no longer; what was kept for them goes on. Leaving again changes nothing.

    Raises `NotFound`.
    """
    _leave(by, own_entry_locked(by, entry))


@atomic
def leave_by_link(*, token: str) -> UUID:
    """The same by a mail's link. Raises `LinkUsed`."""
    link = waitlist_link(token, Purpose.LEAVE)
    row = locked_entry(link.entry_id)
    if row.state not in (Waiting.WAITING, Waiting.OFFERED):
        raise LinkUsed
    link.used_at = now()
    link.save(update_fields=["used_at"])
    _leave(ANONYMOUS, row)
    return row.pk


def place_of(*, by: Actor, booking: UUID, proofs: Proofs = ()) -> str:
    """Where a booking takes place. Raises `NotFound`."""
    return visible_booking(by, booking, did="appointments.read", proofs=proofs).location.slug


def _leave(by: Actor, row: WaitlistEntry) -> None:
    if row.state not in (Waiting.WAITING, Waiting.OFFERED):
        return
    proposal = open_proposal_of(row)
    go(row, Waiting.WITHDRAWN, by=by, did="appointments.waitlist_left")
    if proposal is not None:
        let_go(proposal, Answer.WITHDRAWN)


def _movable(by: Actor, booking: UUID, proofs: Proofs) -> Booking:
    own = visible_booking(by, booking, did="appointments.waitlist_joined", proofs=proofs)
    if own.state != State.BOOKED or own.begins_at <= now():
        raise NotPossibleNow
    return own


def _entry(
    by: Actor, waits: Waits, whom: Whom, own: Booking | None, language: str
) -> WaitlistEntry:
    whom = _themselves(by, whom, own)
    wishes, suits, moment = waits.wishes, waits.suits, now()
    if own is not None:
        wishes = [Wish(wish["offer"], wish["persons"]) for wish in own.chosen]
    _check(waits, wishes, own)
    proved = by.is_citizen or own is not None or by.kind is ActorKind.SYSTEM
    guest = by.kind is ActorKind.GUEST and whom.person is not None
    mailbox = (email_of(whom.person) or "") if guest and whom.person else whom.email
    return WaitlistEntry(
        chosen=[{"offer": wish.offer, "persons": wish.persons} for wish in wishes],
        persons=max(wish.persons for wish in wishes),
        kind=own.counter.kind if own else waits.kind,
        locations=sorted(set(waits.locations)),
        earliest=max(suits.earliest, today()),
        latest=min(suits.latest, local_date(own.begins_at)) if own else suits.latest,
        weekdays=sorted(suits.weekdays),
        parts=sorted(suits.parts),
        notice_hours=suits.notice_hours,
        person_id=whom.person,
        guest_name=" ".join(whom.name.replace("\x00", "").split())[:200],
        guest_email=whom.email.strip()[:254],
        guest_phone=whom.phone.replace("\x00", "").strip()[:60],
        identity=identity_of(person=whom.person, email=mailbox),
        booking=own,
        language=language,
        state=Waiting.WAITING,
        made_at=moment,
        joined_at=moment if proved else None,
        changed_at=moment,
    )


def _themselves(by: Actor, whom: Whom, own: Booking | None) -> Whom:
    if by.is_citizen:
        return Whom(person=by.person)
    if own is not None:
        return Whom(own.person_id, own.guest_name, own.guest_email, own.guest_phone)
    if by.kind is ActorKind.SYSTEM and whom.person is not None:
        return whom
    if not (whom.name and whom.email) or whom.person is not None:
        raise ContactMissing
    return whom


def _check(waits: Waits, wishes: Sequence[Wish], own: Booking | None) -> None:
    """Raise `UnknownOffer`, `NothingToWaitFor` and `Invalid` for what nobody can serve."""
    suits, last = waits.suits, waits.suits.latest
    if own is not None:
        last = min(last, local_date(own.begins_at))
    first = max(suits.earliest, today())
    days = [first + timedelta(days=number) for number in range(min((last - first).days + 1, 7))]
    if not (suits.parts and any(day.weekday() in suits.weekdays for day in days)):
        raise NothingToWaitFor
    known = {location.slug for location in locations()}
    if not waits.locations or not set(waits.locations) <= known:
        raise Invalid
    try:
        need_of(wishes, terms_of([wish.offer for wish in wishes]), kind=waits.kind)
    except KeyError as error:
        raise UnknownOffer from error
    except (NotTogether, TooManyPersons) as error:
        raise Invalid from error


def _within_limits(row: WaitlistEntry, selves: list[str]) -> None:
    fairness: Fairness = in_force(waitlist_terms().fairness, today(), what="fairness")
    begun = datetime.combine(today(), time(), VIENNA)
    rows = WaitlistEntry.objects.filter(identity__in=selves)
    waiting, joined = rows.open().count(), rows.filter(made_at__gte=begun).count()
    if waiting >= fairness.most_waiting or joined >= fairness.most_joined_a_day:
        raise TooManyWaiting
    if row.booking_id is None and not may_have_another(having_of(selves), open_limits(row.chosen)):
        raise TooManyBookings


def _take_places(row: WaitlistEntry, selves: list[str]) -> None:
    """One place for each offer, under each name; an unconfirmed entry of before makes room.

    Raises `AlreadyWaiting`.
    """
    slugs = sorted(wish["offer"] for wish in row.chosen)
    stale = WaitlistEntry.objects.filter(
        places__identity__in=selves, places__offer__in=slugs, joined_at=None
    )
    WaitlistPlace.objects.filter(entry__in=stale).delete()
    wanted = [
        WaitlistPlace(entry=row, identity=identity, offer=slug)
        for identity in selves
        for slug in slugs
    ]
    WaitlistPlace.objects.bulk_create(wanted, ignore_conflicts=True)
    if WaitlistPlace.objects.filter(entry=row).count() < len(wanted):
        raise AlreadyWaiting
