"""Free times of four weeks: 10 and 100 counters, against brute force, and beside libres.

Half of all quarters are taken; every start of five minutes is answered, from the database to the
list. libres is asked for the same days with its raster of 15 minutes, and must find the same.
"""

import argparse
import logging
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src"), str(PROJECT / "benchmarks")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

import django  # noqa: E402  # the path comes first

django.setup()

import _counters as town  # noqa: E402
from _libres import Peer, libres  # noqa: E402
from django.db import connection  # noqa: E402
from tests.factories import make_city  # noqa: E402

from rathaus.appointments.free_slots import served_spans  # noqa: E402
from rathaus.appointments.models import Location, Offer  # noqa: E402
from rathaus.appointments.queries import free_slots  # noqa: E402
from rathaus.appointments.stretches import (  # noqa: E402
    remaining,
    steps_within,
    stretches_of,
)
from rathaus.appointments.tests.brute_force import all_starts, random_case  # noqa: E402
from rathaus.operate.measuring import percentile, report  # noqa: E402

ROUNDS, QUICK_ROUNDS = 400, 40
CALENDARS, QUICK_CALENDARS = 10_000, 200
PEER_ROUNDS, QUICK_PEER_ROUNDS = 8, 2
BATCH = 50


def main() -> None:
    """Fill the calendars, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    logging.disable(logging.WARNING)
    make_city()
    town.make_offers([15])
    mismatches = count_mismatches(QUICK_CALENDARS if quick else CALENDARS)
    figures = {"mismatches": mismatches}
    for counters in (10, 100):
        figures |= speed(counters, QUICK_ROUNDS if quick else ROUNDS)
    beside, peers = compared(QUICK_PEER_ROUNDS if quick else PEER_ROUNDS)
    report("slots", figures | beside, peers=peers)


def count_mismatches(calendars: int) -> int:
    """How many random calendars are answered otherwise than by brute force."""
    share = 100
    connection.close()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return sum(pool.map(_mismatches, range(0, calendars, share), [share] * calendars))


def _mismatches(first: int, count: int) -> int:
    return sum(not _agrees(seed) for seed in range(first, first + count))


def _agrees(seed: int) -> bool:
    case = random_case(Random(seed))
    served = served_spans(case.timetable, case.need, case.channel, case.first, case.last)
    free = remaining(stretches_of(served), stretches_of(case.busy))
    whole, step = case.need.whole_minutes, case.need.step_minutes
    return steps_within(free, whole, step, case.earliest, case.latest) == all_starts(case)


def speed(counters: int, rounds: int) -> dict[str, float]:
    """How long the whole question takes, and how many starts the answer has."""
    place = town.make_location(f"bench-{counters}", counters)
    taken = town.fill(place, 50)
    _ask(place)
    begin = time.process_time()
    asked = [_ask(place) for _ in range(rounds)]
    spent = time.process_time() - begin
    times = [seconds * 1000 for seconds, _starts in asked]
    return {
        f"bookings_{counters}": taken,
        f"starts_{counters}": asked[0][1],
        f"processor_ms_{counters}": round(1000 * spent / rounds, 2),
        f"p50_ms_{counters}": round(percentile(times, 0.5), 2),
        f"p99_ms_{counters}": round(percentile(times, 0.99), 2),
    }


def _ask(place: Location) -> tuple[float, int]:
    days = town.days(20)
    begin = time.perf_counter()
    found = free_slots(town.wanted(place.slug), first=days[0], last=days[-1])
    seconds = time.perf_counter() - begin
    return seconds, sum(map(len, found.by_counter.values()))


def compared(rounds: int) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Both in alternating short windows, with the same bookings."""
    Offer.objects.update(step_minutes=15)
    place = town.make_location("bench-beside", 10)
    with (
        tempfile.TemporaryDirectory() as folder,
        libres(Path(folder), town.peer_database()) as peer,
    ):
        return _compared(peer, place, rounds) if peer else ({}, {})


def _compared(
    peer: Peer, place: Location, rounds: int
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(1, rounds + 1):
        peer.ask("book", count=BATCH)
        town.fill_some(place, number * BATCH)
        answer = peer.ask("free")
        seconds, starts = min(_ask(place) for _ in range(3))
        if starts != answer["free"]:
            raise SystemExit(f"the answers differ: libres {answer['free']}, ours {starts}")
        ours.append(seconds * 1000)
        theirs.append(answer["seconds"] * 1000)
    mine, peers = percentile(ours, 0.5), percentile(theirs, 0.5)
    figures = {"beside_libres_ms": round(mine, 2), "vs_libres": round(peers / mine, 1)}
    return figures, {"libres": {"beside_libres_ms": round(peers, 1)}}


if __name__ == "__main__":
    main()
