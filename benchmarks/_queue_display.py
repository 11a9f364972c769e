"""From the click on "next" until the display shows it, over HTTP on the real web server.

The first clicks, with which each process of the server opens its connection to the database, are
not counted. The clock runs from sending the click until the server-sent event has reached a
listening client and that client has fetched the display's part with the called number in it.
"""

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from urllib.parse import urlencode

from _queue_office import PROJECT, Office, office
from django.db import connection
from django.test import Client
from tests.factories import sign_in

from rathaus.appointments.actions import calling, tickets
from rathaus.appointments.actions.tickets import Wished
from rathaus.appointments.models import Ticket
from rathaus.core.actor import ANONYMOUS
from rathaus.operate.measuring import percentile
from rathaus.operate.processes import wait_until
from rathaus.operate.web_server import web_server_command

Peers = dict[str, dict[str, float]]
CLICKS, QUICK_CLICKS = 300, 40
UNCOUNTED = 12
PATIENCE = 20.0


def measure(*, quick: bool) -> tuple[dict[str, float], Peers]:
    """Click after click, one at a time, as one counter of a hall works."""
    place = office("bench-display", counters=1)
    clicks = QUICK_CLICKS if quick else CLICKS
    for _ in range(UNCOUNTED + clicks):
        tickets.draw_ticket(by=ANONYMOUS, location=place.slug, wished=Wished((place.offer,)))
    session = sign_in(Client(), place.people[0])
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in session.cookies.items())
    connection.close()
    with web_server() as port:
        times = shown_after(place, port, cookie, UNCOUNTED + clicks)[UNCOUNTED:]
    return {
        "display_clicks": len(times),
        "display_p50_ms": round(percentile(times, 0.5), 1),
        "display_p99_ms": round(percentile(times, 0.99), 1),
        "display_worst_ms": round(max(times), 1),
    }, {}


def shown_after(place: Office, port: int, cookie: str, clicks: int) -> list[float]:
    """Milliseconds of each click."""
    display = Display(port, place.slug)
    counter = Counter(port, cookie)
    times = []
    for _ in range(clicks):
        label = next_label(place)
        display.forget()
        begin = time.perf_counter()
        counter.press("naechste")
        display.wait_for(label)
        times.append(1000 * (time.perf_counter() - begin))
        finish(place)
    return times


def next_label(place: Office) -> str:
    """Who will be called: the lowest number that waits."""
    rows = Ticket.objects.filter(location=place.location, state="waiting")
    return rows.order_by("number")[0].label


def finish(place: Office) -> None:
    """Off the clock, in this process."""
    ticket = Ticket.objects.get(location=place.location, state="called")
    calling.finish_ticket(by=place.clerks[0], ticket=ticket.pk)


class Display:
    """Listens on its line and fetches its part whenever something changed."""

    def __init__(self, port: int, slug: str) -> None:
        self.slug = slug
        self.events: SimpleQueue[float] = SimpleQueue()
        self.port = port
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.line.request("GET", f"/anzeige/{slug}/leitung/")
        self.answer = self.line.getresponse()
        threading.Thread(target=self._listen, daemon=True).start()
        time.sleep(2)  # the process begins to listen to the database with its first line

    def forget(self) -> None:
        """What was heard before the click is of no interest."""
        time.sleep(0.05)
        try:
            while True:
                self.events.get_nowait()
        except Empty:
            return

    def wait_for(self, label: str) -> None:
        """Until a part fetched after an event shows the number as called."""
        called = f"<td>{label}</td>".encode()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.events.get(timeout=PATIENCE)
            if called in self._part():
                return
        raise TimeoutError(label)

    def _part(self) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", f"/anzeige/{self.slug}/stand/")
        try:
            return connection.getresponse().read()
        finally:
            connection.close()

    def _listen(self) -> None:
        while line := self.answer.fp.readline():
            if line.startswith(b"data:"):
                self.events.put(time.perf_counter())


class Counter:
    """A clerk's browser that only presses."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port = port
        secret = "a" * 32
        self.headers = {
            "Cookie": f"{cookie}; csrftoken={secret}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.body = urlencode({"csrfmiddlewaretoken": secret})

    def press(self, step: str) -> None:
        """Send one form; the answer leads back to the page. Raises `RuntimeError` otherwise."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("POST", f"/amt/schalter/{step}/", self.body, self.headers)
        answer = connection.getresponse()
        connection.close()
        if answer.status != http.HTTPStatus.FOUND:
            raise RuntimeError(f"{step} answered {answer.status}")


@contextmanager
def web_server() -> Iterator[int]:
    """The house's web server on a free port, on the database of this measurement."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = int(door.getsockname()[1])
        server = subprocess.Popen(
            web_server_command(door.fileno()),
            env={**os.environ, "PYTHONPATH": str(PROJECT / "src")},
            pass_fds=[door.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            if not wait_until(lambda: answers(port), seconds=60):
                raise TimeoutError("the web server did not open")
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def answers(port: int) -> bool:
    """Whether a page comes back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/anzeige/bench-display/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
