"""The kiosk in the hall, and the same pages on one's own phone: draw a number, or check in.

A device that an administrator let in is a kiosk; anybody else draws for themselves, a few numbers
at most. Nothing here needs JavaScript.
"""

from __future__ import annotations

from uuid import uuid4

import structlog
from allauth.core import ratelimit
from django.conf import settings
from django.db import Error as DatabaseFault
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.appointments.actions import lessons, tickets
from rathaus.appointments.actions.tickets import Drawn, Wished
from rathaus.appointments.errors import UnknownLocation
from rathaus.appointments.kiosk_devices import is_kiosk, let_in, link_is_good
from rathaus.appointments.models import Location
from rathaus.appointments.qr_codes import qr_picture
from rathaus.appointments.queries.offers import location_named
from rathaus.appointments.queries.queue_pages import in_turn, ticket_page
from rathaus.appointments.queries.queue_settings import series_of, settings_of
from rathaus.appointments.queries.tickets import open_ticket, ticket_by_token
from rathaus.appointments.queue_errors import DeviceLinkExpired, TooManyTickets
from rathaus.appointments.ticket_states import TicketChannel
from rathaus.appointments.views.asked import is_plain, key_in
from rathaus.core.access import Request, public_page
from rathaus.core.errors import DomainError

OWN_TICKET = "wartenummer"
SECONDS_SHOWN, SECONDS_LONGER = 45, 300
SECONDS_TO_TYPE = 90

log = structlog.get_logger("rathaus.appointments")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def start(request: Request, location: str) -> HttpResponse:
    """What can be done here, in large buttons; one press draws the number."""
    place = _place(location)
    device = _is_kiosk(request, place)
    if "neu" in request.GET:
        return _begun_anew(place)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            return _answer(request, place, _draw(request, place, device=device), device=device)
        except DomainError as error:
            refusal = error
    own = None if device else open_ticket(request.session.get(OWN_TICKET, ""))
    context = {
        "place": place,
        "series": series_of(place),
        "crowd": len(in_turn(place)),
        "key": uuid4(),
        "device": device,
        "own": own and request.session[OWN_TICKET],
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "appointments/kiosk.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def appointment(request: Request, location: str) -> HttpResponse:
    """Check in with the code of one's appointment."""
    place = _place(location)
    device = _is_kiosk(request, place)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            _limit(request, "check_in", device=False)  # a code could be guessed at a kiosk too
            code = request.POST.get("code", "")[:40]
            language = get_language() or "de"
            drawn = tickets.check_in_by_code(location=place.slug, code=code, language=language)
            return _answer(request, place, drawn, device=device)
        except DomainError as error:
            refusal = error
    context = {"place": place, "refusal": refusal, "device": device}
    status = refusal.status if refusal else 200
    response = render(request, "appointments/kiosk_appointment.html", context, status=status)
    return _returning(response, place, SECONDS_TO_TYPE) if device else response


@never_cache
@require_safe
@public_page
def number(request: Request, location: str, token: str) -> HttpResponse:
    """The number, as large as it goes, with the way to print it or take it along."""
    place = _place(location)
    ticket = ticket_by_token(token)
    longer = "laenger" in request.GET
    address = settings.PORTAL_ADDRESS + reverse("appointments:ticket", args=[token])
    context = {
        "place": place,
        "page": ticket_page(ticket),
        "token": token,
        "picture": qr_picture(address),
        "late": "spaet" in request.GET,
        "longer": longer,
    }
    response = render(request, "appointments/kiosk_number.html", context)
    return _returning(response, place, SECONDS_LONGER if longer else SECONDS_SHOWN)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def admit(request: Request, location: str, token: str) -> HttpResponse:
    """Turn the device into a kiosk, by the link that an administrator made."""
    place = _place(location)
    generation = settings_of(place).kiosk_generation
    if not link_is_good(token, place.slug, generation):
        raise DeviceLinkExpired
    if request.method == "POST":
        response = redirect("appointments:kiosk", place.slug)
        let_in(response, place.slug, generation)
        return response
    return render(request, "appointments/kiosk_admit.html", {"place": place})


def _draw(request: Request, place: Location, *, device: bool) -> Drawn:
    own = open_ticket(request.session.get(OWN_TICKET, "")) if not device else None
    if own is not None and own.location_id == place.pk:
        return tickets.drawn_ticket(own)
    _limit(request, "draw_ticket", device=device)
    offers = [slug for slug in request.POST.getlist("offer") if is_plain(slug)]
    drawn = tickets.draw_ticket(
        by=request.actor,
        location=place.slug,
        wished=Wished(offers, language=get_language() or "de"),
        channel=TicketChannel.KIOSK if device else TicketChannel.PHONE,
        key=key_in(request.POST.get("schluessel", "")),
    )
    try:
        lessons.note_wait(ticket=drawn.ticket)
    except DatabaseFault as fault:  # the number is drawn: whoever waits is told it all the same
        log.warning("the wait of a ticket was not kept", reason=type(fault).__name__)
    return drawn


def _answer(request: Request, place: Location, drawn: Drawn, *, device: bool) -> HttpResponse:
    if not device:
        request.session[OWN_TICKET] = drawn.token
        return redirect("appointments:ticket", drawn.token)
    shown = reverse("appointments:kiosk_number", args=[place.slug, drawn.token])
    return redirect(f"{shown}?spaet" if drawn.late else shown)


def _limit(request: Request, action: str, *, device: bool) -> None:
    if not device and not ratelimit.consume(request, action=action):
        raise TooManyTickets


def _returning(response: HttpResponse, place: Location, seconds: int) -> HttpResponse:
    """Let the device go back to the start by itself, in the house's language, without a script."""
    start_again = reverse("appointments:kiosk", args=[place.slug])
    response.headers["Refresh"] = f"{seconds}; url={start_again}?neu"
    return response


def _begun_anew(place: Location) -> HttpResponse:
    response = redirect("appointments:kiosk", place.slug)
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


def _is_kiosk(request: Request, place: Location) -> bool:
    return is_kiosk(request, place.slug, settings_of(place).kiosk_generation)


def _place(slug: str) -> Location:
    found = location_named(slug)
    if found is None:
        raise UnknownLocation
    return found
