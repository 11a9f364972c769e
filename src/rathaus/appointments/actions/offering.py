"""Gives freed time to whoever waits, in the transaction that frees it: nobody else sees it free."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from rathaus.appointments.actions import taking
from rathaus.appointments.actions.quotas import return_quota, use_quota
from rathaus.appointments.actions.waitlist_letters import tell_offered
from rathaus.appointments.actions.waitlist_rows import (
    go,
    having_of,
    may_act_as,
    open_limits,
    own_booking_of,
    selves_of,
    selves_of_booking,
)
from rathaus.appointments.channels import Channel
from rathaus.appointments.events import SlotFreed
from rathaus.appointments.limits import may_have_another
from rathaus.appointments.models import (
    Booking,
    Counter,
    KeptBack,
    Offer,
    Proposal,
    WaitlistEntry,
)
from rathaus.appointments.needs import Need, Wish
from rathaus.appointments.opening import day_of, minute_of, moment_of
from rathaus.appointments.queries.free import Wanted, need_in
from rathaus.appointments.queries.timetables import Period, Picture, Plan, read_picture
from rathaus.appointments.queries.waitlist_order import Waiter, anybody_cares, waiters_for
from rathaus.appointments.spans import Span, without
from rathaus.appointments.states import State
from rathaus.appointments.waitlist_order import Candidate, in_order
from rathaus.appointments.waitlist_states import Waiting
from rathaus.appointments.waitlist_terms import answer_until, public_delay, waitlist_terms
from rathaus.audit.reading import reading
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import now, today
from rathaus.core.dated import in_force
from rathaus.core.errors import DomainError
from rathaus.core.jobs import app, defer_here

# How much longer than the answer time a freed time is kept: within it the next is asked, even if
# the worker was away for a while.
GRACE = timedelta(minutes=5)
ANSWER_OVER = "appointments.answer_over"
DRAWS = 1_000_000


@dataclass(frozen=True)
class Freed:
    """Time at a counter; `location` is its slug."""

    location: str
    counter: int
    begins_at: datetime
    frees_at: datetime

    @property
    def span(self) -> Span:
        """What of it is still to come, in minutes."""
        return max(minute_of(self.begins_at), minute_of(now()) + 1), minute_of(self.frees_at)


def offer_freed(event: SlotFreed) -> None:
    """Offer what became free to those who wait; where nobody does, keep it back for a while.

    Never to whoever gave it up, under whatever name. A time that was kept back is not again.
    """
    freed = Freed(event.location, event.counter, event.begins_at, event.frees_at)
    if not anybody_cares(freed.location, day_of(freed.span[0]), event.offers):
        return
    but = selves_of_booking(event.booking)  # whoever acts reads that booking, too
    with reading(by=SYSTEM, did="appointments.waitlist_offered"):
        given = offer_time(freed, but=but)
        if not KeptBack.objects.filter(booking=event.booking).exists():
            keep_back(freed, given, event.offers)


def offer_time(freed: Freed, *, but: Sequence[str] = ()) -> list[Span]:
    """Hold the time for the first in order, and what is left of it for the next; what was given.

    Nobody of the identities `but` gets any of it.
    """
    begin, end = freed.span
    if begin >= end:
        return []
    day = day_of(begin)
    waiters = waiters_for(freed.location, day, freed.begins_at, but=but)
    if not waiters:
        return []
    period = Period(day, day, now())
    offers = sorted({wish.offer for waiter in waiters for wish in waiter.wishes})
    picture = read_picture(freed.location, offers, period)
    if picture is None:
        return []
    candidates = _candidates(waiters, picture, freed)
    take = partial(_propose, picture.plan, freed)
    return in_order((begin, end), candidates, minute_of(now()), take)


def keep_back(freed: Freed, given: Sequence[Span], offers: Sequence[str]) -> None:
    """Let the rest of the time be nobody's for a random while, if its offers ask for that."""
    delays = Offer.objects.filter(slug__in=list(offers))
    at_most = max(delays.values_list("kept_back_minutes", flat=True), default=0)
    begin, end = freed.span
    if at_most == 0 or begin >= end:
        return
    counter = Counter.objects.get(pk=freed.counter)
    for first, last in without([(begin, end)], given):
        ahead = moment_of(first) - now()
        draw = (1 + secrets.randbelow(DRAWS)) / DRAWS
        until = now() + public_delay(ahead, timedelta(minutes=at_most), draw)
        row = _machine_hold(counter.location_id, (first, last), until, Channel.ONLINE)
        row.ends_at = row.frees_at
        if taking.take(row, [freed.counter]):
            KeptBack.objects.create(booking=row)


def _candidates(waiters: Iterable[Waiter], picture: Picture, freed: Freed) -> list[Candidate]:
    """Those whose wish this counter can serve that day, in order."""
    needs: dict[tuple[tuple[Wish, ...], str], tuple[Need, Sequence[Span]] | None] = {}
    found = []
    for waiter in waiters:
        key = (waiter.wishes, waiter.kind)
        if key not in needs:
            needs[key] = _served(picture, freed, waiter)
        known = needs[key]
        if known is None:
            continue
        need, free = known
        own = minute_of(waiter.own_begins) if waiter.own_begins else None
        lead = need.lead_minutes
        whole, step = need.whole_minutes, need.step_minutes
        found.append(Candidate(waiter.entry, waiter.suits, whole, step, lead, free, own))
    return found


def _served(picture: Picture, freed: Freed, waiter: Waiter) -> tuple[Need, Sequence[Span]] | None:
    """What somebody needs, and when this counter has that free; None where it cannot."""
    channel = Channel.ONLINE.value
    try:
        need = need_in(
            picture.plan, Wanted(freed.location, waiter.wishes, channel, kind=waiter.kind)
        )
    except DomainError:
        return None  # an offer that is not made any more
    served = picture.plan.served(need, channel).get(freed.counter, ())
    free = without(served, picture.taken.at(freed.counter))
    return (need, free) if free else None


def _propose(plan: Plan, freed: Freed, candidate: Candidate, begin: int) -> bool:
    """Hold the time for one who waits and tell them; False where they cannot have it now."""
    row = (
        WaitlistEntry.objects.select_for_update(skip_locked=True)
        .filter(pk=candidate.entry, state=Waiting.WAITING)
        .first()
    )
    if row is None or not _may_have(row):
        return False
    held = _hold(row, plan, freed, (begin, begin + candidate.whole_minutes))
    if held is None:
        return False
    proposal = Proposal.objects.create(
        entry=row,
        booking=held,
        location_id=plan.location,
        begins_at=held.begins_at,
        ends_at=held.ends_at,
        sent_at=now(),
        until=(held.hold_until or held.begins_at) - GRACE,
    )
    go(row, Waiting.OFFERED, by=SYSTEM, did="appointments.waitlist_offered")
    own = own_booking_of(row)
    tell_offered(row, proposal, own.begins_at if own else None)
    answer_over = app.configure_task(ANSWER_OVER, queue="default", schedule_at=proposal.until)
    defer_here(answer_over, proposal=proposal.pk)
    return True


def _may_have(row: WaitlistEntry) -> bool:
    """Whether one more booking would be within their limits; moving one is no booking more."""
    if row.booking_id is not None:
        return True
    selves = selves_of(person=row.person_id, email=row.guest_email)
    if not may_act_as(row.identity):
        return False
    return may_have_another(having_of(selves), open_limits(row.chosen))


def _hold(row: WaitlistEntry, plan: Plan, freed: Freed, span: Span) -> Booking | None:
    """Keep the time for the entry, as a booking that nobody sees as theirs yet.

    It counts against their limits, unless another one is moved there. What came free goes to who
    waits even where their channel has had its share of the day: whoever gives a time back must not
    be refused because of it.
    """
    need = need_in(plan, wanted_of(row, freed.location))
    begins_at = moment_of(span[0])
    terms = in_force(waitlist_terms().answer, today(), what="answer time")
    until = answer_until(now(), begins_at, terms) + GRACE
    held = _machine_hold(plan.location, span, until, Channel.ONLINE)
    held.ends_at = begins_at + timedelta(minutes=need.minutes)
    held.chosen, held.persons = row.chosen, row.persons
    held.identity = "" if row.booking_id else row.identity
    day = day_of(span[0])
    held.quota_minutes = use_quota(plan, held.channel, day, need.whole_minutes, limited=False)
    if taking.take(held, [freed.counter]):
        return held
    return_quota(plan.location, day, held.channel, held.quota_minutes)
    return None


def wanted_of(row: WaitlistEntry, location: str) -> Wanted:
    """What the entry looks for at a location."""
    wishes = tuple(Wish(wish["offer"], wish["persons"]) for wish in row.chosen)
    return Wanted(location, wishes, Channel.ONLINE.value, kind=row.kind)


def _machine_hold(location: int, span: Span, until: datetime, channel: Channel) -> Booking:
    key: UUID = uuid4()
    moment = now()
    return Booking(
        id=key,
        place=key,
        location_id=location,
        chosen=[],
        channel=channel.value,
        begins_at=moment_of(span[0]),
        ends_at=moment_of(span[1]),
        frees_at=moment_of(span[1]),
        state=State.HELD,
        hold_until=until,
        made_at=moment,
        changed_at=moment,
    )
