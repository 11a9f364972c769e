"""Booking: 64 people at once through the program's own actions, and beside libres.

They hold times of 10 to 45 minutes at ten counters, confirm, move and give back; times of refusals
include finding the next free ones. First they never pause, each with a process and a connection of
their own (`saturated`). Then each thinks for a quarter of a second between two tries, and as many
processes and threads as the web server has serve them: the time of a try is counted from when one
of these takes it up, and `…_waiting` from when it was sent.
"""

import argparse
import heapq
import logging
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src"), str(PROJECT / "benchmarks")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

import django  # noqa: E402  # the path comes first

django.setup()

import _counters as town  # noqa: E402
from _libres import Peer, libres  # noqa: E402
from django.db import OperationalError, connection  # noqa: E402
from tests.factories import make_city  # noqa: E402

from rathaus.appointments import actions  # noqa: E402
from rathaus.appointments.errors import SlotTaken  # noqa: E402
from rathaus.appointments.models import Booking, Quota  # noqa: E402
from rathaus.appointments.queries import free_slots  # noqa: E402
from rathaus.core.actor import Actor  # noqa: E402
from rathaus.core.errors import DomainError  # noqa: E402
from rathaus.operate.measuring import percentile, report  # noqa: E402
from rathaus.operate.web_server import THREADS, web_processes  # noqa: E402

WRITERS, DISJOINT = 64, 16
SECONDS, QUICK_SECONDS = 60.0, 3.0  # of each of the two crowds
ROUNDS, QUICK_ROUNDS = 8, 2
BATCH = 50
DISJOINT_SLOTS, QUICK_DISJOINT_SLOTS = 640, 64
LENGTHS = (10, 15, 30, 45)
THINKS = 0.25  # seconds, on average
DEADLOCK = "40P01"
OVERLAPS = """
    SELECT count(*) FROM appointments_booking AS one JOIN appointments_booking AS other
    ON one.counter_id = other.counter_id AND one.id < other.id AND one.occupies && other.occupies
    WHERE one.state IN ('held', 'booked', 'arrived')
        AND other.state IN ('held', 'booked', 'arrived')
"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
Work = Callable[[int, "Log"], None]


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


def main() -> None:
    """Set the town up, let everybody in, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    logging.disable(logging.WARNING)
    make_city()
    town.make_offers(LENGTHS)
    people = town.make_people(40_000)
    figures = crowds(people, QUICK_SECONDS if quick else SECONDS)
    address = town.peer_database()
    with tempfile.TemporaryDirectory() as folder, libres(Path(folder), address) as peer:
        beside, peers = compared(peer, people, quick=quick)
    report("booking", figures | beside | integrity(), peers=peers)


def integrity() -> dict[str, float]:
    """What must be nothing, asked of the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        overlaps = cursor.fetchone()[0]
        cursor.execute(DEADLOCKS)
        deadlocks = cursor.fetchone()[0]
    left_over = Booking.objects.exclude(place__in=Booking.objects.values("pk")).count()
    return {"overlaps": overlaps, "deadlocks": deadlocks, "half_moved": left_over}


def crowds(people: Sequence[Actor], seconds: float) -> dict[str, float]:
    """Everybody at ten counters with a quota, most of which is taken: all at once without a pause,
    then with pauses before the workers of a web server.
    """
    town.make_location("warm", 10)
    figures: dict[str, float] = {}
    for name, processes in (("saturated", WRITERS), ("", web_processes())):
        place = town.make_location(f"crowd-{name or 'paced'}", 10)
        Quota.objects.create(location=place, channel="online", share=95)
        town.fill(place, 70)
        half = people[:19_000] if name else people[19_000:38_000]
        visitors = [Visitor(number, place.slug, half[number::WRITERS]) for number in range(WRITERS)]

        def work(number: int, log: Log) -> None:
            mine = visitors[number::processes]  # noqa: B023
            House(mine, 0.0 if len(mine) == 1 else THINKS).serve(log, seconds)

        logs, lasted = together(work, processes, place.slug, people)
        did: Counter[str] = sum((log.did for log in logs), Counter())
        print(f"{name or 'paced'}: {dict(did)}")
        ending = f"_{name}" if name else ""
        figures |= {
            f"{figure}{ending}": value for figure, value in crowd_figures(logs, did, lasted).items()
        }
    return figures | {"workers": web_processes() * THREADS}


def crowd_figures(logs: Sequence[Log], did: Counter[str], lasted: float) -> dict[str, float]:
    """What a crowd met; times in milliseconds."""
    refusals = [each * 1000 for log in logs for each in log.refusals]
    since_sent = [each * 1000 for log in logs for each in log.since_sent]
    told = sum(log.told for log in logs)
    return {
        "tries_per_s": round(did["tried"] / lasted, 1),
        "processor_ms_per_try": round(1000 * sum(log.processor for log in logs) / did["tried"], 2),
        "refused": len(refusals),
        "told_next_free_share": round(100 * told / max(1, len(refusals)), 2),
        "loser_p50_ms": round(percentile(refusals, 0.5), 1),
        "loser_p99_ms": round(percentile(refusals, 0.99), 1),
        "loser_p99_ms_waiting": round(percentile(since_sent, 0.99), 1),
        "errors": did["error"] + did[DEADLOCK],
    }


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


def together(
    work: Work, writers: int, place: str, people: Sequence[Actor]
) -> tuple[list[Log], float]:
    """Let so many processes begin at one moment; what each did, and how long it all took."""
    day = town.days(1)[0]
    connection.close()
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[Log] = context.Queue()
    start = context.Barrier(writers + 1, timeout=300)

    def run(number: int) -> None:
        log = Log()
        free_slots(town.wanted(place), first=day, last=day)
        warm_up(people[-1 - number], number)
        start.wait()
        begin = time.process_time()
        work(number, log)
        log.processor = time.process_time() - begin
        connection.close()
        answers.put(log)

    processes = [context.Process(target=run, args=(number,)) for number in range(writers)]
    for process in processes:
        process.start()
    start.wait()
    begin = time.perf_counter()
    logs = [answers.get(timeout=600) for _ in processes]
    lasted = time.perf_counter() - begin
    for process in processes:
        process.join()
    return logs, lasted


def warm_up(person: Actor, number: int) -> None:
    """Everything once: the house has been open for a while."""
    day = town.slots(town.days(20))[number % town.PER_DAY :: town.PER_DAY]
    held = actions.hold(by=person, wanted=town.wanted("warm"), begins_at=day[0])
    actions.confirm(by=person, booking=held.booking)
    actions.move(by=person, booking=held.booking, begins_at=day[1])
    actions.cancel(by=person, booking=held.booking)


def compared(
    peer: Peer | None, people: Sequence[Actor], *, quick: bool
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """One after the other in alternating short windows, then disjoint writers one after the
    other.
    """
    one_by_one = sequential(peer, people, QUICK_ROUNDS if quick else ROUNDS)
    apart = disjoint(peer, people, QUICK_DISJOINT_SLOTS if quick else DISJOINT_SLOTS)
    figures = {**one_by_one[0], **apart[0]}
    return figures, {"libres": one_by_one[1] | apart[1]} if peer else {}


def sequential(
    peer: Peer | None, people: Sequence[Actor], rounds: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Bookings per second of one writer: held, held and confirmed, and libres' reserved and
    approved.
    """
    place = town.make_location("sequential", 10)
    todo = [each for each in town.slots(town.days(20)) for _ in range(10)]
    Random(1).shuffle(todo)
    held: list[float] = []
    settled: list[float] = []
    processor: list[float] = []
    theirs: list[float] = []
    wanted = town.wanted(place.slug)
    for number in range(2 * rounds):
        work = list(zip(people[number * BATCH :], todo[number * BATCH :], strict=False))[:BATCH]
        begin, spent = time.perf_counter(), time.process_time()
        for person, begins_at in work:
            made = actions.hold(by=person, wanted=wanted, begins_at=begins_at)
            if number % 2:
                actions.confirm(by=person, booking=made.booking)
        (settled if number % 2 else held).append(BATCH / (time.perf_counter() - begin))
        if number % 2 == 0:
            processor.append(1000 * (time.process_time() - spent) / BATCH)
        if peer and number % 2 == 0:
            theirs.append(BATCH / peer.ask("book", count=BATCH)["seconds"])
    figures = {
        "sequential_holds_per_s": round(percentile(held, 0.5), 1),
        "sequential_confirmed_per_s": round(percentile(settled, 0.5), 1),
        "hold_processor_ms": round(percentile(processor, 0.5), 2),
    }
    if not theirs:
        return figures, {}
    rate = percentile(theirs, 0.5)
    figures["vs_libres_sequential"] = round(figures["sequential_holds_per_s"] / rate, 1)
    figures["vs_libres_confirmed"] = round(figures["sequential_confirmed_per_s"] / rate, 1)
    return figures, {"sequential_per_s": round(rate, 1)}


def disjoint(
    peer: Peer | None, people: Sequence[Actor], wanted_slots: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Writers that never want the same time, at one counter."""
    place = town.make_location("disjoint", 1)
    todo = town.slots(town.days(20))
    Random(7).shuffle(todo)
    todo = todo[:wanted_slots]
    wanted = town.wanted(place.slug)

    def work(number: int, log: Log) -> None:
        for position in range(number, len(todo), DISJOINT):
            person = people[-1 - position]
            actions.hold(by=person, wanted=wanted, begins_at=todo[position])
            log.did["held"] += 1

    logs, lasted = together(work, DISJOINT, place.slug, people)
    booked = sum(log.did["held"] for log in logs)
    if booked != len(todo):
        raise SystemExit(f"{booked} of {len(todo)} disjoint times were held")
    figures = {"disjoint_per_s": round(booked / lasted, 1)}
    if peer is None:
        return figures, {}
    answer = peer.ask("disjoint", writers=DISJOINT, slots=wanted_slots)
    rate = max(answer["booked"], 1) / answer["seconds"]
    print(f"libres, disjoint: {answer['booked']} of {wanted_slots}, {answer['errors']}")
    figures["vs_libres_disjoint"] = round(figures["disjoint_per_s"] / rate, 1)
    return figures, {"disjoint_per_s": round(rate, 2), "disjoint_booked": answer["booked"]}


if __name__ == "__main__":
    main()
