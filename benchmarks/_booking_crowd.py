"""People who all want times at once, and the house that serves them."""

import heapq
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import _counters as town
from django.db import OperationalError, connection

from rathaus.appointments import actions
from rathaus.appointments.errors import SlotTaken
from rathaus.core.actor import Actor
from rathaus.core.errors import DomainError
from rathaus.operate.web_server import THREADS

LENGTHS = (10, 15, 30, 45)
DEADLOCK = "40P01"


@dataclass
class Log:
    """What one writer did: how often, how long refusals took since a worker had them and since
    they were sent, and the processor time of everything, in seconds.
    """

    did: Counter[str] = field(default_factory=Counter)
    refusals: list[float] = field(default_factory=list)
    since_sent: list[float] = field(default_factory=list)
    told: int = 0
    processor: float = 0.0

    def add(self, other: "Log") -> None:
        """What another one did as well."""
        self.did += other.did
        self.refusals += other.refusals
        self.since_sent += other.since_sent
        self.told += other.told


@dataclass
class Visitor:
    """One writer: acts as ever new people, so that nobody meets their own limit."""

    number: int
    location: str
    people: Sequence[Actor]
    mine: list[tuple[Actor, UUID]] = field(default_factory=list)
    came: int = 0
    began: float = 0.0  # when the action that may be refused began

    def __post_init__(self) -> None:
        self.luck = Random(self.number)

    def next_person(self) -> Actor:
        """Somebody who has nothing yet."""
        self.came += 1
        return self.people[self.came % len(self.people)]


class House:
    """A process of the web server, or one writer's own: visitors come, are served as soon as a
    thread is there for them, think for a while, and come again.
    """

    def __init__(self, visitors: Sequence[Visitor], pause: float) -> None:
        self.visitors = visitors
        self.pause = pause
        self.luck = Random(visitors[0].number)
        self.starts = town.slots(town.days(5))
        self.changed = threading.Condition()
        self.coming: list[tuple[float, int]] = []

    def serve(self, log: Log, seconds: float) -> None:
        """Until the time is over."""
        begin = time.perf_counter()
        for number in range(len(self.visitors)):
            self._comes_again(number, begin)
        if len(self.visitors) == 1:
            self._work(log, begin + seconds)
            return
        connection.close()  # each thread has its own
        logs = [Log() for _ in range(THREADS)]
        threads = [
            threading.Thread(target=self._work, args=(each, begin + seconds)) for each in logs
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for each in logs:
            log.add(each)

    def _work(self, log: Log, end: float) -> None:
        while (next_one := self._next(end)) is not None:
            sent, number = next_one
            visitor = self.visitors[number]
            minutes = timedelta(minutes=visitor.luck.choice((0, 5, 10)))
            waited = time.perf_counter() - sent
            log.did["tried"] += 1
            refused = _tried(visitor, visitor.luck.choice(self.starts) + minutes, log)
            if refused is not None:
                log.refusals.append(refused)
                log.since_sent.append(waited + refused)
            self._comes_again(number, time.perf_counter())
        connection.close()

    def _next(self, end: float) -> tuple[float, int] | None:
        """Whoever came first and is not served yet; None after the end."""
        with self.changed:
            while (moment := time.perf_counter()) < end:
                if self.coming and self.coming[0][0] <= moment:
                    return heapq.heappop(self.coming)
                due = self.coming[0][0] if self.coming else end
                self.changed.wait(min(due, end) - moment)
        return None

    def _comes_again(self, number: int, since: float) -> None:
        with self.changed:
            heapq.heappush(self.coming, (since + self.luck.uniform(0, 2 * self.pause), number))
            self.changed.notify()


def _tried(visitor: Visitor, begins_at: datetime, log: Log) -> float | None:
    """How many seconds it took until somebody was told that the time is taken, if they were."""
    try:
        _one_try(visitor, begins_at, log)
    except SlotTaken as taken:
        log.told += bool(taken.next_free)
        return time.perf_counter() - visitor.began
    except DomainError as refusal:
        log.did[type(refusal).__name__] += 1
    except OperationalError as error:
        log.did[DEADLOCK if DEADLOCK in str(error.__cause__) else "error"] += 1
    return None


def _one_try(visitor: Visitor, begins_at: datetime, log: Log) -> None:
    luck = visitor.luck
    chance = luck.random()
    visitor.began = time.perf_counter()
    if visitor.mine and chance < 0.35:
        person, booking = visitor.mine.pop(luck.randrange(len(visitor.mine)))
        actions.cancel(by=person, booking=booking)
        log.did["cancelled"] += 1
    elif visitor.mine and chance < 0.45:
        person, booking = luck.choice(visitor.mine)
        actions.confirm(by=person, booking=booking)
        visitor.began = time.perf_counter()
        actions.move(by=person, booking=booking, begins_at=begins_at)
        log.did["moved"] += 1
    else:
        person = visitor.next_person()
        wanted = town.wanted(visitor.location, luck.choice(LENGTHS))
        held = actions.hold(by=person, wanted=wanted, begins_at=begins_at)
        visitor.mine.append((person, held.booking))
        log.did["held"] += 1
