"""Waitlist: how soon a freed time is somebody else's, and how much of the freed time is used again.

`reoffer_s` runs the real worker: many appointments are cancelled, the first who wait never answer,
and the worker asks the next when their time is over. `reuse_share` plays weeks of an office with
15 % cancelled or missed appointments, with and without the waitlist (see `_waitlist_weeks.py`).
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

import django  # noqa: E402  # the path comes first

django.setup()

from _waitlist_used import Used, used_in  # noqa: E402
from _waitlist_weeks import CLOSES, OPENS, Habits, Office, working_days  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: E402
from tests.factories import make_city, make_clerk, make_department  # noqa: E402

from rathaus.accounts.queries import actor_of  # noqa: E402
from rathaus.appointments import actions  # noqa: E402
from rathaus.appointments.actions import Waits, Whom, offering  # noqa: E402
from rathaus.appointments.events import SlotFreed  # noqa: E402
from rathaus.appointments.models import (  # noqa: E402
    Booking,
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Proposal,
    WaitlistEntry,
)
from rathaus.appointments.queries import Wish  # noqa: E402
from rathaus.appointments.waitlist_order import DayPart, Suits  # noqa: E402
from rathaus.core import events  # noqa: E402
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor  # noqa: E402
from rathaus.core.clock import VIENNA, as_of, now, today  # noqa: E402
from rathaus.core.models import OutgoingMail  # noqa: E402
from rathaus.operate.measuring import percentile, report  # noqa: E402

SEED = 20260914
CANCELLED, QUICK_CANCELLED = 120, 16
ANSWER_SECONDS = 3
PATIENCE = 120
BETWEEN = (0.1, 0.9)  # seconds from one cancellation to the next: a thousand times a city's pace
OFFICES, QUICK_OFFICES = 4, 1
COUNTERS, QUICK_COUNTERS = 2, 1
FILLED_DAYS = 10
WARM_DAYS, QUICK_WARM_DAYS = 5, 1
MEASURED_DAYS, QUICK_MEASURED_DAYS = 10, 4
KEPT_BACK_MINUTES = 15
STEPS_A_DAY = 16
MONDAY = date(2027, 3, 1)
LOST = {"cancelled", "missed"}
ALL = LOST | {"moved"}


def main() -> None:
    """Measure both, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    logging.disable(logging.WARNING)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    make_city()
    soon = reoffer_figures(QUICK_CANCELLED if quick else CANCELLED)
    print(f"offered again: {soon}", flush=True)
    with connection.cursor() as cursor:  # weeks are played, not measured: they need no disk
        cursor.execute("SET synchronous_commit TO off")
    waiting = played(quick=quick, waitlist=True)
    without = played(quick=quick, waitlist=False)
    report(
        "waitlist",
        {**soon, **reuse_figures(waiting)},
        peers={"without waitlist": reuse_figures(without)},
    )


def reuse_figures(days: list[tuple[Used, Used]]) -> dict[str, float]:
    """All offices together: shares of what was freed, and of all time."""
    everything, lost = (add_up([pair[number] for pair in days]) for number in (0, 1))
    return {
        "reuse_share": round(lost.reused, 1),
        "reuse_with_moves_share": round(everything.reused, 1),
        "by_appointments_share": round(100 * lost.by_appointments / max(lost.freed, 1), 1),
        "freed_minutes": lost.freed,
        "moved_earlier_minutes": everything.freed - lost.freed,
        "worked_share": round(everything.worked, 1),
    }


def add_up(several: list[Used]) -> Used:
    """The minutes of several offices."""
    names = ("freed", "by_appointments", "by_walk_ins", "capacity", "attended")
    return Used(**{name: sum(getattr(one, name) for one in several) for name in names})


def reoffer_figures(number: int) -> dict[str, float]:
    """Cancel many appointments, let the first who wait be silent, and see when the next are asked.

    Times are those at which another connection sees the hold, with its mail in the queue.
    """
    place, _clerk = open_office("eile", 1)
    rows = booked_rows(place, number)
    wait_for(place, 2 * number + 10)
    at_once: list[float] = []
    waited: dict[datetime, float] = {}
    chance = random.Random(SEED)
    with worker(), little_time_to_answer():
        for row in rows:
            begin = time.perf_counter()
            actions.cancel(by=SYSTEM, booking=row.pk)
            at_once.append(time.perf_counter() - begin)
            look_for(chance.uniform(*BETWEEN), number, waited)
        look_for(PATIENCE, number, waited)
        if len(waited) < number:
            raise SystemExit(f"only {len(waited)} of {number} were offered again")
        mailed = mails_gone()
    return {
        "reoffer_s": round(max(*at_once, *waited.values()), 2),
        "reoffer_p50_s": round(percentile(list(waited.values()), 0.5), 2),
        "reoffer_cancelled_s": round(max(at_once), 3),
        "reoffer_mailed_s": round(mailed, 2),
        "reoffers": len(at_once) + len(waited),
    }


def look_for(seconds: float, number: int, waited: dict[datetime, float]) -> None:
    """Look again and again for so long, or until all are there: how many seconds after the end of
    each first proposal the next one for the same time is seen.
    """
    stop = time.monotonic() + seconds
    while len(waited) < number and time.monotonic() < stop:
        with connection.cursor() as cursor:
            cursor.execute(SECONDS)
            for begins_at, late in cursor.fetchall():
                waited.setdefault(begins_at, float(late))
        time.sleep(0.05)


# Seen by this connection at its own moment: later than the commit, so never too small.
SECONDS = """
    SELECT second.begins_at, extract(epoch FROM clock_timestamp() - first.until)
    FROM appointments_proposal AS first
    JOIN appointments_proposal AS second
        ON second.begins_at = first.begins_at AND second.location_id = first.location_id
        AND second.sent_at > first.sent_at
    JOIN appointments_booking AS held ON held.id = second.booking_id AND held.state = 'held'
    JOIN appointments_waitlistentry AS entry ON entry.id = second.entry_id
    WHERE first.answer = 'expired' AND EXISTS (
        SELECT 1 FROM core_outgoingmail AS mail
        WHERE mail.recipient = entry.guest_email AND mail.created_at >= second.sent_at)
"""


def mails_gone() -> float:
    """The longest time that a mail with a proposal waited for the worker."""
    if failed := ProcrastinateJob.objects.filter(status="failed").count():
        raise SystemExit(f"{failed} jobs of the worker failed")
    offers = OutgoingMail.objects.filter(subject__startswith="Ein früherer")
    stop = time.monotonic() + PATIENCE
    while unsent := offers.filter(sent_at=None).count():
        if time.monotonic() > stop:
            raise SystemExit(f"{unsent} mails were never sent")
        time.sleep(0.1)
    gone = [
        (sent - made).total_seconds()
        for sent, made in offers.exclude(sent_at=None).values_list("sent_at", "created_at")
    ]
    return max(gone)


@contextmanager
def little_time_to_answer() -> Iterator[None]:
    """Proposals made in this process last seconds, so that their end can be waited for."""
    usual = offering.answer_until
    offering.answer_until = lambda *_: now() + timedelta(seconds=ANSWER_SECONDS)
    try:
        yield
    finally:
        offering.answer_until = usual


@contextmanager
def worker() -> Iterator[None]:
    """The worker as a city runs it; waits until it works."""
    with tempfile.TemporaryFile() as log:
        command = [sys.executable, "-m", "rathaus", "procrastinate", "worker"]
        environment = os.environ | {"PYTHONPATH": str(PROJECT / "src")}
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            while OutgoingMail.objects.filter(sent_at=None, failed_at=None).exists():
                if process.poll() is not None:
                    raise SystemExit("the worker ended")
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(30)


def booked_rows(place: Location, number: int) -> list[Booking]:
    """So many appointments, each at a time of its own."""
    counter = Counter.objects.get(location=place)
    rows = []
    for day in working_days(today() + timedelta(days=3), 60):
        begin = datetime.combine(day, datetime.min.time(), VIENNA) + timedelta(hours=OPENS)
        for slot in range((CLOSES - OPENS) * 3):
            begins = begin + slot * timedelta(minutes=20)
            row = Office(SEED, place, SYSTEM, Habits()).row(slot, "meldung", counter, begins, 20)
            row.guest_email = ""
            rows.append(row)
    Booking.objects.bulk_create(rows)
    return rows[:number]


def wait_for(place: Location, number: int) -> None:
    """So many guests wait, each from a mailbox of their own."""
    days = frozenset(range(7))
    first, last = today(), today() + timedelta(days=200)
    suits = Suits(first, last, days, frozenset(DayPart), 2)
    for one in range(number):
        whom = Whom(name=f"W {one}", email=f"w{one}@example.org")
        waits = Waits((Wish("meldung", 1),), (place.slug,), suits)
        actions.join_waitlist(by=ANONYMOUS, waits=waits, whom=whom)
    WaitlistEntry.objects.filter(joined_at=None).update(joined_at=now())


def played(*, quick: bool, waitlist: bool) -> list[tuple[Used, Used]]:
    """The same people at the same offices, with or without a waitlist."""
    if not waitlist:
        listeners = events._listeners[SlotFreed]
        listeners.remove(actions.offer_freed)
    found = []
    for number in range(QUICK_OFFICES if quick else OFFICES):
        slug = f"amt-{number}-{'mit' if waitlist else 'ohne'}"
        counters = QUICK_COUNTERS if quick else COUNTERS
        place, clerk = open_office(slug, counters)
        office = Office(SEED + number, place, clerk, Habits(joins=0.3 if waitlist else 0.0))
        warm = QUICK_WARM_DAYS if quick else WARM_DAYS
        measured = QUICK_MEASURED_DAYS if quick else MEASURED_DAYS
        found.append(weeks(office, warm, measured, counters))
    return found


def weeks(office: Office, warm: int, measured: int, counters: int) -> tuple[Used, Used]:
    """Play, and count what became of the measured days."""
    before = Proposal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    office.seen_proposals = before
    days = list(working_days(MONDAY, warm + measured + 1))
    with as_of(datetime.combine(MONDAY, datetime.min.time(), VIENNA)):
        office.fill(MONDAY, FILLED_DAYS)
    shares = 0.6 * 20 + 0.4 * 40
    a_day = office.habits.demand * counters * (CLOSES - OPENS) * 60 / shares
    chance, person = random.Random(f"{office.seed} newcomers"), 1_000_000
    for day in days[:-1]:
        opens = datetime.combine(day, datetime.min.time(), VIENNA)
        for step in range(2 * STEPS_A_DAY):
            office.later(opens + timedelta(hours=7, minutes=30 * step), "sweep")
        for _ in range(round(a_day)):
            hours = chance.triangular(6.5, 23, 10)
            office.later(opens + timedelta(hours=hours), "newcomer", person)
            person += 1
    first, last = (datetime.combine(days[at], datetime.min.time(), VIENNA) for at in (warm, -1))
    office.play(last)
    name = office.location.slug
    both = tuple(used_in(office, first, last, whys) for whys in (ALL, LOST))
    print(
        f"{name:<14} joined {office.joined:>4}, offered {office.offered:>4}, "
        f"taken {office.accepted:>4}"
    )
    for why in sorted(ALL):
        one = used_in(office, first, last, {why})
        print(
            f"  {why:<12} {one.freed:>5} minutes, used again {one.reused:5.1f} %, "
            f"by appointments {one.by_appointments:>5}, by walk-ins {one.by_walk_ins:>5}",
            flush=True,
        )
    return both[0], both[1]


def open_office(slug: str, counters: int) -> tuple[Location, Actor]:
    """Open Monday to Friday, 8:00 to 16:00, with two kinds of appointments."""
    began, office = date(2020, 1, 1), make_department(slug)
    place = Location.objects.create(slug=slug, name={"de": slug}, department=office)
    for offer, minutes in (("meldung", 20), ("ausweis", 40)):
        Offer.objects.get_or_create(
            slug=offer,
            defaults={
                "title": {"de": offer},
                "minutes": minutes,
                "open_limit": 1,
                "kept_back_minutes": KEPT_BACK_MINUTES,
            },
        )
    for weekday in range(5):
        hours = {"weekday": weekday, "valid_from": began}
        OpeningHours.objects.create(location=place, opens="08:00", closes="16:00", **hours)
    for number in range(1, counters + 1):
        counter = Counter.objects.create(location=place, number=number, name=f"Schalter {number}")
        person = make_clerk(office)
        for weekday in range(5):
            times = {"starts": "08:00", "ends": "16:00", "valid_from": began}
            Duty.objects.create(person=person, counter=counter, weekday=weekday, **times)
    return place, actor_of(make_clerk(office, "appointments.serve"))


if __name__ == "__main__":
    main()
