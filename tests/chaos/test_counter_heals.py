"""Appointments and payments under kill -9, in the middle of a transaction that a lock of the test
holds up: what was promised is there, nothing is there twice, and mail goes out.
"""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin
from uuid import uuid4

import psycopg
import pytest
import requests
from tests.house import House
from tests.letterbox import Letterbox

from rathaus.core.clock import VIENNA
from rathaus.operate.postgres import cluster_in
from rathaus.operate.processes import wait_until
from rathaus.operate.supervisor import noted_processes

SECRET = "a" * 32
WISH = "wunsch=fest-besprechen:1&ort=veranstaltungen"
MAILS, RECEIPTS = "core_outgoingmail", "payments_receipt"
APART = 6  # starts, every five minutes: the talk takes fifteen
WAITS = {
    "orte": "veranstaltungen",
    "tage": ["0", "1", "2", "3", "4"],
    "zeiten": ["morning", "afternoon", "evening"],
    "vorher": "2",
}
FEE_OF = "VB-2026-990001"
FEE = """
from datetime import date
from rathaus.accounts.models import Person
from rathaus.core.actor import SYSTEM
from rathaus.core.money import Money
from rathaus.payments.actions import raise_claim
raise_claim(
    by=SYSTEM,
    debtor=Person.objects.get(given_name="Johann", family_name="Steininger").pk,
    amount=Money(4_200),
    purpose={"de": "Platz", "en": "Square"},
    reference="VB-2026-990001",
    due_on=date(2099, 1, 1),
)
"""
RECEIPTS_OF_THE_FEE = """
    SELECT payment.state,
        (SELECT count(DISTINCT receipt_id) FROM payments_share WHERE claim_id = claim.id)
    FROM payments_claim AS claim
    JOIN payments_paymentpart AS part ON part.claim_id = claim.id
    JOIN payments_payment AS payment ON payment.id = part.payment_id
    WHERE claim.reference = 'VB-2026-990001'
"""
PROPOSALS = """
    SELECT person.email, proposal.answer FROM appointments_proposal AS proposal
    JOIN appointments_waitlistentry AS entry ON entry.id = proposal.entry_id
    JOIN accounts_person AS person ON person.id = entry.person_id
    JOIN appointments_location AS location ON location.id = proposal.location_id
    WHERE location.slug = 'veranstaltungen' ORDER BY proposal.sent_at
"""
OVERLAPS = """
    SELECT count(*) FROM appointments_booking AS one JOIN appointments_booking AS other
    ON one.counter_id = other.counter_id AND one.id < other.id AND one.occupies && other.occupies
    WHERE one.state IN ('held', 'booked', 'arrived')
        AND other.state IN ('held', 'booked', 'arrived')
"""
UNHEARD_OF = "UPDATE procrastinate_workers SET last_heartbeat = '2026-01-01' WHERE id = ANY (%s)"
BEGIN_NOW = """
    UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = %s AND status = 'todo'
"""
UNSENT = "SELECT count(*) FROM core_outgoingmail WHERE sent_at IS NULL AND failed_at IS NULL"
TAKE_UP = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args)
    VALUES ('default', 'core.take_up_abandoned_jobs', '{"timestamp": 0}')
"""


class Visitor:
    """Somebody of the demo city, with a browser."""

    def __init__(self, house: House, person: str) -> None:
        self.house = house
        self.session = requests.Session()
        self.session.cookies.set("csrftoken", SECRET, domain="127.0.0.1", path="/")
        self.post("demo/anmelden/", person=person)

    def get(self, path: str) -> str:
        """The page, as a person reads its addresses."""
        return unescape(self.session.get(self._address(path), timeout=20).text)

    def post(self, path: str, **fields: object) -> requests.Response | None:
        """The answer, or nothing where none came."""
        token = self.session.cookies["csrftoken"]
        form = {"csrfmiddlewaretoken": token, **fields}
        try:
            return self.session.post(self._address(path), form, timeout=30, allow_redirects=False)
        except requests.RequestException:
            return None

    def does(self, path: str, **fields: object) -> str:
        """Where a post leads that was taken."""
        answer = self.post(path, **fields)
        assert answer is not None
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def holds(self, begins_at: str) -> str:
        """The address of a time that is held for them now."""
        details = f"termine/daten/?{WISH}&beginn={quote(begins_at)}"
        return self.does(details, schluessel=str(uuid4())).removeprefix("/")

    def _address(self, path: str) -> str:
        return urljoin(self.house.address, path)


@pytest.fixture(scope="module")
def counter(house: House) -> House:
    """The house with a counter that has time, and somebody who owes a fee."""
    script = (Path(__file__).parents[1] / "event_counter.py").read_text()
    house.run("manage", "shell", "-c", script + FEE)
    return house


@pytest.fixture(autouse=True)
def answering(post: Letterbox) -> Iterator[None]:
    """Whatever a test does to the mail server, the next one finds it answering."""
    yield
    post.answers.set()


@pytest.fixture
def anna(counter: House) -> Visitor:
    return Visitor(counter, "anna-huber")


@pytest.fixture
def times(anna: Visitor) -> list[str]:
    """When somebody can come on a working day, far enough ahead to be offered to others."""
    soon = f"{datetime.now(VIENNA) + timedelta(days=2):%Y-%m-%d}"
    days = re.findall(r"tag=(\d{4}-\d\d-\d\d)", anna.get(f"termine/zeit/?{WISH}"))
    later = (day for day in days if day >= soon and datetime.fromisoformat(day).weekday() < 5)
    page = anna.get(f"termine/zeit/?{WISH}&tag={next(later)}").split('id="zeiten"')[1]
    found = re.findall(r"beginn=([^\"]+)", page)
    return [requests.utils.unquote(one) for one in found][::APART]


def ask(house: House, question: str, *values: object) -> list[Any]:
    """Rows of the house's database."""
    with psycopg.connect(cluster_in(house.home.postgres).url(), autocommit=True) as connection:
        found = connection.execute(question, values)
        return found.fetchall() if found.description else []


@contextmanager
def held_up(house: House, *tables: str) -> Iterator[Callable[[], bool]]:
    """Whoever writes to one of the tables waits in the middle of their transaction; says whether
    somebody waits at each of them.
    """

    def waiting() -> bool:
        stopped = "SELECT DISTINCT relation FROM pg_locks WHERE NOT granted"
        found = ask(house, f"{stopped} AND relation::regclass::text = ANY (%s)", list(tables))
        return len(found) == len(tables)

    with psycopg.connect(cluster_in(house.home.postgres).url()) as lock:
        lock.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
        yield lambda: wait_until(waiting, seconds=30)


@contextmanager
def killed(house: House, name: str) -> Iterator[None]:
    """The process with all that it has started, in one moment; afterwards it has come back."""
    before = noted_processes(house.home)
    own = before[name].pid
    children = subprocess.run(["pgrep", "-P", str(own)], capture_output=True, text=True).stdout
    for pid in (*map(int, children.split()), own):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    yield
    assert house.heals(before, name), house.said()


def in_background(deed: Callable[..., Any], *values: object, **fields: object) -> Future[Any]:
    return ThreadPoolExecutor(1).submit(deed, *values, **fields)


def state_of(house: House, booking: str) -> tuple[str, datetime]:
    [row] = ask(
        house,
        "SELECT state, begins_at FROM appointments_booking WHERE id = %s",
        booking.split("/")[-2],
    )
    return row


def arrives_once(post: Letterbox, *words: str, to: str, at_most: int = 1) -> bool:
    """Whether exactly one mail with these words came; it may still be on its way. One that the
    mail server had when the house died comes a second time, with the same Message-ID.
    """
    wait_until(lambda: bool(post.times(*words, to=to)), seconds=60)
    copies = list(post.times(*words, to=to).values())
    return len(copies) == 1 and copies[0] <= at_most


def test_a_dead_web_server_has_confirmed_and_moved_wholly_or_not_at_all(
    counter: House, post: Letterbox, anna: Visitor, times: list[str]
) -> None:
    first, second = (datetime.fromisoformat(one) for one in times[:2])
    booking = anna.holds(times[0])

    with held_up(counter, MAILS) as somebody_waits:
        confirming = in_background(anna.post, f"{booking}bestaetigen/")
        assert somebody_waits()
        with killed(counter, "web"):
            assert confirming.result() is None
    assert state_of(counter, booking) == ("held", first)
    anna.does(f"{booking}bestaetigen/")
    assert state_of(counter, booking) == ("booked", first)

    with held_up(counter, MAILS) as somebody_waits:
        moving = in_background(anna.post, f"{booking}verschieben/", beginn=times[1])
        assert somebody_waits()
        with killed(counter, "web"):
            assert moving.result() is None
    assert state_of(counter, booking) == ("booked", first)
    anna.does(f"{booking}verschieben/", beginn=times[1])

    assert state_of(counter, booking) == ("booked", second)
    assert ask(counter, "SELECT count(*) FROM appointments_booking WHERE place <> id") == [(0,)]
    assert arrives_once(post, "Ihr Termin ist gebucht", to="anna-huber")
    assert arrives_once(post, "Ihr Termin ist verschoben", to="anna-huber")
    anna.does(f"{booking}absagen/")


def test_a_dead_worker_leaves_no_mail_no_payment_and_no_offer_undone(
    counter: House, post: Letterbox, anna: Visitor, times: list[str]
) -> None:
    mehmet, sophie = Visitor(counter, "mehmet-yildiz"), Visitor(counter, "sophie-wagner")
    booking = anna.holds(times[2])
    anna.does(f"{booking}bestaetigen/")
    for visitor in (mehmet, sophie):
        span = {"von": times[2][:10], "bis": times[2][:10]}
        visitor.does(f"termine/warteliste/?{WISH}", **WAITS, **span)
    anna.does(f"{booking}absagen/")
    post.letter("ein früherer Termin ist frei", to="mehmet-yildiz")
    page_of_the_service = begins_to_pay(Visitor(counter, "johann-steininger"))
    assert wait_until(lambda: unsent(counter) == 0, seconds=30)

    post.answers.clear()
    anna.does(f"{anna.holds(times[3])}bestaetigen/")
    told = {"to": "anna-huber"}
    assert wait_until(lambda: bool(post.times("gebucht", clock(times[3]), **told)), seconds=30)
    with held_up(counter, MAILS, RECEIPTS) as both_wait:
        requests.post(page_of_the_service, {"deed": "pay"}, timeout=10, allow_redirects=False)
        answer_time_is_over(counter)
        assert both_wait()
        before = [row for (row,) in ask(counter, "SELECT id FROM procrastinate_workers")]
        with killed(counter, "worker"):
            post.answers.set()
    ask(counter, UNHEARD_OF, before)
    ask(counter, TAKE_UP)

    assert wait_until(lambda: receipts_of_the_fee(counter) == [("succeeded", 1)], seconds=60)
    assert wait_until(lambda: len(proposals(counter)) == 2, seconds=60)
    assert proposals(counter) == [
        ("mehmet-yildiz@post.example", "expired"),
        ("sophie-wagner@post.example", "open"),
    ]
    assert ask(counter, "SELECT sum(cents) FROM payments_leg") == [(0,)]
    assert arrives_once(post, "ein früherer Termin ist frei", to="sophie-wagner")
    again = post.times("gebucht", clock(times[3]), **told)
    assert list(again.values()) == [2], "the server had it, the house did not know: one Message-ID"


def test_a_dead_database_keeps_every_appointment_that_was_answered(
    counter: House, post: Letterbox, anna: Visitor, times: list[str]
) -> None:
    people = ("mehmet-yildiz", "sophie-wagner", "johann-steininger")
    visitors = [Visitor(counter, person) for person in people]
    wanted = times[4:7]
    bookings = [visitor.holds(one) for visitor, one in zip(visitors, wanted, strict=True)]
    forgotten = anna.holds(times[7])
    ask(counter, "CHECKPOINT")

    answers = [
        in_background(visitor.post, f"{booking}bestaetigen/")
        for visitor, booking in zip(visitors, bookings, strict=True)
    ]
    wait_until(lambda: any(answer.done() for answer in answers), seconds=20)
    with killed(counter, "postgres"):
        pass

    for booking, answer in zip(bookings, answers, strict=True):
        if (said := answer.result()) is not None and said.status_code == 302:
            assert state_of(counter, booking)[0] == "booked"
    for visitor, booking in zip(visitors, bookings, strict=True):
        visitor.does(f"{booking}bestaetigen/")
        assert state_of(counter, booking)[0] == "booked"
    for person, one in zip(people, wanted, strict=True):
        assert arrives_once(post, "Ihr Termin ist gebucht", clock(one), to=person, at_most=2)
    assert state_of(counter, forgotten)[0] == "held"
    ask(counter, "UPDATE appointments_booking SET hold_until = now() WHERE state = 'held'")
    taken = visitors[0].holds(times[7])
    assert state_of(counter, taken)[0] == "held"
    assert state_of(counter, forgotten)[0] == "expired"
    assert ask(counter, OVERLAPS) == [(0,)]


def clock(begins_at: str) -> str:
    """The time as mails write it."""
    return f"{datetime.fromisoformat(begins_at).astimezone(VIENNA):%d.%m.%Y, %H:%M}"


def begins_to_pay(visitor: Visitor) -> str:
    """The page of the payment service for the fee of this test."""
    [(claim,)] = ask(visitor.house, "SELECT id FROM payments_claim WHERE reference = %s", FEE_OF)
    chosen = {"forderung": claim, "means": "card", "key": str(uuid4())}
    return visitor.does("meine-zahlungen/zahlen/", **chosen)


def answer_time_is_over(house: House) -> None:
    """Nobody answered what was offered, and the job that notes it may begin."""
    ask(house, "UPDATE appointments_proposal SET until = now() WHERE answer = 'open'")
    ask(house, BEGIN_NOW, "appointments.answer_over")


def unsent(house: House) -> int:
    [(count,)] = ask(house, UNSENT)
    return int(count)


def receipts_of_the_fee(house: House) -> list[tuple[str, int]]:
    """What became of the payments of the fee, and how many receipts it has."""
    return ask(house, RECEIPTS_OF_THE_FEE)


def proposals(house: House) -> list[tuple[str, str]]:
    """To whom the time was offered, in order, and what they said."""
    return ask(house, PROPOSALS)
