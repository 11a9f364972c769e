"""The web server's process: what is no proper request gets a page of the house, nobody who sends
half of one holds it up, and lines on which browsers hear of changes take no thread.

gunicorn answers such requests before the program sees them, in English and with the sender's
address in the log. Its own extension points are used: the worker's class, parser and unreader.
"""

from __future__ import annotations

import select
import time
from base64 import b64encode
from concurrent.futures import Future
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from socket import socket
from typing import TYPE_CHECKING, Any

import structlog
from django.template.loader import render_to_string
from gunicorn.http import errors
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import SocketUnreader
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import TConn, ThreadWorker

from rathaus.config.live_lines import KEEPS_LINES, LineKept, LiveLines
from rathaus.core.error_texts import error_text

SECONDS_FOR_THE_HEAD = 10.0
SECONDS_FOR_A_PIECE = 30.0  # of what is uploaded, over a slow line too

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = structlog.get_logger("rathaus.web")


class TooSlow(errors.ParseException):  # type: ignore[misc]  # gunicorn carries no types
    """The head of a request did not arrive in time."""


STATUS_OF = {
    TooSlow: HTTPStatus.REQUEST_TIMEOUT,
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    # What the program itself got wrong in its answer; gunicorn derives these from what a sender
    # got wrong.
    errors.InvalidResponseHeader: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.InvalidResponseHeaderName: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.ConfigurationProblem: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.ParseException: HTTPStatus.BAD_REQUEST,
    Exception: HTTPStatus.INTERNAL_SERVER_ERROR,
}


class PatientUnreader(SocketUnreader):  # type: ignore[misc]  # gunicorn carries no types
    """Takes in what is sent, and waits for it a limited time."""

    head_until: float | None = None

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next piece; raises `TimeoutError` when none arrives."""
        ready = select.poll()
        ready.register(self.sock, select.POLLIN)
        if not ready.poll(self._patience() * 1000):
            raise TimeoutError("the sender stopped in the middle")
        piece: bytes = super().chunk(size_hint)
        return piece

    def _patience(self) -> float:
        """Seconds; gunicorn sets a shorter time where it throws away the rest of a request."""
        if self.head_until is not None:
            return max(0.0, self.head_until - time.monotonic())
        shorter: float | None = self.sock.gettimeout()
        return SECONDS_FOR_A_PIECE if shorter is None else shorter


class PatientParser(RequestParser):  # type: ignore[misc]  # gunicorn carries no types
    """Reads requests whose heads arrive in time."""

    def __init__(self, cfg: object, sock: socket, address: object) -> None:
        super().__init__(cfg, sock, address)
        self.unreader = PatientUnreader(sock)

    def __next__(self) -> object:
        """The next request; raises `TooSlow`."""
        self.unreader.head_until = time.monotonic() + SECONDS_FOR_THE_HEAD
        try:
            return super().__next__()
        except TimeoutError as error:
            raise TooSlow from error
        finally:
            self.unreader.head_until = None


class WebWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's threads with our patience, our pages and our open lines.

    Whoever comes while all threads are busy is left to a process that has one to spare: in the
    queue of this one they would wait for each half request before them.
    """

    busy = 0

    def init_process(self) -> None:
        """Begin to answer; every process has lines of its own."""
        self.lines = LiveLines()
        super().init_process()

    def run(self) -> None:
        """Answer until somebody asks for the end."""
        try:
            super().run()
        finally:
            self.lines.close()

    def load_wsgi(self) -> None:
        """Tell the program that an answer may go on here."""
        super().load_wsgi()
        program: WSGIApplication = self.wsgi
        self.wsgi: WSGIApplication = lambda environ, start: program(
            environ | {KEEPS_LINES: True}, start
        )

    def handle_request(self, req: object, conn: TConn) -> bool:
        """Answer; whether the connection stays open."""
        try:
            return bool(super().handle_request(req, conn))
        except LineKept as kept:
            conn.line = kept.line
            return True

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Wait for the next request of a connection or end it; give a line to those who keep it."""
        self.busy -= 1
        line = getattr(conn, "line", None)
        if line is None:
            super().finish_request(conn, fs)
            return
        self.nr_conns -= 1
        if self.lines.is_full:
            conn.close()  # the browser tries again in a moment, perhaps in another process
        else:
            self.lines.add(conn.sock, line)

    def enqueue_req(self, conn: TConn) -> None:
        """Serve the next request of a connection."""
        if conn.parser is None:
            conn.parser = PatientParser(self.cfg, conn.sock, conn.client)
        self.busy += 1
        super().enqueue_req(conn)
        self.set_accept_enabled(self.alive)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Take new connections, as far as there are threads for them; asked all the time."""
        super().set_accept_enabled(enabled and self.busy < self.cfg.threads)

    def handle_error(self, req: object, client: socket, addr: object, exc: Exception) -> None:
        """Answer what could not be served; the log learns why, and nothing about the sender."""
        status = status_of(exc)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("fault of the web server", exc_info=exc)
        else:
            log.warning("refused", status=status.value, reason=type(exc).__name__)
        try:
            write_nonblock(client, answer(status))
        except OSError:
            log.info("the sender has left")


def status_of(error: Exception) -> HTTPStatus:
    """What an error of gunicorn means, the nearest of its classes deciding."""
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)


@cache
def answer(status: HTTPStatus) -> bytes:
    """The whole answer: a page in both languages that needs no other file, and closes the line."""
    context = {"status": status.value, "text": error_text(status)}
    page = render_to_string("core/refused.html", context)
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    body = page.encode()
    headers = {
        "Connection": "close",
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors 'none'; style-src 'sha256-{digest}'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
