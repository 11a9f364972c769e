"""Error pages, the status page and the city's stylesheet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def error_page(request: HttpRequest, *, status: int, message: str = "") -> HttpResponse:
    """The page for a status code, `core/error.html`, with the reason where there is one to show."""
    return render(request, "core/error.html", {"status": status, "message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400."""
    return error_page(request, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    return error_page(request, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return error_page(request, status=404)


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """Django's handler500: rendered without the database, which may be what failed."""
    return render(request, "core/error_500.html", {"status": 500}, status=500, using=None)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent without its token: mostly a page left open over a new sign-in."""
    return error_page(request, status=403)
