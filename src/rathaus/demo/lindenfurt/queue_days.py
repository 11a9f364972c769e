"""The queues of Lindenfurt: past days, from which waiting times are learned, and one of today that
runs up to this moment, whatever the hour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from uuid import UUID

from rathaus.accounts.queries import actor_by_id
from rathaus.appointments import actions
from rathaus.appointments.actions import Whom, calling, counters, lessons, tickets
from rathaus.appointments.models import (
    Counter,
    CounterSession,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Ticket,
)
from rathaus.appointments.queries import Wanted, Wish, next_free
from rathaus.appointments.queries.queue_hours import hours_of
from rathaus.appointments.ticket_states import AT_COUNTER, TicketChannel
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor
from rathaus.core.clock import VIENNA, as_of, local_date, now, today
from rathaus.demo.lindenfurt.agenda import Agenda, working_day
from rathaus.demo.lindenfurt.appointments import Row
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.demo.lindenfurt.people import person_id

OPENED_BEFORE = timedelta(minutes=70)
OPEN_AFTER = timedelta(hours=2)
MADE_BEFORE = timedelta(days=3)
MINUTE = timedelta(minutes=1)
MINUTES_BETWEEN_TODAY = 2
WALKS = timedelta(seconds=40)
IS_AWAY = timedelta(minutes=15)
NEVER_COMES, IS_PARKED, NO_SHOW, BY_PHONE, IS_TOLD = 0.04, 0.04, 0.12, 0.3, 0.15
NAMES = (
    "Aigner",
    "Berger",
    "Dorner",
    "Ebner",
    "Fink",
    "Gasser",
    "Haider",
    "Jankovic",
    "Kaya",
    "Lang",
)


Waiting = dict[UUID, frozenset[str]]


@dataclass
class QueueDays:
    """All queues of the last working days and of today; `plan` is that of `appointments.yaml`.

    On a past day people come every `minutes_between` minutes, at a quiet location less often.
    """

    plan: Row
    colleagues: Colleagues
    until: datetime
    past: int
    minutes_between: float

    def __call__(self, agenda: Agenda) -> None:
        """Begin each day with its doors; appointments of that day are made some days before."""
        self.past_days(agenda)
        self.today(agenda)

    def past_days(self, agenda: Agenda) -> None:
        """The days before, from opening until the last one has been served."""
        for slug, plan in self.plan["queues"].items():
            location = Location.objects.get(slug=slug)
            for number in range(-self.past, 0):
                day = working_day(local_date(self.until), number)
                noon = datetime.combine(day, time(12), VIENNA)
                waiting: Waiting = {}
                for hours in hours_of(location, noon):
                    opens, closes = (
                        datetime.combine(day, clock, VIENNA)
                        for clock in (hours.opens, hours.closes)
                    )
                    queue = self._queue(location, plan, agenda, (opens, closes), waiting)
                    every = self.minutes_between * plan["quieter"]
                    queue.open_doors(every=every, out=())
                    queue.expect(plan["appointments"])

    def today(self, agenda: Agenda) -> None:
        """Today's, opened lately, and in any case today."""
        begin = max(self.until - OPENED_BEFORE, _midnight(self.until))
        end = min(self.until + OPEN_AFTER, _midnight(self.until + timedelta(days=1)) - MINUTE)
        for slug, plan in self.plan["queues"].items():
            location = Location.objects.get(slug=slug)
            if Ticket.objects.filter(location=location, day=local_date(self.until)).exists():
                continue
            agenda.at(begin, partial(_open_unless_open, location, plan, begin, end))
            queue = self._queue(location, plan, agenda, (begin, end), {})
            every = MINUTES_BETWEEN_TODAY * plan["quieter"]
            queue.open_doors(every=every, out=plan["out_today"])
            for known in plan["appointments_today"]:
                moment = self.until + timedelta(minutes=known["minutes_ahead"])
                who = self.colleagues.person(known["who"])
                agenda.at(begin, partial(_book_today, location.slug, who, known["offer"], moment))

    def _queue(
        self,
        location: Location,
        plan: Row,
        agenda: Agenda,
        hours: tuple[datetime, datetime],
        waiting: Waiting,
    ) -> "Queue":
        luck = Random(f"Lindenfurt, {location.slug}, {hours[0]:%m-%d %H}")
        return Queue(location, plan, self.colleagues, agenda, *hours, luck, waiting)


@dataclass
class Queue:
    """One location from opening to closing: people come, clerks call them one after the other.

    Who is `waiting` is known with what their matter needs, since a call without anybody to call is
    no deed; morning and afternoon share it.
    """

    location: Location
    plan: Row
    colleagues: Colleagues
    agenda: Agenda
    opens: datetime
    closes: datetime
    luck: Random
    waiting: Waiting
    _needs: Mapping[str, tuple[int, frozenset[str]]] = field(default_factory=dict)

    def open_doors(self, *, every: float, out: Sequence[str]) -> None:
        """Let clerks come to their counters and people to the kiosk, every so many minutes."""
        self._needs = {
            offer.slug: (offer.minutes, frozenset([offer.skill.slug] if offer.skill else []))
            for offer in Offer.objects.select_related("skill")
        }
        for number, who in self.plan["clerks"].items():
            if who not in out:
                self.agenda.at(self.opens, partial(self._come, number, who))
        moment = self.opens + MINUTE
        while moment < self.closes:
            self.agenda.at(moment, self._draw)
            moment += timedelta(minutes=every) * self.luck.uniform(0.4, 1.6)

    def expect(self, offers: Sequence[str]) -> None:
        """Let people have appointments here, made by phone some days before."""
        open_for = (self.closes - self.opens).total_seconds()
        for offer in offers:
            wish = self.opens + timedelta(seconds=self.luck.uniform(0, 0.8 * open_for))
            self.agenda.at(self.opens - MADE_BEFORE, partial(self._book, offer, wish))

    def _book(self, offer: str, wish: datetime) -> None:
        wanted = Wanted(self.location.slug, (Wish(offer),), "phone")
        slots = next_free(wanted, wish, count=1, within=1)
        if not slots or not self.opens <= slots[0].begins_at < self.closes:
            return
        name = f"{self.luck.choice('ABEKLMS')}. {self.luck.choice(NAMES)}"
        by = self.colleagues.person(next(iter(self.plan["clerks"].values())))
        begins_at = slots[0].begins_at
        held = actions.book(by=by, wanted=wanted, begins_at=begins_at, whom=Whom(name=name))
        if self.luck.random() > NO_SHOW:
            comes = max(begins_at - timedelta(minutes=self.luck.uniform(1, 14)), self.opens)
            self.agenda.at(comes, partial(self._check_in, held.booking, offer))

    def _check_in(self, booking: UUID, offer: str) -> None:
        ticket = tickets.check_in(by=SYSTEM, booking=booking).ticket
        self.waiting[ticket] = self._needs[offer][1]

    def _draw(self) -> None:
        walk_in = self.plan["walk_in"]
        [offer] = self.luck.choices(list(walk_in), weights=list(walk_in.values()))
        by_phone = self.luck.random() < BY_PHONE
        drawn = tickets.draw_ticket(
            by=ANONYMOUS,
            location=self.location.slug,
            wished=tickets.Wished([offer]),
            channel=TicketChannel.PHONE if by_phone else TicketChannel.KIOSK,
        )
        self.waiting[drawn.ticket] = self._needs[offer][1]
        if self.luck.random() < IS_TOLD:
            lessons.note_wait(ticket=drawn.ticket)

    def _come(self, number: int, who: str) -> None:
        """To the counter, as soon as the clerk's morning is over."""
        if CounterSession.objects.filter(person_id=person_id(who), closed_at=None).exists():
            self.agenda.at(now() + MINUTE, partial(self._come, number, who))
            return
        clerk = self.colleagues.person(who)
        counter = Counter.objects.get(location=self.location, number=number)
        counters.open_counter(by=clerk, counter=counter.pk)
        session = CounterSession.objects.get(counter=counter, closed_at=None)
        self.agenda.at(now() + MINUTE, partial(self._call, clerk, frozenset(session.skills)))

    def _call(self, clerk: Actor, skills: frozenset[str]) -> None:
        again = partial(self._call, clerk, skills)
        if not any(needs <= skills for needs in self.waiting.values()):
            if now() >= self.closes:
                counters.close_counter(by=clerk)
            else:
                self.agenda.at(now() + MINUTE, again)
            return
        ticket = calling.call_next(by=clerk)
        needs = self.waiting.pop(ticket)
        if self.luck.random() < NEVER_COMES:
            self.agenda.at(now() + 2 * MINUTE, partial(self._miss, clerk, ticket, again))
        else:
            self.agenda.at(now() + WALKS, partial(self._begin, clerk, ticket, needs, again))

    def _miss(self, clerk: Actor, ticket: UUID, again: partial[None]) -> None:
        calling.miss_ticket(by=clerk, ticket=ticket)
        self.agenda.at(now() + WALKS, again)

    def _begin(
        self, clerk: Actor, ticket: UUID, needs: frozenset[str], again: partial[None]
    ) -> None:
        calling.begin(by=clerk, ticket=ticket)
        if self.luck.random() < IS_PARKED:
            self.agenda.at(now() + 2 * MINUTE, partial(self._park, clerk, ticket, needs, again))
            return
        offer = Ticket.objects.values_list("offers", flat=True).get(pk=ticket)[0]
        takes = MINUTE * self._needs[offer][0] * self.luck.uniform(0.6, 1.5)
        self.agenda.at(now() + takes, partial(self._finish, clerk, ticket, again))

    def _park(
        self, clerk: Actor, ticket: UUID, needs: frozenset[str], again: partial[None]
    ) -> None:
        calling.park(by=clerk, ticket=ticket, note="Holt ein Passfoto")
        self.agenda.at(now() + WALKS, again)
        back = now() + IS_AWAY
        if back < self.closes:
            self.agenda.at(back, partial(self._come_back, clerk, ticket, needs))

    def _come_back(self, clerk: Actor, ticket: UUID, needs: frozenset[str]) -> None:
        calling.unpark(by=clerk, ticket=ticket)
        self.waiting[ticket] = needs

    def _finish(self, clerk: Actor, ticket: UUID, again: partial[None]) -> None:
        calling.finish_ticket(by=clerk, ticket=ticket)
        self.agenda.at(now() + timedelta(seconds=self.luck.randint(5, 60)), again)


def send_home() -> None:
    """Close the counters that are open since another day, at the end of that day."""
    for session in CounterSession.objects.filter(closed_at=None).select_related("counter"):
        opened = session.opened_at
        if local_date(opened) == today():
            continue
        with as_of(_midnight(opened + timedelta(days=1)) - MINUTE):
            clerk = actor_by_id(session.person_id)
            held = Ticket.objects.filter(counter=session.counter_id, state__in=sorted(AT_COUNTER))
            for ticket in held.values_list("pk", flat=True):
                calling.finish_ticket(by=clerk, ticket=ticket)
            counters.close_counter(by=clerk)


def _open_unless_open(location: Location, plan: Row, begin: datetime, end: datetime) -> None:
    """Hours and duties for this one day, where nobody would be there otherwise."""
    opens, closes = (_five_minutes(moment.astimezone(VIENNA)).time() for moment in (begin, end))
    if any(row.opens <= opens and row.closes >= closes for row in hours_of(location, begin)):
        return
    day = local_date(begin)
    once = {"weekday": day.weekday(), "valid_from": day, "valid_until": day}
    OpeningHours.objects.create(location=location, opens=opens, closes=closes, **once)
    for number, who in plan["clerks"].items():
        counter = Counter.objects.get(location=location, number=number)
        Duty.objects.create(
            person_id=person_id(who), counter=counter, starts=opens, ends=closes, **once
        )


def _book_today(location: str, by: Actor, offer: str, moment: datetime) -> None:
    """If there is still time for it today: shortly before midnight there is none."""
    wanted = Wanted(location, (Wish(offer),))
    for slot in next_free(wanted, moment, count=1, within=1):
        if local_date(slot.begins_at) == local_date(moment):
            held = actions.hold(by=by, wanted=wanted, begins_at=slot.begins_at)
            actions.confirm(by=by, booking=held.booking)


def _five_minutes(moment: datetime) -> datetime:
    """The last moment that people would write on a door."""
    return moment.replace(minute=moment.minute - moment.minute % 5, second=0, microsecond=0)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(local_date(moment), time(), VIENNA)
