"""What happens around every request: a log line without personal data, and refusals as pages."""

import time
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _

from rathaus.core.errors import DomainError
from rathaus.core.transaction import nothing_committed_yet
from rathaus.core.views import error_page

log = structlog.get_logger("rathaus.request")

Handler = Callable[[HttpRequest], HttpResponse]

PIECE = 64 * 1024


class RequestLog:
    """One line per request: route (never the address, it may name a case), status, time, number."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note how it went."""
        started = time.perf_counter()
        number = uuid4().hex[:12]
        nothing_committed_yet()
        structlog.contextvars.bind_contextvars(request=number)
        try:
            response = self.get_response(request)
        finally:
            structlog.contextvars.unbind_contextvars("request")
        match = request.resolver_match
        log.info(
            "request",
            request=number,
            method=request.method,
            route=match.route if match else "",
            status=response.status_code,
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
        )
        response.headers["X-Request-ID"] = number
        return response


class ReadToTheEnd:
    """Takes in what a refused sender is still sending: who is cut off sees no page, only an error.

    More than the most that is taken at once is not waited for.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; after a refusal nothing of it is left unread."""
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            _read_the_rest(request, most=_most_at_once())
        return response


def _read_the_rest(request: HttpRequest, *, most: int) -> None:
    try:
        for _piece in range(most // PIECE):
            if not request.read(PIECE):
                return
    except UnreadablePostError:  # the sender has left, nobody waits for the page
        return


class NotTooMuchAtOnce:
    """Refuses a form whose files are too much together, before any of it is read."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or the page that says how much there may be."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > _most_at_once():
            most = settings.UPLOADS_AT_ONCE_MAX_BYTES // 1024 // 1024
            sentence = _(
                "Auf einmal nehmen wir höchstens %(most)s MB an. Bitte laden Sie Ihre Dateien in "
                "mehreren Schritten hoch."
            )
            return error_page(request, status=413, message=sentence % {"most": most})
        return self.get_response(request)


def _most_at_once() -> int:
    """The files, and the words that come with them."""
    return int(settings.UPLOADS_AT_ONCE_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


class DomainErrors:
    """Turns a domain's refusal, or a method no page offers, into a page that says what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; a bare 405 gets its page."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            page = error_page(request, status=response.status_code)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for `DomainError`; everything else is a fault of ours: the 500 page."""
        if isinstance(error, DomainError):
            return error_page(
                request, status=error.status, message=str(error.message), page=error.page
            )
        return None
