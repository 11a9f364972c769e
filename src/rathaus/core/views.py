"""Error pages, the city's look as files of its own, its legal pages, and the choice of language."""

import re
import sys
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from rathaus.core.building_blocks import example
from rathaus.core.city import current_city
from rathaus.core.database_away import database_is_away, reason_to_wait
from rathaus.core.error_texts import error_text
from rathaus.core.transaction import perhaps_committed

log = structlog.get_logger("rathaus.database")

COLOUR_NAME = re.compile(r"[a-z]+(-[a-z]+)*")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
SECONDS_TO_WAIT = "5"
A_TEXT = 20  # letters: what somebody wrote, not what they chose
NO_CREST = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 56">'
    '<path d="M4 4h40v28q0 14-20 22Q4 46 4 32z"/></svg>'
)


def error_page(
    request: HttpRequest, *, status: int, message: str = "", page: str = "core/error.html"
) -> HttpResponse:
    """The page for a status code, with the reason where there is one to show."""
    text = error_text(status)
    context = {
        "status": status,
        "title": text.title,
        "message": message or text.message,
        "advice": text.advice,
    }
    return render(request, page, context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400; a form with more bytes than the house takes has its own page.

    A session that can't be saved because the database is away is a bad request to Django.
    """
    if database_is_away(exception):
        return one_moment(request)
    return error_page(request, status=413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    return error_page(request, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return error_page(request, status=404)


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """Django's handler500: without request and database, one of which may be what failed."""
    if database_is_away(sys.exception()):  # Django calls this while it handles the error
        return one_moment(request)
    page = render_to_string("core/error_500.html", {"text": error_text(500)})
    return HttpResponse(page, status=500)


def one_moment(request: HttpRequest) -> HttpResponse:
    """The page while the database restarts, made without it: what was asked for is asked again by
    itself, what was sent is offered for sending once more.
    """
    log.warning("database away", reason=reason_to_wait(sys.exception()))
    headers = {"Retry-After": SECONDS_TO_WAIT, "Cache-Control": "no-store"}
    context: dict[str, Any]
    if request.method in ("GET", "HEAD"):
        headers["Refresh"] = SECONDS_TO_WAIT
        context = {"again": request.get_full_path()}
    else:
        context = {"perhaps_saved": perhaps_committed(), **_readable_form(request)}
    page = render_to_string("core/one_moment.html", context)
    return HttpResponse(page, status=503, headers=headers)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer fits: mostly a page left open over a new sign-in elsewhere.

    What was written is offered for sending once more, if the post came from a page of this house.
    """
    if not _from_this_house(request):
        return error_page(request, status=403)
    return render(request, "core/send_again.html", _sent_form(request), status=403)


def sign_in_first(request: HttpRequest, door: str) -> HttpResponse:
    """To the door, and back to the page afterwards. What was sent after a session had ended stays
    on the screen while its sender signs in again in another window.
    """
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path(), door)
    page = _page_of_the_form(request)
    if not _from_this_house(request):
        return redirect_to_login(page, door)
    context = {"door": f"{door}?{urlencode({'next': page})}", **_sent_form(request)}
    context["texts"] = [value for _name, value in context["fields"] if len(value) >= A_TEXT]
    return render(request, "core/sign_in_first.html", context, status=403)


def _page_of_the_form(request: HttpRequest) -> str:
    """The page from which something was sent, as far as the browser tells; else the start page."""
    sender = urlsplit(request.headers.get("Referer", ""))
    return sender.path if sender.netloc == request.get_host() and sender.path else "/"


def _readable_form(request: HttpRequest) -> dict[str, Any]:
    """What was sent, if it is a form of this house that came through."""
    try:
        ours = _from_this_house(request) and "csrfmiddlewaretoken" in request.POST
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        return {}
    return {"csrf_token": get_token(request), **_sent_form(request)} if ours else {}


def _sent_form(request: HttpRequest) -> dict[str, Any]:
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]
    return {"fields": fields, "files_lost": bool(request.FILES)}


def _from_this_house(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    return request.method == "POST" and origin == f"{request.scheme}://{request.get_host()}"


@require_safe
@cache_control(public=True, max_age=300)
def colours(request: HttpRequest) -> HttpResponse:
    """The city's colours as CSS properties, `--city-primary: #1b5e4f`; no colour, no line."""
    properties = "".join(
        f"--city-{name}:{colour};"
        for name, colour in current_city().colours.items()
        if COLOUR_NAME.fullmatch(name) and COLOUR.fullmatch(str(colour))
    )
    return HttpResponse(f":root{{{properties}}}\n", content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=300)
def crest(request: HttpRequest) -> HttpResponse:
    """The city's crest, or a plain shield."""
    picture = current_city().crest or NO_CREST
    return HttpResponse(picture, content_type="image/svg+xml; charset=utf-8")


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Who answers for this site."""
    return render(request, "core/imprint.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Which data are kept, why and how long."""
    return render(request, "core/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "core/accessibility.html")


@require_safe
def building_blocks(request: HttpRequest) -> HttpResponse:
    """The style page of the demo: every component as it looks."""
    return render(request, "core/building_blocks.html", {"example": example()})
