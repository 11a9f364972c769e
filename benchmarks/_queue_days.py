"""Plays days at the counter, with more in them than the wait estimate assumes.

Nothing here knows the estimator's model; shared are the calling order, which the product really
follows, and the plain values in which a log and a state are told. What no estimate is told: clerks'
paces (they may change desks), slow days, tiring, complicated cases, breaks, colleagues asked for
help, outages, drift between training and test, people called out of turn, forgotten "finished",
people who leave silently, who come back after a missed call, who are sent on to another counter.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from math import exp, log

from _queue_offices import Desk, Matter, Office

from rathaus.appointments.calling_order import Punctuality, Turn, Waiting, next_for
from rathaus.appointments.queue_log import Opening, PastDay, Visit
from rathaus.appointments.queue_state import Counter, Expected, QueueState, Serving

PUNCTUALITY = Punctuality(early=timedelta(minutes=5), late=timedelta(minutes=15))
FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Question:
    """Somebody asks how long it takes; `waited` is what came true."""

    state: QueueState
    now: datetime
    person: Waiting
    clerks: int
    today: tuple[Visit, ...]
    waited: timedelta


@dataclass
class Booth:
    """A desk on this day: who sits there and what happens."""

    desk: Desk
    clerk: str
    pace: float
    openings: tuple[Opening, ...]
    serving: Serving | None = None
    free_since: datetime | None = None
    ready: bool = False
    breaks_after: float = 0.0


@dataclass
class Day:
    """One day of one office, played event by event; times are minutes from midnight."""

    office: Office
    date: datetime
    luck: random.Random
    slowness: float
    events: list[tuple[float, int, str, object]] = field(default_factory=list)
    waiting: dict[int, Waiting] = field(default_factory=dict)
    expected: dict[int, Expected] = field(default_factory=dict)
    visits: dict[int, Visit] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    patient: set[int] = field(default_factory=set)
    booths: list[Booth] = field(default_factory=list)
    asked: list[tuple[QueueState, datetime, Waiting, int, tuple[Visit, ...]]] = field(
        default_factory=list
    )
    ended: list[Visit] = field(default_factory=list)
    number: int = 0
    happened: int = 0

    def play(self) -> None:
        """From the first arrival to the last finish."""
        self.staff()
        self.book()
        self.let_come()
        while self.events:
            minute, _, kind, what = heappop(self.events)
            getattr(self, f"on_{kind}")(minute, what)

    def at(self, minute: float) -> datetime:
        """The moment, to the second, as a log has it."""
        return self.date + timedelta(seconds=round(minute * 60))

    def plan(self, minute: float, kind: str, what: object) -> None:
        """Something will happen."""
        self.happened += 1
        heappush(self.events, (minute, self.happened, kind, what))

    def staff(self) -> None:
        """Who sits where: a clerk's pace moves along, and now and then somebody new sits in."""
        desks = list(self.office.desks)
        clerks = [(f"clerk {desk.name}", desk.pace) for desk in desks]
        if desks[0].rotates:
            self.luck.shuffle(clerks)
        for desk, (clerk, pace) in zip(desks, clerks, strict=True):
            if self.luck.random() < 0.05:
                clerk, pace = f"substitute {self.date:%j}", exp(self.luck.gauss(0.1, 0.25))
            openings = tuple(
                Opening(desk.name, self.at(60 * opens), self.at(60 * closes))
                for opens, closes in desk.hours
            )
            booth = Booth(desk, clerk, pace, openings)
            self.booths.append(booth)
            for opens, _ in desk.hours:
                late = self.luck.choice((0, 0, 0.5, 1, 2, 4, 7))
                self.plan(60 * opens + late, "ready", booth)
        if self.luck.random() < self.office.outages:
            self.plan(self.luck.uniform(540, 840), "outage", None)

    def book(self) -> None:
        """The appointments of the day and whether their people come."""
        minute = 490.0
        while minute < 930:
            if self.luck.random() < 0.9:
                one = self.somebody(minute)
                self.expected[one.number] = Expected(
                    one.number, one.offers, self.at(minute), one.turn, one.skills
                )
                if self.luck.random() >= self.office.no_show:
                    late = self.luck.gauss(-6, 4)
                    if self.luck.random() < 0.1:
                        late = self.luck.expovariate(1 / 9)
                    self.plan(max(minute + late, 475), "arrive", one)
            minute += self.office.booked_every

    def let_come(self) -> None:
        """Walk-ins: a crowd at the door, then more before noon than after."""
        for _ in range(int(self.luck.gauss(self.office.burst, 2))):
            self.plan(self.luck.triangular(472, 488, 479), "walk_in", None)
        minute = 480.0
        while minute < 945:
            busy = 1.4 if 540 < minute < 690 else 0.5 if 720 < minute < 780 else 0.9
            minute += self.luck.expovariate(self.office.walk_ins_hourly * busy / 60)
            for _ in range(1 if self.luck.random() < 0.95 else 2):
                self.plan(minute, "walk_in", None)

    def somebody(self, booked: float | None = None) -> Waiting:
        """A person with one matter or two."""
        matters = self.office.matters
        count = 2 if self.luck.random() < 0.08 else 1
        chosen = self.luck.choices(matters, [matter.weight for matter in matters], k=count)
        dice = self.luck.random()
        turn = Turn.URGENT if dice < 0.01 else Turn.PREFERRED if dice < 0.05 else Turn.NORMAL
        self.number += 1
        return Waiting(
            number=self.number,
            offers=tuple(matter.name for matter in chosen),
            arrived_at=self.date,
            appointment_at=None if booked is None else self.at(booked),
            turn=Turn.NORMAL if booked is not None else turn,
            skills=frozenset(matter.skill for matter in chosen if matter.skill),
        )

    def on_walk_in(self, minute: float, _: object) -> None:
        """Somebody takes a ticket."""
        self.on_arrive(minute, self.somebody())

    def on_arrive(self, minute: float, one: Waiting) -> None:
        """Somebody joins the queue, and perhaps will not stay."""
        one = replace(one, arrived_at=self.at(minute))
        self.expected.pop(one.number, None)
        self.waiting[one.number] = one
        self.visits[one.number] = Visit(one.offers, one.arrived_at, one.appointment_at, one.turn)
        if self.luck.random() < self.office.impatient:
            self.plan(minute + self.luck.weibullvariate(75, 2.2), "leave", one.number)
        else:
            self.patient.add(one.number)
            if minute >= 480:
                self.ask(minute, one)
                self.plan(minute + self.luck.uniform(2, 40), "ask_again", one)
        for booth in sorted(self.booths, key=lambda booth: len(booth.desk.skills)):
            if booth.ready and one.skills <= booth.desk.skills:
                booth.ready = False
                self.plan(minute + self.luck.uniform(0.1, 0.8), "ready", booth)
                break

    def on_ask_again(self, minute: float, one: Waiting) -> None:
        """A look at the telephone."""
        if one.number in self.waiting:
            self.ask(minute, self.waiting[one.number])

    def on_leave(self, minute: float, number: int) -> None:
        """Half of those who give up say so; the others are just not there any more."""
        if number in self.waiting and self.luck.random() < 0.5:
            del self.waiting[number]
            self.end(number, left_at=self.at(minute))
        elif number in self.waiting:
            self.gone.add(number)

    def on_outage(self, minute: float, _: object) -> None:
        """Nothing works: who is served takes so much longer, who is free cannot call."""
        length = self.luck.uniform(10, 35)
        for index, (when, order, kind, what) in enumerate(self.events):
            if kind in ("finish", "ready") and when < minute + length:
                self.events[index] = (when + length, order, kind, what)
        self.events.sort()

    def on_ready(self, minute: float, booth: Booth) -> None:
        """A clerk calls the next, if the counter is open and somebody is there."""
        if booth.serving is not None or not self.may_call(minute, booth):
            booth.ready = False
            return
        waiting = list(self.waiting.values())
        now = self.at(minute)
        one = next_for(booth.desk.skills, waiting, now, PUNCTUALITY)
        if one is not None and self.luck.random() < self.office.out_of_turn:
            able = [other for other in waiting if other.skills <= booth.desk.skills]
            one = self.luck.choice(able)
        booth.ready = one is None
        if one is not None:
            self.call(minute, booth, one)

    def may_call(self, minute: float, booth: Booth) -> bool:
        """Within the hours of the desk, or after the last of them where people still wait."""
        hours = booth.desk.hours
        if any(60 * opens <= minute < 60 * closes for opens, closes in hours):
            return True
        overtime = 60 * hours[-1][1] <= minute < 60 * hours[-1][1] + 15
        return overtime and self.luck.random() < self.office.stays_late

    def call(self, minute: float, booth: Booth, one: Waiting) -> None:
        """The number goes up on the display; the person walks, or is not there."""
        del self.waiting[one.number]
        booth.serving = Serving(one.offers, self.at(minute))
        visit = self.visits[one.number]
        self.visits[one.number] = replace(
            visit, called_at=self.at(minute), counter=booth.desk.name, clerk=booth.clerk
        )
        if one.number in self.gone or self.luck.random() < 0.03:
            self.plan(minute + self.luck.uniform(1, 2.5), "missed", (booth, one))
        else:
            self.plan(minute + self.luck.lognormvariate(log(0.6), 0.5), "begin", (booth, one))

    def on_missed(self, minute: float, what: tuple[Booth, Waiting]) -> None:
        """Nobody came; some come running later and are let in first."""
        booth, one = what
        self.end(one.number, missed_at=self.at(minute))
        self.release(minute, booth)
        if one.number not in self.gone and self.luck.random() < 0.4:
            self.number += 1
            again = replace(one, number=self.number, turn=Turn.PREFERRED, appointment_at=None)
            self.plan(minute + self.luck.uniform(1, 12), "arrive", again)

    def on_begin(self, minute: float, what: tuple[Booth, Waiting]) -> None:
        """The person sits down."""
        booth, one = what
        now = self.at(minute)
        booth.serving = Serving(one.offers, self.visits[one.number].called_at or now, now)
        self.visits[one.number] = replace(self.visits[one.number], began_at=now)
        takes = sum(self.takes(minute, booth, self.matter(offer)) for offer in one.offers)
        self.plan(minute + takes, "finish", (booth, one))
        if self.luck.random() < 0.03:
            self.ask_colleague(minute + takes / 2, booth)

    def matter(self, name: str) -> Matter:
        """By its name."""
        return next(matter for matter in self.office.matters if matter.name == name)

    def takes(self, minute: float, booth: Booth, matter: Matter) -> float:
        """Minutes for a matter: lognormal, by clerk, day, hour, and now and then far more."""
        tired = 1 + 0.12 * (minute - 480) / 480
        complicated = self.luck.uniform(1.6, 3.2) if self.luck.random() < 0.06 else 1.0
        usual = self.luck.lognormvariate(log(matter.median), matter.spread)
        return max(usual * booth.pace * self.slowness * tired * complicated, 0.4)

    def ask_colleague(self, minute: float, booth: Booth) -> None:
        """Another clerk helps, and so begins the next person later."""
        others = [other for other in self.booths if other is not booth and other.ready]
        if others:
            helper = self.luck.choice(others)
            helper.ready = False
            self.plan(minute + self.luck.uniform(2, 8), "ready", helper)

    def on_finish(self, minute: float, what: tuple[Booth, Waiting]) -> None:
        """The person goes, some to another counter; some clerks press "finished" much later."""
        booth, one = what
        pressed = minute
        if self.luck.random() < self.office.forgotten:
            pressed += self.luck.uniform(15, 90) if not self.waiting else self.luck.uniform(2, 9)
        self.end(one.number, finished_at=self.at(pressed))
        self.release(pressed, booth)
        if self.luck.random() < 0.02:
            self.number += 1
            sent_on = replace(one, number=self.number, turn=Turn.PREFERRED, appointment_at=None)
            self.plan(minute + 1, "arrive", sent_on)

    def release(self, minute: float, booth: Booth) -> None:
        """After a person: papers, sometimes a coffee, then the next; lunch if it is time."""
        booth.serving, booth.free_since = None, self.at(minute)
        pause = self.luck.lognormvariate(log(0.7), 0.8)
        if minute > booth.breaks_after and self.luck.random() < self.office.breaks:
            pause += self.luck.uniform(4, 15)
            booth.breaks_after = minute + 60
        for opens, closes in booth.desk.hours:
            if 60 * closes - 240 < minute < 60 * opens:
                pause = max(pause, 60 * opens + self.luck.uniform(0, 6) - minute)
        self.plan(minute + pause, "ready", booth)

    def end(self, number: int, **moments: datetime) -> None:
        """A visit is over."""
        self.ended.append(replace(self.visits.pop(number), **moments))

    def ask(self, minute: float, one: Waiting) -> None:
        """Keep what was known at this moment."""
        now = self.at(minute)
        counters = tuple(
            Counter(
                booth.desk.name, booth.desk.skills, booth.openings, booth.clerk,
                booth.serving, booth.free_since,
            )
            for booth in self.booths
        )  # fmt: skip
        state = QueueState(
            counters, tuple(self.waiting.values()), tuple(self.expected.values()), PUNCTUALITY
        )
        clerks = sum(
            any(one.opens <= now < one.closes for one in booth.openings) for booth in self.booths
        )
        known = tuple(
            visit for visit in self.ended if visit.finished_at is None or visit.finished_at <= now
        )
        self.asked.append((state, now, one, clerks, known))

    def log(self) -> PastDay:
        """What the event log of the day holds."""
        openings = tuple(one for booth in self.booths for one in booth.openings)
        absent = [
            Visit(one.offers, None, one.appointment_at, one.turn) for one in self.expected.values()
        ]
        return PastDay((*self.ended, *self.visits.values(), *absent), openings)

    def questions(self) -> Iterator[Question]:
        """Those whose person was called in the end."""
        calls = {visit_key(visit): visit.called_at for visit in self.ended}
        for state, now, person, clerks, today in self.asked:
            called = calls.get((person.offers, person.arrived_at, person.appointment_at))
            if called is not None:
                yield Question(state, now, person, clerks, today, called - now)


def visit_key(visit: Visit) -> tuple[object, ...]:
    """Enough to tell the visits of a day apart."""
    return visit.offers, visit.arrived_at, visit.appointment_at


def play(office: Office, number: int, *, of_test: bool) -> Day:
    """One day; days of a test may be slower than those before (`drift`)."""
    luck = random.Random(f"{office.name} {number}")
    slowness = exp(luck.gauss(0, office.day_spread)) * (1 + office.drift * of_test)
    day = Day(office, FIRST_DAY + timedelta(days=number), luck, slowness)
    day.play()
    return day
