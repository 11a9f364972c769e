"""Who listens to the queue hears again after the database or a web process was killed."""

import http.client
import os
import signal
import time
from http import HTTPStatus
from http.cookies import SimpleCookie
from itertools import cycle
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from tests.house import PATIENCE, House

from rathaus.operate.supervisor import noted_processes

HERE = "rathaus"
SECONDS_BETWEEN_STEPS = 1.0
SECRET = "a" * 32


class Listener:
    """A display: opens its line again whenever it breaks, as a browser's EventSource does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.heard = Event()
        self.closing = False
        self.thread = Thread(target=self._listen, daemon=True)
        self.thread.start()

    def hears(self, clerk: "Clerk") -> bool:
        """Whether a fresh event arrives while somebody works at a counter."""
        self.heard.clear()
        begin = time.monotonic()
        while not self.heard.is_set() and time.monotonic() - begin < PATIENCE:
            clerk.press()
            self.heard.wait(SECONDS_BETWEEN_STEPS)
        return self.heard.is_set()

    def close(self) -> None:
        self.closing = True
        self.thread.join(20)

    def _listen(self) -> None:
        while not self.closing:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", f"/anzeige/{HERE}/leitung/")
                self._follow(connection.getresponse())
            except (OSError, http.client.HTTPException):
                time.sleep(0.3)
            finally:
                connection.close()

    def _follow(self, answer: http.client.HTTPResponse) -> None:
        while answer.status == HTTPStatus.OK and not self.closing:
            line = answer.fp.readline()
            if not line:
                return
            if line.startswith(b"data: queue:"):
                self.heard.set()


class Clerk:
    """Somebody at a counter who begins and ends a break, again and again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies = {"csrftoken": SECRET}
        self.steps = cycle(["pause", "weiter"])
        self._send("/demo/anmelden/", {"person": "georg-aichinger"})

    def press(self) -> None:
        """The next step; the house may just be away."""
        self._send(f"/amt/schalter/{next(self.steps)}/", {})

    def _send(self, path: str, fields: dict[str, str]) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
        body = urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}


@pytest.fixture
def listener(house: House):
    found = Listener(house.port)
    yield found
    found.close()


@pytest.mark.parametrize("name", ["postgres", "web"])
def test_a_listener_hears_again(house: House, listener: Listener, name: str) -> None:
    clerk = Clerk(house.port)
    assert listener.hears(clerk)
    before = noted_processes(house.home)

    os.kill(before[name].pid, signal.SIGKILL)

    assert house.heals(before, name), house.said()
    assert listener.hears(clerk), house.said()
