"""A browser that listens to the queue hears again after database or web process was killed."""

import http.client
import os
import re
import signal
import time
from http import HTTPStatus
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from tests.house import PATIENCE, House

from rathaus.operate.processes import wait_until
from rathaus.operate.supervisor import noted_processes

HERE = "buergerservice"
SECONDS_BETWEEN_DRAWS = 1.0


class Listener:
    """A display: opens its line again whenever it breaks, as a browser's EventSource does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.heard = Event()
        self.closing = False
        self.thread = Thread(target=self._listen, daemon=True)
        self.thread.start()

    def hears(self, house: House) -> bool:
        """Whether a fresh event arrives while numbers are drawn."""
        self.heard.clear()
        begin = time.monotonic()
        while not self.heard.is_set() and time.monotonic() - begin < PATIENCE:
            draw(house.port)
            self.heard.wait(SECONDS_BETWEEN_DRAWS)
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


def draw(port: int) -> None:
    """One press on a phone that nobody knows yet; the house may just be away."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", f"/kiosk/{HERE}/")
        answer = connection.getresponse()
        cookie = (answer.headers.get("Set-Cookie") or "").split(";")[0]
        found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
        if found:
            fields = urlencode({"csrfmiddlewaretoken": found[1], "offer": "auskunft"})
            kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
            connection.request("POST", f"/kiosk/{HERE}/", fields, kind)
            connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return
    finally:
        connection.close()


@pytest.fixture
def listener(house: House):
    found = Listener(house.port)
    yield found
    found.close()


@pytest.mark.parametrize("name", ["postgres", "web"])
def test_a_listener_hears_again(house: House, listener: Listener, name: str) -> None:
    assert wait_until(lambda: listener.hears(house), seconds=PATIENCE)
    before = noted_processes(house.home)

    os.kill(before[name].pid, signal.SIGKILL)

    assert house.heals(before, name), house.said()
    assert listener.hears(house), house.said()
