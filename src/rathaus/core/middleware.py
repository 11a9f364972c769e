"""What happens around every request: a log line without personal data, and domain errors as pages."""

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

from rathaus.core.errors import DomainError
from rathaus.core.views import error_page

log = structlog.get_logger("rathaus.request")

Handler = Callable[[HttpRequest], HttpResponse]


class RequestLog:
    """One line per request: route (never the address, which may name a case), status, milliseconds, a number to quote."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        number = uuid4().hex[:12]
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


class DomainErrors:
    """Turns a domain's refusal into a page that says in plain words what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for `DomainError`; everything else is a fault of ours and goes on to the 500 page."""
        if isinstance(error, DomainError):
            return error_page(request, status=error.status, message=str(error.message))
        return None
