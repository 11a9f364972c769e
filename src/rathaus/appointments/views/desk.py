"""The desk in the hall, the figures of a day, and which devices are kiosks."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.appointments.actions import attending, devices, tickets
from rathaus.appointments.actions.tickets import Drawn, Wished
from rathaus.appointments.calling_order import Turn
from rathaus.appointments.models import Counter, Location
from rathaus.appointments.models.queue import TURNS
from rathaus.appointments.qr_codes import qr_picture
from rathaus.appointments.queries.counter_page import served_locations, session_of
from rathaus.appointments.queries.desk import expected
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.queries.planning.places import planned_locations
from rathaus.appointments.queries.queue_figures import day_figures
from rathaus.appointments.queries.queue_pages import in_turn
from rathaus.appointments.queries.queue_settings import series_of
from rathaus.appointments.ticket_states import TicketChannel
from rathaus.appointments.views.asked import chosen_place, day_in, is_plain, key_in, persons_in
from rathaus.audit.reading import reading
from rathaus.core.access import Request, staff_page
from rathaus.core.clock import today
from rathaus.core.errors import DomainError
from rathaus.core.localized import localize

PLAN = "appointments.plan"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SERVE)
def desk(request: Request) -> HttpResponse:
    """Give somebody a number by hand, or check in an appointment found by name."""
    place = _place(request)
    if place is None:
        return redirect("appointments:counter")
    drawn: Drawn | None = None
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            with reading(by=request.actor, did="appointments.read"):
                drawn = _done(request, place)
        except DomainError as error:
            refusal = error
    words = request.GET.get("name", "")[:80]
    context = {
        "place": place,
        "places": _choices(request),
        "own_counter": _own_counter(request, place),
        "series": series_of(place),
        "turns": TURNS,
        "languages": settings.LANGUAGES,
        "crowd": len(in_turn(place)),
        "words": words if is_plain(words) else "",
        "found": expected(by=request.actor, location=place, words=words),
        "key": uuid4(),
        "drawn": drawn,
        "refusal": refusal,
        "may_plan": request.actor.may(PLAN),
    }
    status = refusal.status if refusal else 200
    return render(request, "appointments/desk.html", context, status=status)


def _own_counter(request: Request, place: Location) -> Counter | None:
    """The counter of this location at which the reader is: help goes there, whatever the page."""
    session = session_of(request.actor)
    return session.counter if session and session.counter.location_id == place.pk else None


def _done(request: Request, place: Location) -> Drawn | None:
    data = request.POST
    booking = key_in(data.get("booking", ""))
    if booking is not None and "fehlt" in data:
        attending.miss(by=request.actor, booking=booking)
        return None
    if booking is not None:
        return tickets.check_in(by=request.actor, booking=booking)
    turn = data.get("turn", "")
    language = data.get("language", "")
    wished = Wished(
        [slug for slug in data.getlist("offer") if is_plain(slug)],
        persons=persons_in(data.get("persons", "")) or 1,
        turn=Turn(int(turn)) if turn in {str(value) for value, _name in TURNS} else Turn.NORMAL,
        language=language if language in dict(settings.LANGUAGES) else "de",
    )
    return tickets.draw_ticket(
        by=request.actor,
        location=place.slug,
        wished=wished,
        channel=TicketChannel.DESK,
        key=key_in(data.get("schluessel", "")),
    )


@never_cache
@require_safe
@staff_page(SERVE)
def figures(request: Request) -> HttpResponse:
    """What a day was like."""
    place = _place(request)
    if place is None:
        return redirect("appointments:counter")
    day = min(day_in(request.GET.get("tag", "")) or today(), today())
    context = {
        "view": day_figures(by=request.actor, location=place, day=day),
        "places": _choices(request),
    }
    return render(request, "appointments/figures.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PLAN)
def kiosk_devices(request: Request) -> HttpResponse:
    """Let a device be a kiosk, or all of them no longer."""
    place = chosen_place(request, planned_locations(request.actor))
    if place is None:
        return redirect("appointments:counter")
    link = ""
    if request.method == "POST" and "alle" in request.POST:
        devices.reset_kiosks(by=request.actor, location=place.slug)
    elif request.method == "POST":
        token = devices.admit_kiosk(by=request.actor, location=place.slug)
        path = reverse("appointments:kiosk_admit", args=[place.slug, token])
        link = settings.PORTAL_ADDRESS + path
    context = {"place": place, "link": link, "picture": qr_picture(link) if link else ""}
    return render(request, "appointments/kiosk_devices.html", context)


def _place(request: Request) -> Location | None:
    """The location that is asked for, else the first where somebody serves, if there is any."""
    return chosen_place(request, served_locations(request.actor))


def _choices(request: Request) -> list[tuple[str, str]]:
    return [(one.slug, localize(one.name)) for one in served_locations(request.actor)]
