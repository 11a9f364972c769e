"""Help at a counter: one press that calls it, what colleagues see and answer, and the list."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.appointments.actions import helping
from rathaus.appointments.help_calls import Outcome
from rathaus.appointments.models import Location
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.queries.help_calls import (
    PLAN,
    coming_terms,
    heard_calls,
    help_terms,
    help_topics,
    past_calls,
)
from rathaus.appointments.queries.planning.places import planned_locations
from rathaus.appointments.views.asked import chosen_place, day_in, is_plain, number_of
from rathaus.core.access import Request, staff_page
from rathaus.core.clock import today
from rathaus.core.errors import DomainError, NotFound
from rathaus.core.live import LiveLine
from rathaus.core.localized import localize

QUIET = "X-Quiet"


@require_POST
@staff_page(SERVE)
def call(request: Request) -> HttpResponse:
    """Call for help; nothing on the page says so to whoever looks over a shoulder."""
    place, counter = request.POST.get("ort", ""), request.POST.get("schalter", "")
    if not is_plain(place):
        raise NotFound
    helping.call_for_help(by=request.actor, location=place, counter=number_of(counter))
    return _stay(request)


@never_cache
@require_safe
@staff_page(SERVE)
def part(request: Request) -> HttpResponse:
    """The open calls that concern somebody; empty while there is none."""
    return HttpResponse(shown(request))


@require_safe
@staff_page(SERVE)
def line(request: Request) -> HttpResponse:
    """Where staff hear of calls."""
    return LiveLine(help_topics(request.actor))


@require_POST
@staff_page(SERVE)
def come(request: Request, call: int) -> HttpResponse:
    """ "Ich komme"."""
    helping.come_to_help(by=request.actor, call=call)
    return _stay(request)


@require_POST
@staff_page(SERVE)
def close(request: Request, call: int) -> HttpResponse:
    """ "Erledigt" or "Fehlalarm"."""
    outcome = Outcome.FALSE_ALARM if "fehlalarm" in request.POST else Outcome.DONE
    helping.close_help(by=request.actor, call=call, outcome=outcome, note=_note(request.POST))
    return _stay(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PLAN)
def calls(request: Request) -> HttpResponse:
    """Past calls of a location, and whom the house writes to where nobody answers."""
    places = planned_locations(request.actor)
    place = chosen_place(request, places)
    if place is None:
        return redirect("appointments:counter")
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            _change(request, place)
        except DomainError as error:
            refusal = error
        else:
            return redirect(f"{reverse('appointments:help_calls')}?ort={place.slug}")
    context = {
        "place": place,
        "places": [(one.slug, localize(one.name)) for one in places],
        "calls": past_calls(by=request.actor, location=place),
        "terms": help_terms(place.pk, today()),
        "coming": coming_terms(place),
        "today": today(),
        "typed": request.POST if refusal else None,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "appointments/help_calls.html", context, status=status)


def shown(request: HttpRequest) -> str:
    """The open calls as HTML, for the top of every page of the workspace."""
    found = heard_calls(request.actor)  # type: ignore[attr-defined]  # set by our middleware
    if not found:
        return ""
    return render_to_string("appointments/parts/help_calls.html", {"calls": found}, request)


def _change(request: Request, place: Location) -> None:
    if "notiz" in request.POST:
        call = number_of(request.POST.get("ruf", ""))
        if call is None:
            raise NotFound
        helping.note_help(by=request.actor, call=call, note=_note(request.POST))
        messages.success(request, _("Die Notiz ist gespeichert."))
        return
    day = day_in(request.POST.get("gilt_ab", ""))
    seconds = request.POST.get("sekunden", "")
    helping.set_help_terms(
        by=request.actor,
        location=place.slug,
        valid_from=day or today(),
        seconds=number_of(seconds) or 0,
        emails=request.POST.get("adressen", "").split(),
    )
    messages.success(request, _("Die Regel ist gespeichert."))


def _stay(request: Request) -> HttpResponse:
    """Back to the page on which the button was; to a script only that it is done."""
    if QUIET in request.headers:
        return HttpResponse(status=204)
    came_from = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    page = urlsplit(came_from)
    where = page._replace(scheme="", netloc="").geturl()
    return redirect(where if known and page.path.startswith("/amt/") else "appointments:counter")


def _note(data: QueryDict) -> str:
    text = data.get("notiz", "")
    return text if is_plain(text) else ""
