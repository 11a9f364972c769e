"""Ledger: a million random postings by 16 writers, with writers and database killed meanwhile.

A writer notes a booking in a file of its own as soon as the program's posting function has
answered, which is after the commit. In the end every noted booking must stand in the ledger exactly
as its number says, each transaction must balance, and balances from checkpoints must be those of a
replay.
Nothing is batched: one call, one booking, one durable commit (fsync and synchronous_commit are on).
"""

import argparse
import contextlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing.context import ForkProcess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

from rathaus.operate.database import create_database, migrate  # noqa: E402  # the path comes first
from rathaus.operate.home import home_from_environment  # noqa: E402
from rathaus.operate.installation import DEMO, installation  # noqa: E402
from rathaus.operate.measuring import percentile, report  # noqa: E402
from rathaus.operate.postgres import Cluster, initialise, launch, stop  # noqa: E402

OWN_INSTALLATION = True

WRITERS = 16
DEPARTMENTS = 12
LEGS_OF_A_POSTING = (2, 2, 2, 3, 4)
LEGS, QUICK_LEGS = 1_000_000, 20_000
WRITER_KILLS, QUICK_WRITER_KILLS = 24, 3
SERVER_KILLS, QUICK_SERVER_KILLS = 2, 1
SECONDS_BETWEEN_CHECKPOINTS = 5
FIRST_DAY = date(2026, 1, 1)

UNBALANCED = """
    SELECT count(*) FROM (
        SELECT header.number FROM payments_transaction AS header
        LEFT JOIN payments_leg AS leg ON leg.transaction_id = header.number
        LEFT JOIN payments_account AS account ON account.id = leg.account_id
        GROUP BY header.number, header.legs, header.currency
        HAVING coalesce(sum(leg.cents), 0) <> 0 OR count(leg.cents) <> header.legs
            OR bool_or(account.currency <> header.currency)
    ) AS wrong
"""
TOTALS = """
    SELECT coalesce(sum(abs(total)), 0)::bigint FROM (
        SELECT sum(leg.cents) AS total FROM payments_leg AS leg
        JOIN payments_account AS account ON account.id = leg.account_id GROUP BY account.currency
    ) AS totals
"""
DIFFERENT = """
    SELECT count(*) FROM payments_balance AS kept
    LEFT JOIN (SELECT account_id, sum(cents) AS cents FROM payments_leg GROUP BY account_id)
        AS replayed USING (account_id)
    WHERE kept.cents <> coalesce(replayed.cents, 0)
"""
BOOKED = """
    SELECT key, booked_on,
           array_agg(account_id ORDER BY position), array_agg(cents ORDER BY position)
    FROM payments_transaction JOIN payments_leg ON transaction_id = number
    WHERE key LIKE %s GROUP BY number
"""


@dataclass(frozen=True)
class Posting:
    """What the booking of that number by that writer is; computed, so that it can be checked."""

    key: str
    day: date
    accounts: tuple[int, ...]
    cents: tuple[int, ...]


def posting(writer: int, number: int, accounts: Mapping[str, list[int]]) -> Posting:
    """Two to four legs on different accounts of one currency, which sum up to nothing."""
    luck = random.Random(writer * 10_000_000 + number)
    currency = "CHF" if luck.random() < 0.1 else "EUR"
    count = luck.choice(LEGS_OF_A_POSTING)
    cents = [luck.choice((-1, 1)) * luck.randrange(1, 1_000_000) for _ in range(count - 1)]
    if sum(cents) == 0:
        cents[0] += 1
    chosen = tuple(luck.sample(accounts[currency], count))
    day = FIRST_DAY + timedelta(luck.randrange(300))
    return Posting(f"bench:{writer}:{number}", day, chosen, (*cents, -sum(cents)))


def write(writer: int, goal: int, accounts: Mapping[str, list[int]], folder: Path) -> None:
    """Book until the goal is reached; after a kill, go on with what has no answer yet."""
    from django.db import DatabaseError, connection

    from rathaus.payments.actions.booking import Booking, Side, book
    from rathaus.payments.models import BookingKind

    with notes(folder, writer).open("ab", buffering=0) as answered:
        for number in range(answered.tell() // LINE, goal):
            wanted = posting(writer, number, accounts)
            currency = "CHF" if wanted.accounts[0] in accounts["CHF"] else "EUR"
            sides = [Side(*side) for side in zip(wanted.accounts, wanted.cents, strict=True)]
            booking = Booking(
                wanted.key, BookingKind.RECEIPT, "Probe", "", sides, currency, wanted.day
            )
            begin = time.perf_counter()
            while True:
                try:
                    booked = book(booking)
                except DatabaseError:
                    connection.close()
                    time.sleep(0.05)
                else:
                    break
            milliseconds = (time.perf_counter() - begin) * 1000
            answered.write(f"{number:>10} {booked:>12} {milliseconds:>12.3f}\n".encode())


LINE = len(f"{0:>10} {0:>12} {0:>12.3f}\n")


def notes(folder: Path, writer: int) -> Path:
    """Where a writer notes what was answered, one line of equal length for each."""
    return folder / f"writer-{writer}.txt"


def keep_checkpoints(folder: Path) -> None:
    """Keep a checkpoint now and then while all write, and compare it with a replay at once."""
    from django.db import DatabaseError, connection

    from rathaus.core.actor import SYSTEM
    from rathaus.payments.actions.closing import keep_checkpoint

    with (folder / "checkpoints.txt").open("a", buffering=1) as kept:
        while True:
            time.sleep(SECONDS_BETWEEN_CHECKPOINTS)
            try:
                upto = keep_checkpoint(by=SYSTEM)
                with connection.cursor() as cursor:  # one statement sees one moment
                    cursor.execute(DIFFERENT)
                    kept.write(f"{upto} {cursor.fetchone()[0]}\n")
            except DatabaseError:
                connection.close()


class House:
    """The server and its writers; whoever is killed is started again."""

    def __init__(self, cluster: Cluster, log: Path, folder: Path, goal: int) -> None:
        self.cluster, self.log, self.folder, self.goal = cluster, log, folder, goal
        self.accounts: dict[str, list[int]] = {}
        self.server: subprocess.Popen[bytes] = launch(cluster, log)
        self.processes = multiprocessing.get_context("fork")
        self.writers: dict[int, ForkProcess] = {}

    def start_writer(self, writer: int) -> None:
        """A process of its own with a connection of its own."""
        work = (writer, self.goal, self.accounts, self.folder)
        self.writers[writer] = self.processes.Process(target=write, args=work)
        self.writers[writer].start()

    def answered(self) -> int:
        """How many bookings have their answer."""
        files = [notes(self.folder, writer) for writer in range(WRITERS)]
        return sum(file.stat().st_size for file in files if file.exists()) // LINE

    def kill_a_writer(self) -> bool:
        """SIGKILL to one that is at work."""
        alive = [writer for writer, process in self.writers.items() if process.is_alive()]
        if not alive:
            return False
        victim = random.choice(alive)
        self.writers[victim].kill()
        self.writers[victim].join()
        self.start_writer(victim)
        return True

    def kill_the_server(self) -> bool:
        """SIGKILL to the server and all that it started, then start it again."""
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        for member in [self.server.pid, *map(int, children.split())]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        self.server.wait()
        self.server = launch(self.cluster, self.log)
        return True

    def run(self, writer_kills: int, server_kills: int) -> tuple[float, int]:
        """Seconds until all is booked, and how many kills there were."""
        whole = self.goal * WRITERS
        moments = random.sample(range(whole // 20, whole * 19 // 20), writer_kills + server_kills)
        kinds = [self.kill_the_server] * server_kills + [self.kill_a_writer] * writer_kills
        plan = sorted(zip(moments, kinds, strict=True), key=lambda item: item[0])
        begin = time.monotonic()
        for writer in range(WRITERS):
            self.start_writer(writer)
        keeper = self.processes.Process(target=keep_checkpoints, args=(self.folder,))
        keeper.start()
        kills = 0
        for moment, kill in plan:
            while self.answered() < moment:
                time.sleep(0.02)
            kills += kill()
        for process in self.writers.values():
            process.join()
        seconds = time.monotonic() - begin
        keeper.kill()
        keeper.join()
        return seconds, kills


def make_accounts() -> dict[str, list[int]]:
    """The accounts of a city with a dozen departments, in two currencies."""
    from tests.factories import make_department

    from rathaus.payments.actions.booking import account_for
    from rathaus.payments.models import Account, Use

    accounts = {currency: [account_for(Use.BANK, currency=currency)] for currency in ("EUR", "CHF")}
    for number in range(DEPARTMENTS):
        department = make_department(f"bench-{number}")
        for place, use in enumerate((Use.RECEIVABLES, Use.INCOME)):
            for currency, found in accounts.items():
                account = Account.objects.create(
                    number=f"{4000 + 2 * number + place}",
                    name={"de": f"Konto {number}"},
                    kind="asset",
                    use=use,
                    department=department,
                    currency=currency,
                )
                found.append(account.pk)
    return accounts


def lost(house: House) -> Iterator[str]:
    """Keys of bookings that were answered and do not stand as they were asked for."""
    from django.db import connection

    for writer in range(WRITERS):
        with connection.cursor() as cursor:
            cursor.execute(BOOKED, [f"bench:{writer}:%"])
            found = {key: (day, *sides) for key, day, *sides in cursor.fetchall()}
        for line in notes(house.folder, writer).read_text().splitlines():
            wanted = posting(writer, int(line.split()[0]), house.accounts)
            if found.get(wanted.key) != (wanted.day, list(wanted.accounts), list(wanted.cents)):
                yield wanted.key


def counted(statement: str) -> int:
    """The one number that a statement answers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def figures(house: House, seconds: float, kills: int) -> dict[str, float]:
    """What stands in the ledger, against what was asked for."""
    checks = (house.folder / "checkpoints.txt").read_text().splitlines()
    waits = [
        float(line.split()[2])
        for writer in range(WRITERS)
        for line in notes(house.folder, writer).read_text().splitlines()
    ]
    transactions = counted("SELECT count(*) FROM payments_transaction")
    legs = counted("SELECT count(*) FROM payments_leg")
    during = sum(int(line.split()[1]) for line in checks)
    return {
        "postings": legs,
        "transactions": transactions,
        "legs_per_tx": round(legs / transactions, 3),
        "imbalance": counted(UNBALANCED) + counted(TOTALS),
        "replay_differences": counted(DIFFERENT) + during,
        "checkpoints": len(checks),
        "lost_acknowledged": sum(1 for _ in lost(house)),
        "booked_twice": transactions - house.goal * WRITERS,
        "kills": kills,
        "seconds": round(seconds, 1),
        "tx_per_s": round(transactions / seconds, 1),
        "p50_ms": round(percentile(waits, 0.5), 2),
        "p99_ms": round(percentile(waits, 0.99), 2),
    }


def expected_legs() -> float:
    """Legs of a posting on average."""
    return sum(LEGS_OF_A_POSTING) / len(LEGS_OF_A_POSTING)


def main() -> None:
    """Open a server, write and kill, look at what is left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    place = installation(profile=DEMO, home=home_from_environment(profile=DEMO))
    if place.cluster is None:
        raise SystemExit("this benchmark kills its server and brings its own")
    goal = int((QUICK_LEGS if quick else LEGS) / expected_legs() / WRITERS) + 1
    folder = place.home.logs / "ledger"
    folder.mkdir()
    initialise(place.cluster)
    house = House(place.cluster, place.home.logs / "postgres.log", folder, goal)
    try:
        create_database(place.cluster)
        migrate(place.program)
        os.environ["DATABASE_URL"] = place.program.database  # the role without the right to change
        import django

        django.setup()
        from django.db import connection

        house.accounts = make_accounts()
        connection.close()
        plan = (QUICK_WRITER_KILLS, QUICK_SERVER_KILLS) if quick else (WRITER_KILLS, SERVER_KILLS)
        report("ledger", figures(house, *house.run(*plan)))
        connection.close()
    finally:
        stop(house.server)


if __name__ == "__main__":
    main()
