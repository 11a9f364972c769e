"""Writes down what staff have read, and what anybody was refused, before the answer leaves."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from rathaus.audit.actions import refused
from rathaus.audit.reading import ReadLog, Reason, open_log
from rathaus.core.actor import Actor
from rathaus.core.errors import Attempt, DomainError, NotAllowed

BYTES_PER_ENTRY = 64 * 1024


class ReadLedger:
    """Keeps the read log of a request; an entry that can't be written stops the answer.

    Acting people are known before the log opens, so that signing in is no read of one's own row.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve the page; for staff, with the log open."""
        actor = _actor(request)
        if not actor.is_staff:
            return self.get_response(request)
        log = ReadLog(Reason(actor, did="pages.read"))
        with log.open():
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _accounted(iter(response), log)
        else:
            log.close()
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Unless the view names a better reason, the page itself is the reason for reading."""
        log = open_log()
        if log is not None:
            log.reason = Reason(_actor(request), did=_page(request))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Note a refused attempt, now that the action is rolled back; the error page follows."""
        if isinstance(error, DomainError):
            actor = _actor(request)
            attempt = error.attempted
            if attempt is None and isinstance(error, NotAllowed) and actor.person:
                attempt = Attempt("access.refused", thing_type="page", thing_id=_page(request))
            if attempt is not None:
                refused(by=actor, attempt=attempt)
        return None


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return actor


def _page(request: HttpRequest) -> str:
    """`cases:inbox` as the name of a deed: `cases.inbox`."""
    match = request.resolver_match
    return match.view_name.replace(":", ".") if match else ""


def _accounted(chunks: Iterator[bytes], log: ReadLog) -> Iterator[bytes]:
    """The chunks in larger pieces, each after the entry about what was read for it."""
    waiting = b""
    while True:
        with log.open():
            chunk = next(chunks, None)
        if chunk is not None:
            waiting += chunk
        if chunk is None or len(waiting) >= BYTES_PER_ENTRY:
            log.write()
            yield waiting
            waiting = b""
        if chunk is None:
            log.close()
            return
