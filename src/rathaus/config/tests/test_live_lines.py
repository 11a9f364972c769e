"""Lines on which browsers hear of changes: what is committed arrives, who leaves is forgotten."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from socket import socket, socketpair

import psycopg
import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.urls import path

from rathaus.config.live_lines import KEEPS_LINES, Line, LineKept, LiveLines, listen
from rathaus.config.wsgi import Application
from rathaus.core.live import GREETING, LiveLine, Topic, announce
from rathaus.core.transaction import atomic
from rathaus.operate.processes import wait_until

HERE, ELSEWHERE = Topic("queue", 1), Topic("queue", 2)
HEAD = b"HTTP/1.1 200 OK\r\n\r\n" + GREETING
TOLD, TOLD_ELSEWHERE = b"data: queue:1\n\n", b"data: queue:2\n\n"
PATIENCE = 30.0

on_the_database = pytest.mark.django_db(transaction=True)


@contextmanager
def browser(lines: LiveLines, *topics: Topic) -> Iterator[socket]:
    """The far end of a line that is open and heard on."""
    ours, theirs = socketpair()
    theirs.settimeout(PATIENCE)
    lines.add(ours, Line(HEAD, frozenset(map(str, topics))))
    with theirs:
        assert heard(theirs, HEAD) == HEAD
        yield theirs


def heard(line: socket, expected: bytes) -> bytes:
    """As many bytes as expected; fewer where the line ends before."""
    so_far = b""
    while len(so_far) < len(expected) and (piece := line.recv(len(expected) - len(so_far))):
        so_far += piece
    return so_far


@atomic
def change(topic: Topic, *, fails: bool = False) -> None:
    announce(topic)
    if fails:
        raise LookupError


@on_the_database
def test_who_watches_hears_of_what_was_committed_and_of_nothing_else() -> None:
    with (
        closing(LiveLines()) as lines,
        browser(lines, HERE) as one,
        browser(lines, HERE, ELSEWHERE) as both,
    ):
        with pytest.raises(LookupError):
            change(HERE, fails=True)
        change(ELSEWHERE)
        change(HERE)

        assert heard(both, TOLD_ELSEWHERE + TOLD) == TOLD_ELSEWHERE + TOLD
        assert heard(one, TOLD) == TOLD


@on_the_database
def test_after_an_outage_of_the_database_everybody_looks_again() -> None:
    opened: list[psycopg.Connection] = []

    def noted() -> psycopg.Connection:
        opened.append(listen())
        return opened[-1]

    with closing(LiveLines(noted)) as lines, browser(lines, HERE, ELSEWHERE) as line:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [opened[0].info.backend_pid])
        assert heard(line, TOLD + TOLD_ELSEWHERE) == TOLD + TOLD_ELSEWHERE

        change(HERE)
        assert heard(line, TOLD) == TOLD
    assert len(opened) == 2


@on_the_database
def test_who_leaves_is_forgotten() -> None:
    with closing(LiveLines(most=2)) as lines, browser(lines, HERE) as stays:
        with browser(lines, HERE):
            assert lines.is_full
        assert wait_until(lambda: len(lines) == 1, seconds=PATIENCE)
        assert not lines.is_full

        change(HERE)
        assert heard(stays, TOLD) == TOLD


@on_the_database
def test_at_the_end_every_line_ends() -> None:
    lines = LiveLines()
    with browser(lines, HERE) as line:
        lines.close()
        assert line.recv(1) == b""
    assert len(lines) == 0


def watch(_request: HttpRequest) -> LiveLine:
    return LiveLine([HERE])


urlpatterns = [path("live/", watch)]


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
def test_an_answer_that_goes_on_is_handed_over_only_to_a_server_that_keeps_it() -> None:
    begun: list[str] = []

    def start(status: str, headers: list[tuple[str, str]], fault: object = None) -> None:
        begun.append(f"{status} {dict(headers)['Content-Type']}")

    environ = RequestFactory()._base_environ(PATH_INFO="/live/")
    answer = Application()(environ, start)
    assert b"".join(answer) == GREETING
    assert begun == ["200 OK text/event-stream; charset=utf-8"]

    with pytest.raises(LineKept) as kept:
        Application()(environ | {KEEPS_LINES: True}, start)
    assert begun == ["200 OK text/event-stream; charset=utf-8"]
    head, _blank, body = kept.value.line.head.partition(b"\r\n\r\n")
    assert body == GREETING
    assert kept.value.line.topics == {"queue:1"}
    assert head.splitlines() == [
        b"HTTP/1.1 200 OK",
        b"Content-Type: text/event-stream; charset=utf-8",
        b"Cache-Control: no-store",
        b"X-Accel-Buffering: no",
        b"Connection: close",
    ]
