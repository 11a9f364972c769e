"""Keeps the lines open on which browsers hear that something changed (`rathaus.core.live`).

One thread per web process holds them all: a line takes a socket and none of the few threads that
answer requests. The thread listens to PostgreSQL and passes on what is announced. After an outage
of the database it tells every line, since something may have been missed.
"""

import selectors
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from socket import socket, socketpair

import psycopg
import structlog
from django.db import Error as DatabaseFault
from django.db import connections

from rathaus.core.live import CHANNEL

KEEPS_LINES = "rathaus.keeps_lines"  # in the environment of a request
MOST_LINES = 400
SECONDS_OF_SILENCE = 15.0
SECONDS_BETWEEN_TRIES = 1.0
STILL_HERE = b": \n\n"

log = structlog.get_logger("rathaus.web")
Listen = Callable[[], psycopg.Connection]


@dataclass(frozen=True)
class Line:
    """An open line to one browser, whose request has been answered with `head`."""

    head: bytes
    topics: frozenset[str]


class LineKept(Exception):
    """The answer to this request goes on: whoever holds the connection keeps it open."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line


def listen() -> psycopg.Connection:
    """A connection of its own on which PostgreSQL says what was announced."""
    wrapper = connections.create_connection("default")
    wrapper.connect()
    opened = wrapper.connection
    assert opened is not None  # noqa: S101 - connect() raises where there is none
    opened.execute(f"LISTEN {CHANNEL}")
    return opened  # type: ignore[no-any-return]  # Django carries no type for it


class LiveLines:
    """The lines of one process; `add` may be called from any thread."""

    def __init__(self, listen: Listen = listen, *, most: int = MOST_LINES) -> None:
        self._listen = listen
        self._most = most
        self._new: SimpleQueue[tuple[socket, Line]] = SimpleQueue()
        self._bell, self._rung = socketpair()
        self._lines: dict[socket, Line] = {}
        self._selector = selectors.DefaultSelector()
        self._database: psycopg.Connection | None = None
        self._ear = -1  # the number of its socket, known also when it is lost
        self._next_try = 0.0
        self._spoken = time.monotonic()
        self._closing = False
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def __len__(self) -> int:
        return len(self._lines) + self._new.qsize()

    @property
    def is_full(self) -> bool:
        """Whether no further line can be kept."""
        return len(self) >= self._most

    def add(self, client: socket, line: Line) -> None:
        """Take a connection over for good; its request is answered here."""
        self._new.put((client, line))
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live lines", daemon=True)
                self._selector.register(self._rung, selectors.EVENT_READ)
                self._thread.start()
        self._bell.send(b"!")

    def close(self) -> None:
        """End all lines; browsers ask again, whoever answers then."""
        self._closing = True
        with self._starting:
            if self._thread is not None:
                self._bell.send(b"!")
                self._thread.join()
        self._bell.close()
        self._rung.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._closing:
            self._keep_listening()
            for key, _events in self._selector.select(timeout=SECONDS_BETWEEN_TRIES):
                self._look_at(key.fileobj)
            if time.monotonic() - self._spoken > SECONDS_OF_SILENCE:
                self._say(STILL_HERE, list(self._lines))
        self._greet()
        for client in list(self._lines):
            self._hang_up(client)
        self._forget_database()

    def _look_at(self, what: object) -> None:
        if what is self._rung:
            self._rung.recv(4096)
            self._greet()
        elif what == self._ear:
            self._pass_on()
        elif isinstance(what, socket) and what in self._lines:
            self._hang_up(what)  # browsers say nothing on such a line: it ended

    def _greet(self) -> None:
        with suppress(Empty):
            while True:
                client, line = self._new.get_nowait()
                client.setblocking(False)
                self._lines[client] = line
                self._selector.register(client, selectors.EVENT_READ)
                self._say(line.head, [client])

    def _pass_on(self) -> None:
        for topic in dict.fromkeys(self._heard()):  # each once, in order
            watching = [client for client, line in self._lines.items() if topic in line.topics]
            self._say(_event(topic), watching)

    def _heard(self) -> Iterator[str]:
        assert self._database is not None  # noqa: S101 - only then there is something to hear
        said = self._database.pgconn
        try:
            said.consume_input()
        except psycopg.Error:
            self._forget_database()
            return
        while notice := said.notifies():
            yield notice.extra.decode()

    def _keep_listening(self) -> None:
        """Listen, again where the database was away; then everybody looks again."""
        if self._database is not None or time.monotonic() < self._next_try:
            return
        try:
            self._database = self._listen()
        except (psycopg.Error, DatabaseFault) as error:
            log.warning("nothing can be heard yet", reason=type(error).__name__)
            self._next_try = time.monotonic() + SECONDS_BETWEEN_TRIES
            return
        self._ear = self._database.fileno()
        self._selector.register(self._ear, selectors.EVENT_READ)
        for client, line in list(self._lines.items()):
            self._say(b"".join(map(_event, sorted(line.topics))), [client])

    def _forget_database(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            self._selector.unregister(self._ear)
            database.close()

    def _say(self, words: bytes, to: Iterable[socket]) -> None:
        """A browser that doesn't take a few bytes at once is gone, or asks again."""
        for client in to:
            try:
                if client.send(words) < len(words):
                    self._hang_up(client)
            except OSError:
                self._hang_up(client)
        self._spoken = time.monotonic()

    def _hang_up(self, client: socket) -> None:
        if self._lines.pop(client, None) is not None:
            self._selector.unregister(client)
            client.close()


def _event(topic: str) -> bytes:
    return f"data: {topic}\n\n".encode()
