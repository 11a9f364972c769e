"""An appointment by video: "Ich bin da", the wait at one's own screen, and the way to the room."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.appointments.actions import video
from rathaus.appointments.channels import Kind
from rathaus.appointments.errors import NotPossibleNow
from rathaus.appointments.models import Counter, Location
from rathaus.appointments.queries.help_calls import PLAN
from rathaus.appointments.queries.planning.places import planned_locations
from rathaus.appointments.queries.queue_settings import queue_topic
from rathaus.appointments.queries.video import booking_by_token, terms_of, video_page
from rathaus.appointments.queue_errors import (
    AppointmentOtherDay,
    AppointmentOver,
    AppointmentTooEarly,
)
from rathaus.appointments.video_rooms import MINUTES_BEFORE, Step, VideoTerms
from rathaus.appointments.views.asked import chosen_place, day_in, is_plain, number_of
from rathaus.core.access import Request, public_page, staff_page
from rathaus.core.clock import today
from rathaus.core.errors import DomainError
from rathaus.core.live import LiveLine
from rathaus.core.localized import localize

LOOKS_AGAIN_WITHIN = 6 * 3600  # seconds before which a page knows when it is time


@never_cache
@require_safe
@public_page
def page(request: Request, token: str) -> HttpResponse:
    """The page behind the link of the mail."""
    return _page(request, token)


@never_cache
@require_safe
@public_page
def part(request: Request, token: str) -> HttpResponse:
    """What changes of it."""
    context = {"video": video_page(token)}
    return render(request, "appointments/parts/video.html", context)


@require_safe
@public_page
def line(request: Request, token: str) -> HttpResponse:
    """Where its browser hears that something changed."""
    return LiveLine([queue_topic(booking_by_token(token).location_id)])


@require_POST
@public_page
def arrive(request: Request, token: str) -> HttpResponse:
    """ "Ich bin da"."""
    try:
        video.arrive_by_video(token=token, language=get_language() or "")
    except AppointmentOver:
        return redirect("appointments:video", token)  # it says there what became of it
    except (AppointmentTooEarly, AppointmentOtherDay, NotPossibleNow) as refusal:
        return _page(request, token, refusal)
    return redirect("appointments:video", token)


@require_POST
@public_page
def leave(request: Request, token: str) -> HttpResponse:
    """ "Ich kann nicht mehr warten"."""
    video.leave_by_video(token=token)
    return redirect("appointments:video", token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PLAN)
def terms(request: Request) -> HttpResponse:
    """Where the video service of a location is, and from when people may knock."""
    places = planned_locations(request.actor)
    place = chosen_place(request, places)
    if place is None:
        return redirect("appointments:counter")
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            _set(request, place)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Die Einstellung ist gespeichert."))
            return redirect(f"{reverse('appointments:video_terms')}?ort={place.slug}")
    counters = Counter.objects.filter(location=place, kind=Kind.VIDEO, active=True)
    context = {
        "place": place,
        "places": [(one.slug, localize(one.name)) for one in places],
        "rows": terms_of(place),
        "counters": [("", _("alle Videoschalter")), *((c.pk, c.name) for c in counters)],
        "today": today(),
        "minutes": MINUTES_BEFORE,
        "typed": request.POST if refusal else None,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "appointments/video_terms.html", context, status=status)


def _set(request: Request, place: Location) -> None:
    data = request.POST
    address = data.get("adresse", "")
    minutes = number_of(data.get("minuten", ""))
    video.set_video_terms(
        by=request.actor,
        location=place.slug,
        valid_from=day_in(data.get("gilt_ab", "")) or today(),
        terms=VideoTerms(
            address if is_plain(address) else "",
            is_fixed="fest" in data,
            opens_minutes=-1 if minutes is None else minutes,
        ),
        counter=number_of(data.get("schalter", "")),
    )


def _page(request: Request, token: str, refusal: DomainError | None = None) -> HttpResponse:
    found = video_page(token)
    context = {"video": found, "refusal": refusal}
    status = refusal.status if refusal else 200
    answer = render(request, "appointments/video.html", context, status=status)
    seconds = found.seconds_until_open
    if found.step is Step.NOT_YET and seconds < LOOKS_AGAIN_WITHIN and refusal is None:
        answer["Refresh"] = str(seconds + 1)
    return answer
