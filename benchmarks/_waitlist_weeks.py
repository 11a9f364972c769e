"""Weeks of a booked-out office, played through the project's own actions with a moved clock.

Nobody in it knows the future. All chances are drawn from one seed, separately for each person, so
that the same people with the same habits come to the office with and without a waitlist. What
people do is assumed (see `Habits`); nothing of it is fitted to the result.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple
from uuid import UUID, uuid4

from rathaus.appointments import actions
from rathaus.appointments.actions import Waits, Whom
from rathaus.appointments.identity import identity_of
from rathaus.appointments.models import Booking, Counter, Location, Proposal
from rathaus.appointments.opening import minute_of
from rathaus.appointments.queries import Wanted, Wish, free_slots
from rathaus.appointments.states import State
from rathaus.appointments.waitlist_order import HOURS, DayPart, Suits
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor
from rathaus.core.clock import VIENNA, as_of
from rathaus.core.errors import DomainError
from rathaus.core.models import OutgoingMail

MINUTE = timedelta(minutes=1)
OPENS, CLOSES = 8, 16
LENGTHS = {"meldung": 20, "ausweis": 40}


@dataclass(frozen=True)
class Habits:
    """What is assumed of people. Shares of all bookings; times in minutes or hours."""

    short_share: float = 0.6  # of the 20-minute offer, the others need 40
    lost_share: float = 0.15  # cancelled or not kept: the bar's own figure
    missed_of_lost: float = (
        0.4  # nobody says anything (Berlin: 17 % and 11 % no-shows in two years)
    )
    cancelled_late: float = 0.25  # of cancellations: 1 to 8 hours ahead
    cancelled_day_before: float = 0.35  # 8 to 32 hours ahead; the others any time since booking
    joins: float = 0.3  # of those whose time is more than three days away
    never_looks: float = 0.25  # of proposals: the mail is not seen in any useful time
    looks_after: float = 12  # minutes, median of a lognormal with sigma 1.2; nobody at night
    says_no: float = 0.2  # of those who look in time
    demand: float = 1.0  # newcomers' minutes per minute of capacity
    noted_after: tuple[int, int] = (5, 10)  # minutes until the desk notes that nobody came
    walk_ins_an_hour: float = 5  # in the hall, with desks of their own
    walk_in_waits: float = 25  # minutes until such a desk takes them, exponential
    walk_in_minutes: tuple[int, ...] = (5, 5, 10, 10, 15)


class Freed(NamedTuple):
    """Time at a counter that became free, in minutes, and why."""

    why: str
    counter: int
    begin: int
    end: int


@dataclass(order=True)
class Happening:
    """Something that happens at a moment, to a booking or a proposal."""

    at: datetime
    number: int
    what: str = field(compare=False)
    key: object = field(compare=False, default=None)


class Office:
    """One office and its people, from the first day until before the last."""

    def __init__(self, seed: int, location: Location, clerk: Actor, habits: Habits) -> None:
        self.seed, self.location, self.clerk, self.habits = seed, location, clerk, habits
        self.counters = list(Counter.objects.filter(location=location))
        self.coming: list[Happening] = []
        self.numbers, self.people = count(), count()
        self.seen_proposals = 0
        self.freed: list[Freed] = []
        self.outcomes: dict[UUID, float] = {}
        self.offered = self.accepted = self.joined = 0

    def chance(self, *about: object) -> random.Random:
        """Draws that depend on whom and what they are about, and on nothing else."""
        return random.Random(f"{self.seed} {about}")

    def later(self, at: datetime, what: str, key: object = None) -> None:
        """Note what will happen."""
        heappush(self.coming, Happening(at, next(self.numbers), what, key))

    def fill(self, first: date, days: int) -> None:
        """The calendar as it stands on the first day: full, booked in the weeks before."""
        rows = []
        for day in working_days(first, days):
            for counter in self.counters:
                begin = datetime.combine(day, time(OPENS), VIENNA)
                end = datetime.combine(day, time(CLOSES), VIENNA)
                while begin < end:
                    person = next(self.people)
                    offer, minutes = self.matter(person)
                    if begin + minutes * MINUTE > end:
                        break
                    rows.append(self.row(person, offer, counter, begin, minutes))
                    begin += minutes * MINUTE
        Booking.objects.bulk_create(rows)
        start = datetime.combine(first, time(OPENS - 1), VIENNA)
        for number, row in enumerate(rows):
            self.settled(number, row, start - timedelta(days=7), start)

    def mailbox(self, person: int) -> str:
        """Where somebody gets their mail: nobody goes to two offices."""
        return f"p{person}@{self.location.slug}.example.org"

    def matter(self, person: int) -> tuple[str, int]:
        """What somebody comes for."""
        short = self.chance("matter", person).random() < self.habits.short_share
        offer = "meldung" if short else "ausweis"
        return offer, LENGTHS[offer]

    def row(
        self, person: int, offer: str, counter: Counter, begin: datetime, minutes: int
    ) -> Booking:
        """A booking of before the first day."""
        key, email = uuid4(), self.mailbox(person)
        end, made = begin + minutes * MINUTE, begin - timedelta(days=14)
        return Booking(
            id=key, place=key, location=self.location, counter=counter, persons=1,
            chosen=[{"offer": offer, "persons": 1}], channel="online", begins_at=begin,
            ends_at=end, frees_at=end, state=State.BOOKED, guest_name=f"P {person}",
            guest_email=email, identity=identity_of(person=None, email=email),
            made_at=made, changed_at=made,
        )  # fmt: skip

    def settled(self, person: int, row: Booking, since: datetime, at: datetime) -> None:
        """Somebody has an appointment: will they come, and would they come earlier?"""
        habits, chance = self.habits, self.chance("fate", person)
        draw = chance.random()
        if draw < habits.lost_share * habits.missed_of_lost:
            self.outcomes[row.pk] = chance.uniform(*habits.noted_after)
            self.expect(row)
        elif draw < habits.lost_share:
            cancels = self.cancelled_at(chance, row.begins_at, max(since, at))
            self.later(max(cancels, at), "cancel", row.pk)
        wants = self.chance("joins", person).random() < habits.joins
        if wants and row.begins_at - at > timedelta(days=3):
            self.later(at + MINUTE, "join", (person, row.pk))

    def cancelled_at(self, chance: random.Random, begins: datetime, since: datetime) -> datetime:
        """When somebody gives their time back."""
        draw, habits = chance.random(), self.habits
        if draw < habits.cancelled_late:
            return begins - chance.uniform(1, 8) * 60 * MINUTE
        if draw < habits.cancelled_late + habits.cancelled_day_before:
            return begins - chance.uniform(8, 32) * 60 * MINUTE
        return since + (begins - since) * chance.random()

    def expect(self, row: Booking) -> None:
        """The desk will note that nobody came, some minutes after the time has begun."""
        self.later(row.begins_at + self.outcomes[row.pk] * MINUTE, "miss", row.pk)

    def suits(self, person: int, day: date, last: date) -> Suits:
        """When somebody could come: parts of the day, weekdays, how long before they must know."""
        chance = self.chance("suits", person)
        parts = chance.choice(
            [{DayPart.MORNING}, {DayPart.AFTERNOON}, {DayPart.MORNING, DayPart.AFTERNOON}]
        )
        weekdays = chance.sample(range(5), chance.choice([2, 3, 5, 5]))
        notice = chance.choice([2, 2, 24, 48])
        return Suits(day, last, frozenset(weekdays), frozenset(parts), notice)

    def free(self, row: Booking, since: datetime, why: str) -> None:
        """Note time that somebody had and nobody has now."""
        self.freed.append(Freed(why, row.counter_id, minute_of(since), minute_of(row.frees_at)))

    def play(self, until: datetime) -> None:
        """Let everything happen in order."""
        while self.coming and self.coming[0].at < until:
            next_one = heappop(self.coming)
            with as_of(next_one.at):
                try:
                    getattr(self, f"_{next_one.what}")(next_one.at, next_one.key)
                except DomainError:
                    continue  # somebody else was faster, or it is no longer possible
                finally:
                    self.look_for_proposals(next_one.at)

    def look_for_proposals(self, at: datetime) -> None:
        """Whoever is asked looks into their mail at some time, or never."""
        habits = self.habits
        for proposal in Proposal.objects.filter(pk__gt=self.seen_proposals).order_by("pk"):
            self.seen_proposals, self.offered = proposal.pk, self.offered + 1
            self.later(proposal.until + 5 / 60 * MINUTE, "expire", proposal.pk)
            entry = proposal.entry
            asked = entry.proposals.count()
            person = entry.guest_email.partition("@")[0]
            chance = self.chance("answer", person, asked)
            if chance.random() >= habits.never_looks:
                looks = at + habits.looks_after * chance.lognormvariate(0, 1.2) * MINUTE
                key = (proposal.pk, chance.random(), links_for(entry.guest_email))
                self.later(awake(looks), "answer", key)

    def _newcomer(self, at: datetime, person: int) -> None:
        """Somebody looks for the first time that suits them, and books it."""
        offer, _minutes = self.matter(person)
        day = at.astimezone(VIENNA).date()
        suits = self.suits(person, day, day + timedelta(days=28))
        wanted = Wanted(self.location.slug, (Wish(offer, 1),))
        slots = free_slots(wanted, first=day, last=suits.latest)
        begins = next((slot for slot in slots.moments() if suited(slot, suits, at)), None)
        if begins is None:
            return
        whom = Whom(name=f"P {person}", email=self.mailbox(person))
        held = actions.hold(by=ANONYMOUS, wanted=wanted, begins_at=begins, whom=whom)
        actions.confirm(by=SYSTEM, booking=held.booking)
        self.settled(person, Booking.objects.get(pk=held.booking), at, at)

    def _join(self, at: datetime, key: object) -> None:
        person, booking = key  # type: ignore[misc]  # what `settled` noted
        row = Booking.objects.get(pk=booking)
        day = at.astimezone(VIENNA).date()
        suits = self.suits(person, day, row.begins_at.astimezone(VIENNA).date())
        waits = Waits((), (self.location.slug,), suits)
        actions.join_waitlist(by=SYSTEM, waits=waits, booking=booking)
        self.joined += 1

    def _cancel(self, at: datetime, key: object) -> None:
        row = Booking.objects.get(pk=key)
        if row.state == State.BOOKED and at < row.begins_at:
            self.free(row, row.begins_at, "cancelled")
            actions.cancel(by=SYSTEM, booking=row.pk)

    def _miss(self, at: datetime, key: object) -> None:
        row = Booking.objects.get(pk=key)
        noted = row.begins_at + self.outcomes[row.pk] * MINUTE
        if row.state == State.BOOKED and abs(noted - at) < MINUTE / 60:
            self.free(row, at, "missed")
            actions.miss(by=self.clerk, booking=row.pk)

    def _answer(self, at: datetime, key: object) -> None:
        number, draw, links = key  # type: ignore[misc]  # what `look_for_proposals` noted
        proposal = Proposal.objects.select_related("entry").get(pk=number)
        if proposal.answer != "open" or proposal.until <= at:
            return
        if draw < self.habits.says_no:
            actions.decline_proposal_by_link(token=links["ablehnen"])
            return
        before = Booking.objects.get(pk=proposal.entry.booking_id)
        booking = actions.accept_proposal_by_link(token=links["nehmen"])
        self.free(before, before.begins_at, "moved")
        self.accepted += 1
        if booking in self.outcomes:
            self.expect(Booking.objects.get(pk=booking))

    def _expire(self, at: datetime, key: int) -> None:
        actions.expire_proposal(by=SYSTEM, proposal=key)

    def _sweep(self, at: datetime, key: object) -> None:
        actions.sweep_holds(by=SYSTEM)
        actions.close_outdated_entries(by=SYSTEM)


def links_for(address: str) -> dict[str, str]:
    """The secrets in somebody's newest proposal, by what they do."""
    mail = OutgoingMail.objects.filter(
        recipient=address, subject__startswith="Ein früherer"
    ).latest("created_at")
    return dict(re.findall(r"/termine/warteliste/(\w+)/(\S+?)/", mail.text))


def suited(slot: datetime, suits: Suits, at: datetime) -> bool:
    """Whether a newcomer takes a time that they see."""
    local = slot.astimezone(VIENNA)
    minute = local.hour * 60 + local.minute
    inside = any(HOURS[part][0] <= minute < HOURS[part][1] for part in suits.parts)
    return (
        inside
        and local.weekday() in suits.weekdays
        and slot - at >= timedelta(hours=suits.notice_hours)
    )


def awake(moment: datetime) -> datetime:
    """The same, or seven in the morning for what falls between ten and seven."""
    local = moment.astimezone(VIENNA)
    if 7 <= local.hour < 22:
        return moment
    day = local.date() + timedelta(days=1 if local.hour >= 22 else 0)
    return datetime.combine(day, time(7), VIENNA)


def working_days(first: date, days: int) -> Iterator[date]:
    """So many days of which none is a Saturday or a Sunday."""
    day = first
    while days:
        if day.weekday() < 5:
            yield day
            days -= 1
        day += timedelta(days=1)
