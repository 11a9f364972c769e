"""Payments: thousands by card through a payment service that fails in every way, then reconciled.

Real web server for the messages, real worker (killed again and again), Stripe's own client. People
pay from several processes, since threads of one would only wait for each other; what they owe is
there before.
Messages are lost, doubled, late and out of order, answers are faults or come too late; people press
twice, come back at the moment of the message, or never. In the end both sides must tell the same
story.
"""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

import requests

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src"), str(PROJECT / "benchmarks")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

from rathaus.demo.payment_service import KEY, SECRET  # noqa: E402  # the path comes first
from rathaus.operate.measuring import percentile, report  # noqa: E402
from rathaus.operate.web_server import web_server_command  # noqa: E402

PAYMENTS, QUICK_PAYMENTS = 10_000, 150
KILLS, QUICK_KILLS = 20, 2
PROCESSES, PAYERS = 4, 3
CHUNK = 10
FAULTS = {
    "down": 0.02,
    "broken": 0.01,
    "slow": 0.005,
    "slow_seconds": 1.5,
    "drop": 0.15,
    "duplicate": 0.2,
    "delay": 0.3,
    "longest": 3.0,
}
DEEDS = ("pay",) * 16 + ("decline", "later", "never", "cancel")
TOGETHER = get_context("fork")
GIVEN, BEGUN = TOGETHER.Value("q", 0), TOGETHER.Value("q", 0)
DOOR = socket.create_server(("127.0.0.1", 0), backlog=128)
SHOP = f"http://127.0.0.1:{DOOR.getsockname()[1]}/zahlungsdienste/stripe/"
LOST = """
    SELECT count(*) FROM payments_payment WHERE state = 'succeeded' AND receipt_id IS NULL
"""
DOUBLE = """
    SELECT coalesce(sum(times - 1), 0) FROM (
        SELECT count(*) AS times FROM payments_share GROUP BY claim_id HAVING count(*) > 1
    ) AS twice
"""


class Service:
    """The payment service as a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "rathaus.demo.payment_service", "--shop", SHOP]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = (self.process.stdout.readline() if self.process.stdout else "").strip()

    def control(self, **told: object) -> dict[str, object]:
        """Be like this from now on; what it knows."""
        return dict(requests.post(f"{self.address}/control", json=told, timeout=60).json())


class Worker:
    """The house's worker, killed without warning and started anew."""

    def __init__(self) -> None:
        self.kills = 0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "rathaus", "procrastinate", "worker"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """SIGKILL, and another one."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1
        self.process = self._start()


SERVICE = Service()
os.environ |= {
    "RATHAUS_STRIPE_KEY": KEY,
    "RATHAUS_STRIPE_WEBHOOK_SECRET": SECRET,
    "RATHAUS_STRIPE_API": SERVICE.address,
}

import django  # noqa: E402  # the environment comes first

django.setup()

import logging  # noqa: E402

from _claims import sow  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from tests.factories import make_citizen, make_city  # noqa: E402

from rathaus.accounts.models import Person  # noqa: E402
from rathaus.accounts.queries import actor_of  # noqa: E402
from rathaus.core.actor import Actor  # noqa: E402
from rathaus.core.clock import as_of, now  # noqa: E402
from rathaus.core.money import Money  # noqa: E402
from rathaus.payments import actions  # noqa: E402
from rathaus.payments.actions import Reply, ServiceSilent, Wish  # noqa: E402
from rathaus.payments.incoming import Means  # noqa: E402
from rathaus.payments.models import Claim, Credit, Payment, ProviderEvent, Receipt  # noqa: E402
from rathaus.payments.payment_states import WAITING  # noqa: E402
from rathaus.payments.providers.base import Unreachable  # noqa: E402


class Tally:
    """How many payments there are to be, which of them were given out, and how many have begun.

    Counted by all processes together.
    """

    def __init__(self, goal: int) -> None:
        self.goal = goal

    @property
    def begun(self) -> int:
        """How many people have begun to pay."""
        return int(BEGUN.value)

    def begin(self) -> None:
        """Count one."""
        with BEGUN.get_lock():
            BEGUN.value += 1

    def next(self) -> range:
        """The numbers of the next payments; none when there are enough."""
        with GIVEN.get_lock():
            first = GIVEN.value + 1
            GIVEN.value += CHUNK
        return range(first, min(first + CHUNK - 1, self.goal) + 1)


@dataclass
class Seen:
    """What the payers of one process saw."""

    replays: int = 0
    replays_differing: int = 0
    milliseconds: list[float] = field(default_factory=list)


class Payer:
    """Somebody who pays one thing after another, well or badly."""

    def __init__(self, person: Person, tally: Tally) -> None:
        self.tally = tally
        self.seen = Seen()
        self.luck = random.Random(person.email)
        self.person = person
        self.actor: Actor = actor_of(person)
        self.hand = ThreadPoolExecutor(2)

    def work(self) -> None:
        """Pay until all payers together have paid enough."""
        while numbers := self.tally.next():
            for number, claims in self._owed(numbers).items():
                self._pay(number, claims)
        self.hand.shutdown()
        connection.close()

    def _owed(self, numbers: range) -> dict[int, list[UUID]]:
        """What each of these payments is for: one to three claims."""
        counts = {number: self.luck.choice((1, 1, 2, 3)) for number in numbers}
        owed = [
            (self.person.pk, f"BENCH-{number}-{place}", Money(self.luck.randint(100, 50_000)))
            for number, count in counts.items()
            for place in range(count)
        ]
        claims = iter(sow(owed))
        return {number: list(islice(claims, count)) for number, count in counts.items()}

    def _pay(self, number: int, claims: list[UUID]) -> None:
        self.tally.begin()
        wish = Wish(frozenset(claims), Means.CARD)
        first, second = (self.hand.submit(self._begin, number, wish) for _ in range(2))
        self._compare(first.result(), second.result())
        payment = UUID(bytes=first.result().body)
        page = self._open(payment)
        if page:
            self._visit(payment, page)

    def _begin(self, number: int, wish: Wish) -> Reply:
        """As the interface for programs does it: said twice, the same bytes."""

        def answer() -> Reply:
            key = f"bench:{number}"
            begun = actions.start_payment(by=self.actor, key=key, wish=wish)
            return Reply(201, begun.bytes)

        return actions.answered_once(
            by=self.actor, key=str(number), asked=str(number).encode(), answer=answer
        )

    def _compare(self, first: Reply, second: Reply) -> None:
        self.seen.replays += 1
        self.seen.replays_differing += first != second

    def _open(self, payment: UUID) -> str:
        begin = time.monotonic()
        for _attempt in range(4):
            with suppress(ServiceSilent):
                page = actions.open_payment(by=self.actor, payment=payment)
                self.seen.milliseconds.append((time.monotonic() - begin) * 1000)
                return page
        return ""  # people give up

    def _visit(self, payment: UUID, page: str) -> None:
        deed = self.luck.choice(DEEDS)
        if self.luck.random() < 0.03:
            return  # closed the window
        requests.post(page, {"deed": deed}, timeout=60, allow_redirects=False)
        if deed == "decline":
            requests.post(page, {"deed": "pay"}, timeout=60, allow_redirects=False)
        if deed == "cancel":
            with suppress(ServiceSilent, actions.PaidAlready):
                actions.cancel_payment(by=self.actor, payment=payment)
        elif self.luck.random() < 0.6:  # comes back, once or with two windows
            returns = [
                self.hand.submit(self._come_back, payment)
                for _ in range(self.luck.choice((1, 1, 2)))
            ]
            for one in returns:
                one.result()

    def _come_back(self, payment: UUID) -> None:
        with suppress(Unreachable):
            actions.pursue(by=self.actor, payment=payment)


def pay_in_a_process(people: list[Person], tally: Tally) -> list[Seen]:
    """Several payers at once, in a process forked while nobody was connected to the database."""
    payers = [Payer(person, tally) for person in people]
    with ThreadPoolExecutor(len(payers)) as hands:
        list(hands.map(Payer.work, payers))
    return [payer.seen for payer in payers]


def pay(tally: Tally, worker: Worker, kills: int) -> Seen:
    """Everybody pays while the worker is killed; what all of them saw."""
    people = [[make_citizen() for _ in range(PAYERS)] for _ in range(PROCESSES)]
    connection.close()  # a fork must not share it
    with ProcessPoolExecutor(PROCESSES, mp_context=TOGETHER) as pool:
        paying = [pool.submit(pay_in_a_process, some, tally) for some in people]
        for number in range(1, kills + 1):
            while tally.begun < tally.goal * number / (kills + 1) and not paying[0].done():
                time.sleep(0.05)
            worker.kill()
        each = [seen for one in paying for seen in one.result()]
    return Seen(
        sum(one.replays for one in each),
        sum(one.replays_differing for one in each),
        [milliseconds for one in each for milliseconds in one.milliseconds],
    )


def reconcile() -> int:
    """Let the net be good again and time pass; how many rounds of the job it took."""
    SERVICE.control()
    while SERVICE.control().get("waiting"):
        time.sleep(0.5)
    open_ones = Payment.objects.waiting().exclude(number="").values_list("number", flat=True)
    states = sessions_of(list(open_ones))
    SERVICE.control(
        expire=[number for number, state in states.items() if state == "open"],
        settle=[number for number, state in states.items() if state == "processing"],
    )
    for rounds in range(1, 40):
        with as_of(now() + timedelta(hours=2, minutes=15 * rounds)):
            actions.look_after_payments()
        if not Payment.objects.waiting().exists():
            return rounds
    return rounds


def sessions_of(numbers: list[str]) -> dict[str, str]:
    """How sessions stand at the other side, asked directly."""
    found = {}
    for number in numbers:
        session = requests.get(
            f"{SERVICE.address}/v1/checkout/sessions/{number}?expand[0]=payment_intent",
            headers={"Authorization": f"Bearer {KEY}"},
            timeout=60,
        ).json()
        intent = session["payment_intent"] or {}
        found[number] = "processing" if intent.get("status") == "processing" else session["status"]
    return found


def compare(goal: int, seen: Seen) -> dict[str, float]:
    """What both sides tell in the end."""
    theirs = SERVICE.control()
    sessions: dict[str, int] = theirs["sessions"]  # type: ignore[assignment]  # JSON
    ours = Counter(Payment.objects.values_list("state", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(LOST)
        without = int(cursor.fetchone()[0])
        cursor.execute(DOUBLE)
        double = int(cursor.fetchone()[0])
    received = sum(Receipt.objects.values_list("cents", flat=True))
    over = Payment.objects.filter(state__in=["cancelled", "expired"]).exclude(number="").count()
    failed_there = sessions.get("complete", 0)
    return {
        "payments": goal,
        "succeeded": ours["succeeded"],
        "double_receipts": double + Credit.objects.count(),
        "lost": without + abs(sessions.get("paid", 0) - ours["succeeded"]),
        "cents_differing": abs(int(str(theirs["received"])) - received),
        "stuck": sum(ours[state] for state in WAITING) + ours["held"],
        "states_differing": abs(failed_there - ours["failed"])
        + abs(sessions.get("expired", 0) - over),
        "replays": seen.replays,
        "replays_differing": seen.replays_differing,
        "claims_unsettled_though_paid": unsettled(),
        "messages_kept": ProviderEvent.objects.count(),
    }


def unsettled() -> int:
    """Claims of successful payments that are still open."""
    paid = Payment.objects.filter(state="succeeded").values("parts__claim")
    return Claim.objects.filter(pk__in=paid, settled_at=None).count()


def measure(payments: int, kills: int) -> dict[str, float]:
    """Everything at once, then the comparison."""
    settings.STRIPE_SECONDS_TO_WAIT, settings.STRIPE_RETRIES = 1.0, 1
    make_city()
    SERVICE.control(seed=1, **FAULTS)
    web = subprocess.Popen(
        web_server_command(DOOR.fileno()),
        pass_fds=[DOOR.fileno()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    worker, tally = Worker(), Tally(payments)
    begin = time.monotonic()
    try:
        seen = pay(tally, worker, kills)
        seconds = time.monotonic() - begin
        told = SERVICE.control(seed=1, **FAULTS)["messages"]
        rounds = reconcile()
        all_seconds = time.monotonic() - begin
        figures = compare(payments, seen)
    finally:
        for process in (worker.process, web, SERVICE.process):
            process.terminate()
            process.wait()
    dropped = told.get("dropped", 0) if isinstance(told, dict) else 0
    return {
        **figures,
        "messages_lost": dropped,
        "worker_kills": worker.kills,
        "reconcile_rounds": rounds,
        "open_p95_ms": round(percentile(seen.milliseconds, 0.95), 1),
        "seconds": round(seconds, 1),
        "seconds_with_reconciling": round(all_seconds, 1),
        "payments_per_s": round(payments / seconds, 1),
    }


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    logging.disable(logging.CRITICAL)
    size = (QUICK_PAYMENTS, QUICK_KILLS) if quick else (PAYMENTS, KILLS)
    report("payments", measure(*size))


if __name__ == "__main__":
    main()
