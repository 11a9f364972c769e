"""Sixteen clerks at sixteen counters press "next" as fast as they can, and numbers are drawn by
sixteen kiosks before: through the actions, on a real database, each on a connection of its own.
"""

import time
from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from _queue_office import Office, office
from django.db import connection

from rathaus.appointments.actions import calling, tickets
from rathaus.appointments.actions.tickets import Wished
from rathaus.appointments.models import QueueEvent, Ticket
from rathaus.appointments.queries.past_days import replay_of
from rathaus.appointments.queue_errors import AnotherWasFaster, NobodyWaiting
from rathaus.appointments.queue_replay import Deed
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import today
from rathaus.operate.measuring import percentile

Peers = dict[str, dict[str, float]]
CLERKS = 16
TICKETS, QUICK_TICKETS = 1600, 96


def measure(*, quick: bool) -> tuple[dict[str, float], Peers]:
    """Draw, then call and finish until nobody waits; what came out twice or not at all."""
    place = office("bench-counters", counters=CLERKS)
    count = QUICK_TICKETS if quick else TICKETS
    draw_seconds = at_once([partial(draw, place, count // CLERKS)] * CLERKS)
    times: list[float] = []
    call_seconds = at_once([partial(serve_all, clerk, times) for clerk in place.clerks])
    found = judged(place)
    connection.close()
    return {
        "tickets": count,
        **found,
        "drawn_per_second": round(count / draw_seconds, 1),
        "served_per_second": round(count / call_seconds, 1),
        "call_p99_ms": round(percentile(times, 0.99), 1),
    }, {}


def at_once(works: list[Callable[[], None]]) -> float:
    """How many seconds it takes until all of them are done."""
    start = Barrier(len(works) + 1)

    def run(work: Callable[[], None]) -> None:
        start.wait()
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(run, work) for work in works]
        start.wait()
        begin = time.perf_counter()
        for one in running:
            one.result()
    return time.perf_counter() - begin


def draw(place: Office, count: int) -> None:
    """One kiosk."""
    for _ in range(count):
        tickets.draw_ticket(by=ANONYMOUS, location=place.slug, wished=Wished((place.offer,)))


def serve_all(clerk: Actor, times: list[float]) -> None:
    """One clerk, until nobody waits any more."""
    while True:
        begin = time.perf_counter()
        try:
            ticket = calling.call_next(by=clerk)
        except AnotherWasFaster:
            continue
        except NobodyWaiting:
            return
        times.append(1000 * (time.perf_counter() - begin))
        calling.finish_ticket(by=clerk, ticket=ticket)


def judged(place: Office) -> dict[str, float]:
    """Numbers called twice, missing numbers, people never called, and whether the log tells it."""
    rows = Ticket.objects.filter(location=place.location)
    calls = QueueEvent.objects.filter(location=place.location, kind=Deed.CALLED)
    per_ticket = Tally(calls.values_list("ticket_id", flat=True))
    numbers = sorted(rows.values_list("number", flat=True))
    told = replay_of(place.location, today()).tickets
    return {
        "called_twice": sum(times > 1 for times in per_ticket.values()),
        "never_called": rows.count() - len(per_ticket),
        "gaps": len(set(range(1, len(numbers) + 1)) ^ set(numbers)),
        "log_differs": sum(told[row.pk] != row.position for row in rows),
    }
