"""The web server waits a limited time for a head and each piece of a body, and tells its faults."""

import os
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from unittest.mock import Mock

import pytest
from gunicorn.config import Config
from gunicorn.http import errors

from rathaus.config import web_worker
from rathaus.config.web_worker import PatientParser, TooSlow, WebWorker, status_of

HEAD = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_worker, "SECONDS_FOR_THE_HEAD", 0.3)
    monkeypatch.setattr(web_worker, "SECONDS_FOR_A_PIECE", 0.2)


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, PatientParser]]:
    """The sender's end, and the parser at ours."""
    theirs, ours = socket.socketpair()
    with theirs, ours:
        yield theirs, PatientParser(Config(), ours, ("127.0.0.1", 1))


def test_a_whole_request_is_read(line: tuple[socket.socket, PatientParser]) -> None:
    theirs, parser = line
    theirs.sendall(HEAD + b"a=bc")
    request = next(parser)
    assert (request.method, request.body.read()) == ("POST", b"a=bc")


def test_a_head_that_stops_is_too_slow(line: tuple[socket.socket, PatientParser]) -> None:
    theirs, parser = line
    theirs.sendall(HEAD[:-3])
    with pytest.raises(TooSlow):
        next(parser)


def test_a_head_that_drips_is_too_slow(line: tuple[socket.socket, PatientParser]) -> None:
    theirs, parser = line
    over = threading.Event()

    def drip() -> None:
        while not over.wait(0.02):
            theirs.sendall(b"G")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        with pytest.raises(TooSlow):
            next(parser)
    finally:
        over.set()
        dripping.join()


def test_a_body_that_stops_is_unreadable_to_the_program(
    line: tuple[socket.socket, PatientParser],
) -> None:
    theirs, parser = line
    theirs.sendall(HEAD + b"a=")
    request = next(parser)
    with pytest.raises(TimeoutError):
        request.body.read()


def test_the_rest_of_a_body_is_not_waited_for_longer_than_gunicorn_likes(
    line: tuple[socket.socket, PatientParser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_worker, "SECONDS_FOR_A_PIECE", 60.0)
    theirs, parser = line
    theirs.sendall(HEAD + b"a=")
    next(parser)
    assert parser.finish_body(deadline=time.monotonic() + 0.1) is False


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidRequestLine("x"), 400),
        (errors.InvalidProxyHeader("x"), 400),
        (errors.LimitRequestLine(9000), 414),
        (errors.LimitRequestHeaders("x"), 431),
        (errors.InvalidHeader("x"), 400),
        (errors.InvalidResponseHeader("x"), 500),
        (errors.InvalidResponseHeaderName("x"), 500),
        (RuntimeError("x"), 500),
    ],
)
def test_what_an_error_means(error: Exception, status: int) -> None:
    assert status_of(error) == status


def test_a_fault_of_the_program_is_told_as_one(caplog: pytest.LogCaptureFixture) -> None:
    theirs, ours = socket.socketpair()
    with theirs, ours:
        WebWorker.handle_error(Mock(), None, ours, ("10.1.2.3", 5), RuntimeError("broken"))
        ours.close()
        head, _, page = theirs.makefile("rb").read().partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 500 Internal Server Error")
    assert "Da ist bei uns etwas schiefgegangen" in page.decode()
    [record] = caplog.records
    assert (record.levelname, record.msg["exception"][0]["exc_value"]) == ("ERROR", "broken")
    assert "10.1.2.3" not in str(vars(record))


def test_a_sender_who_left_gets_no_answer_and_breaks_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    theirs, ours = socket.socketpair()
    with ours:
        theirs.close()
        WebWorker.handle_error(Mock(), None, ours, "", errors.InvalidRequestLine("x"))
    assert [record.msg["event"] for record in caplog.records] == ["refused", "the sender has left"]


@pytest.fixture
def worker() -> Iterator[WebWorker]:
    """A process with two threads that takes connections; nothing runs in its threads."""
    settings = Config()
    settings.set("threads", 2)
    with socket.create_server(("127.0.0.1", 0)) as door, selectors.DefaultSelector() as poller:
        worker = WebWorker(0, os.getppid(), [door], Mock(), 60, settings, Mock())
        worker.tpool, worker.poller = Mock(), poller
        worker.set_accept_enabled(True)
        yield worker
        worker.tmp.close()


def test_whoever_comes_while_all_threads_are_busy_is_left_to_another_process(
    worker: WebWorker,
) -> None:
    door = worker.sockets[0]
    with ExitStack() as lines:
        callers = [
            lines.enter_context(socket.create_connection(door.getsockname())) for _ in range(3)
        ]
        for taken in (1, 2):
            worker.wait_for_and_dispatch_events(timeout=5)
            assert worker.busy == taken
        worker.set_accept_enabled(True)  # as the worker asks in each of its rounds
        assert door not in worker.poller.get_map()

        first = worker.tpool.submit.call_args_list[0].args[1]
        worker.finish_request(first, Mock(**{"result.return_value": False}))
        worker.set_accept_enabled(True)
        worker.wait_for_and_dispatch_events(timeout=5)
        assert worker.tpool.submit.call_count == len(callers)
        for conn in [call.args[1] for call in worker.tpool.submit.call_args_list]:
            conn.sock.close()
