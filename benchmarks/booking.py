"""Booking: 64 people at once through the program's own actions, and beside libres.

They hold times of 10 to 45 minutes at ten counters, confirm, move and give back; times of refusals
include finding the next free ones. First they never pause, each with a process and a connection of
their own (`saturated`). Then each thinks for a quarter of a second between two tries, and as many
processes and threads as the web server has serve them: the time of a try is counted from when one
of these takes it up, and `…_waiting` from when it was sent.
"""

import argparse
import logging
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from random import Random

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src"), str(PROJECT / "benchmarks")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

import django  # noqa: E402  # the path comes first

django.setup()

import _counters as town  # noqa: E402
from _booking_crowd import DEADLOCK, LENGTHS, House, Log, Visitor  # noqa: E402
from _libres import Peer, libres  # noqa: E402
from django.db import connection  # noqa: E402
from tests.factories import make_city  # noqa: E402

from rathaus.appointments import actions  # noqa: E402
from rathaus.appointments.models import Booking, Quota  # noqa: E402
from rathaus.appointments.queries import free_slots  # noqa: E402
from rathaus.appointments.tests.waiting import overlaps  # noqa: E402
from rathaus.core.actor import Actor  # noqa: E402
from rathaus.operate.measuring import percentile, report  # noqa: E402
from rathaus.operate.web_server import THREADS, web_processes  # noqa: E402

WRITERS, DISJOINT = 64, 16
SECONDS, QUICK_SECONDS = 60.0, 3.0  # of each of the two crowds
ROUNDS, QUICK_ROUNDS = 8, 2
BATCH = 50
DISJOINT_SLOTS, QUICK_DISJOINT_SLOTS = 640, 64
TURNS = 8  # of the disjoint writers, at one location after the other
THINKS = 0.25  # seconds, on average
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
Work = Callable[[int, Log], None]


def main() -> None:
    """Set the town up, let everybody in, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    logging.disable(logging.WARNING)
    make_city()
    town.make_offers(LENGTHS)
    people = town.make_people(50_000)
    figures = crowds(people, QUICK_SECONDS if quick else SECONDS)
    address = town.peer_database()
    with tempfile.TemporaryDirectory() as folder, libres(Path(folder), address) as peer:
        beside, peers = compared(peer, people, quick=quick)
    report("booking", figures | beside | integrity(), peers=peers)


def integrity() -> dict[str, float]:
    """What must be nothing, asked of the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(DEADLOCKS)
        deadlocks = cursor.fetchone()[0]
    left_over = Booking.objects.exclude(place__in=Booking.objects.values("pk")).count()
    return {"overlaps": overlaps(), "deadlocks": deadlocks, "half_moved": left_over}


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

        def arrive(number: int) -> None:
            once(place.slug, people[38_000 + number], number)  # noqa: B023

        logs, lasted = together(work, processes, arrive)
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


def together(work: Work, writers: int, warm_up: Callable[[int], None]) -> tuple[list[Log], float]:
    """Let so many processes begin at one moment; what each did, and how long it all took."""
    connection.close()
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[Log] = context.Queue()
    start = context.Barrier(writers + 1, timeout=300)

    def run(number: int) -> None:
        log = Log()
        warm_up(number)
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


def once(place: str, person: Actor, number: int) -> None:
    """Everything once: the house has been open for a while."""
    days = town.days(20)
    free_slots(town.wanted(place), first=days[0], last=days[-1])
    mine = town.slots(days)[number % town.PER_DAY :: town.PER_DAY]
    held = actions.hold(by=person, wanted=town.wanted("warm"), begins_at=mine[0])
    actions.confirm(by=person, booking=held.booking)
    actions.move(by=person, booking=held.booking, begins_at=mine[1])
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
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Writers that never want the same time, at one counter; then at the next location's."""
    places = [town.make_location(f"disjoint-{number}", 1).slug for number in range(TURNS)]
    todo = town.slots(town.days(20))
    Random(7).shuffle(todo)
    todo = todo[:wanted_slots]
    whole = list(product(places, todo))

    def look(number: int) -> None:
        """At the free times of all days first, as everybody does."""
        for place in places:
            once(place, people[38_000 + number], number)

    def work(number: int, log: Log) -> None:
        for position in range(number, len(whole), DISJOINT):
            place, begins_at = whole[position]
            person = people[-1 - position]
            actions.hold(by=person, wanted=town.wanted(place), begins_at=begins_at)
            log.did["held"] += 1

    logs, lasted = together(work, DISJOINT, look)
    booked = sum(log.did["held"] for log in logs)
    if booked != len(whole):
        raise SystemExit(f"{booked} of {len(whole)} disjoint times were held")
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
