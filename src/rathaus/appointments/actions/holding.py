"""How a time becomes somebody's: held by themselves for a while, or booked by staff at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from rathaus.accounts.queries import actor_by_id, email_of
from rathaus.appointments.actions import taking
from rathaus.appointments.actions.chances import Chance, chance_for, placed
from rathaus.appointments.actions.letters import ask_to_confirm, tell_booked
from rathaus.appointments.actions.quotas import minutes_of_quota, use_quota
from rathaus.appointments.channels import Channel
from rathaus.appointments.errors import (
    ContactMissing,
    SlotTaken,
    TooManyBookings,
)
from rathaus.appointments.events import SlotBooked, SlotHeld
from rathaus.appointments.identity import identity_of
from rathaus.appointments.limits import Having, may_have_another
from rathaus.appointments.models import Booking
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.queries.free import Wanted, next_free
from rathaus.appointments.queries.timetables import (
    Plan,
    forget_plans,
)
from rathaus.appointments.states import State
from rathaus.audit.actions import record
from rathaus.core.actor import ANONYMOUS, Actor, ActorKind
from rathaus.core.clock import local_date, now
from rathaus.core.errors import DomainError, NotAllowed
from rathaus.core.events import is_heard, publish
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.transaction import atomic, by_one_statement


@dataclass(frozen=True)
class Whom:
    """For whom an appointment is: an account, or a name and the ways to reach somebody."""

    person: UUID | None = None
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Held:
    """A booking that was just made; `until` is None where nothing has to be confirmed."""

    booking: UUID
    begins_at: datetime
    until: datetime | None


def hold(
    *,
    by: Actor,
    wanted: Wanted,
    begins_at: datetime,
    whom: Whom | None = None,
    language: str = SOURCE_LANGUAGE,
    key: UUID | None = None,
    case_number: str = "",
) -> Held:
    """Keep a time for somebody until they confirm it, for as many minutes as the offer says.

    Who is signed in holds for themselves; a guest says their name, others also where mail reaches
    them, and get a mail with a link. The machine (`SYSTEM`) holds for whom it likes, without
    limits. The same `key` gives the same booking. Raises `SlotTaken` with the next free times,
    `QuotaExhausted`, `TooManyBookings`, `ContactMissing`, one of `TimeNotOffered`, and like
    `free_slots`.

    Nothing of it is in the audit trail: people's own unconfirmed wishes are no deed of the city. A
    power cut may forget the wishes of the last half second, unless a mail or another action speaks
    of them; confirming waits for the disk, and for all that was held before.
    """
    words = {"language": language, "made_with": key, "case_number": case_number}
    alone = by.is_citizen and not connection.in_atomic_block
    try:
        held = None
        if alone and not is_heard(SlotHeld):
            held = _hold_by_one_statement(by, wanted, begins_at, whom or Whom(), words)
        return held or _hold(by, wanted, begins_at, whom or Whom(), words, lasting=not alone)
    except SlotTaken as taken:
        raise type(taken)(next_free(wanted, begins_at)) from taken


def book(
    *,
    by: Actor,
    wanted: Wanted,
    begins_at: datetime,
    whom: Whom,
    language: str = SOURCE_LANGUAGE,
    key: UUID | None = None,
    case_number: str = "",
) -> Held:
    """Give somebody an appointment at once, as staff do on the phone or at the desk.

    Raises `NotAllowed` without the right `appointments.serve` at the location, and like `hold`;
    whoever is only named, without mailbox or account, is not counted.
    """
    try:
        return _book(by, wanted, begins_at, whom, language, key, case_number)
    except SlotTaken as taken:
        raise type(taken)(next_free(wanted, begins_at)) from taken


def _hold_by_one_statement(
    by: Actor, wanted: Wanted, begins_at: datetime, whom: Whom, words: Mapping[str, Any]
) -> Held | None:
    """What most people do, and what everybody does at once when times become bookable: nobody
    listens, no mail is written, and limits and quota are kept in the statement that takes the time.

    None, and nothing has happened, where holds that ran out must be put away first.
    """
    _may_hold(by, wanted)
    booking = Booking(**words, state=State.HELD)
    by_one_statement()
    whom = _themselves(by, whom)
    held = _take(by, wanted, begins_at, whom, booking, lasting=False, whole=True)
    if held is None and booking.counter_id is not None:
        held = Held(booking.pk, booking.begins_at, booking.hold_until)
    return held


@atomic
def _hold(
    by: Actor,
    wanted: Wanted,
    begins_at: datetime,
    whom: Whom,
    words: Mapping[str, Any],
    *,
    lasting: bool,
) -> Held:
    _may_hold(by, wanted)
    whom = _themselves(by, whom)
    booking = Booking(**words, state=State.HELD)
    held = _take(by, wanted, begins_at, whom, booking, lasting=lasting)
    if held is not None:
        return held
    publish(
        SlotHeld(
            booking.pk,
            wanted.location,
            booking.counter_id,
            booking.begins_at,
            booking.ends_at,
            booking.channel,
            booking.hold_until or booking.begins_at,
        )
    )
    if booking.person_id is None:
        ask_to_confirm(booking)
    return Held(booking.pk, booking.begins_at, booking.hold_until)


@atomic
def _book(
    by: Actor,
    wanted: Wanted,
    begins_at: datetime,
    whom: Whom,
    language: str,
    key: UUID | None,
    case_number: str,
) -> Held:
    if not (by.is_staff or by.kind is ActorKind.SYSTEM):
        raise NotAllowed
    if not whom.name and whom.person is None:
        raise ContactMissing
    holder = actor_by_id(whom.person) if whom.person is not None else by
    if whom.person is not None:
        whom = _themselves(holder, whom)
    booking = Booking(language=language, made_with=key, case_number=case_number, state=State.BOOKED)
    held = _take(by, wanted, begins_at, whom, booking, holder=holder)
    if held is not None:
        return held
    about = [booking.person_id] if booking.person_id else []
    record(by=by, did="appointments.booked", on=booking, about=about, case=case_number)
    publish(booked_event(booking, wanted.location))
    tell_booked(booking)
    return Held(booking.pk, booking.begins_at, None)


def booked_event(booking: Booking, location: str) -> SlotBooked:
    """What others hear of an appointment that is settled."""
    return SlotBooked(
        booking.pk,
        location,
        booking.counter_id,
        booking.begins_at,
        booking.ends_at,
        booking.channel,
        tuple(wish["offer"] for wish in booking.chosen),
        booking.person_id,
        booking.case_number,
    )


def _may_hold(by: Actor, wanted: Wanted) -> None:
    if by.is_staff or (wanted.channel != Channel.ONLINE and by.kind is not ActorKind.SYSTEM):
        raise NotAllowed


def _themselves(by: Actor, whom: Whom) -> Whom:
    if by.kind is ActorKind.GUEST:
        return Whom(person=by.person, name=whom.name, phone=whom.phone)
    if by.is_citizen:
        return Whom(person=by.person)
    if whom.person is not None and by.kind is ActorKind.SYSTEM:
        return whom
    if not (whom.name and whom.email) or whom.person is not None:
        raise ContactMissing
    return whom


def _take(
    by: Actor,
    wanted: Wanted,
    begins_at: datetime,
    whom: Whom,
    booking: Booking,
    *,
    holder: Actor | None = None,
    lasting: bool = True,
    whole: bool = False,
) -> Held | None:
    """Fill the booking in and take its time; an earlier one with the same key instead, if any.

    It counts as the `holder`'s, where that is somebody else than who acts.
    As a `whole` deed it stays without a counter where holds that ran out are in its way.
    """
    identity = _identity(holder or by, whom)
    try:
        chance = chance_for(wanted, begins_at, identity)
    except DomainError:
        if same := _made_with(booking.made_with):
            return _same(same, identity)
        raise
    _fill_in(booking, wanted, placed_at=chance, whom=whom, identity=identity)
    turn = taking.take_in_turn(
        booking,
        chance.counters,
        plan=chance.plan,
        who=taking.NOBODY if by.kind is ActorKind.SYSTEM else identity,
        lasting=lasting,
        bounds=_bounds(chance, wanted) if whole else None,
    )
    if turn is None:
        forget_plans()
        return _take(
            by, wanted, begins_at, whom, booking, holder=holder, lasting=lasting, whole=whole
        )
    if turn.same is not None:
        return _same(turn.same, identity)
    _may_have_it(by, chance.plan, wanted, turn.having)
    if not whole:
        _settle(booking, turn, chance, limited=by.kind is not ActorKind.SYSTEM)
    elif turn.counter is None and not turn.open:
        raise SlotTaken
    return None


def _settle(booking: Booking, turn: taking.Turn, chance: Chance, *, limited: bool) -> None:
    if not taking.settled(booking, turn):
        raise SlotTaken
    minutes, day = chance.need.whole_minutes, local_date(chance.begins_at)
    use_quota(chance.plan, booking.channel, day, minutes, limited=limited)


def _bounds(chance: Chance, wanted: Wanted) -> taking.Bounds:
    day = local_date(chance.begins_at)
    counts = wanted.channel in chance.plan.quotas
    allowed = chance.plan.minutes_allowed(wanted.channel, day) if counts else 0
    return taking.Bounds(_limits(chance.plan, wanted), day, allowed)


def _limits(plan: Plan, wanted: Wanted) -> dict[str, int]:
    terms = plan.terms
    return {offer: terms[offer].open_limit for offer in wanted.offers if offer in terms}


def _may_have_it(by: Actor, plan: Plan, wanted: Wanted, having: Having) -> None:
    """Raise `NotAllowed` for staff of elsewhere, `TooManyBookings` where this would be one too
    many.
    """
    if by.is_staff:
        by.require(SERVE, plan.department)
    counted = by.is_citizen or by == ANONYMOUS
    if counted and not may_have_another(having, _limits(plan, wanted)):
        raise TooManyBookings


def _identity(holder: Actor, whom: Whom) -> str:
    if holder.kind is ActorKind.GUEST and whom.person is not None:
        return identity_of(person=whom.person, email=email_of(whom.person) or "")
    return identity_of(person=whom.person, email="" if whom.person else whom.email)


def _fill_in(
    booking: Booking, wanted: Wanted, *, placed_at: Chance, whom: Whom, identity: str
) -> None:
    placed(booking, placed_at)
    moment = now()
    booking.pk = booking.place = uuid4()
    booking.chosen = [{"offer": wish.offer, "persons": wish.persons} for wish in wanted.wishes]
    booking.persons = placed_at.need.persons
    booking.channel = wanted.channel
    booking.quota_minutes = minutes_of_quota(
        placed_at.plan, wanted.channel, placed_at.need.whole_minutes
    )
    if booking.state == State.HELD:
        booking.hold_until = moment + timedelta(minutes=placed_at.need.hold_minutes)
    booking.person_id = whom.person
    booking.guest_name = " ".join(whom.name.replace("\x00", "").split())[:200]
    booking.guest_email = whom.email.strip()[:254]
    booking.guest_phone = whom.phone.replace("\x00", "").strip()[:60]
    booking.identity = identity
    booking.made_at = booking.changed_at = moment


def _made_with(key: UUID | None) -> UUID | None:
    found = Booking.objects.filter(made_with=key) if key else Booking.objects.none()
    return found.values_list("pk", flat=True).first()


def _same(booking: UUID, identity: str) -> Held:
    """The booking that a first click made; a key of somebody else's is no key."""
    row = Booking.objects.filter(pk=booking, identity=identity).first()
    if row is None:
        raise NotAllowed
    return Held(row.pk, row.begins_at, row.hold_until if row.state == State.HELD else None)
