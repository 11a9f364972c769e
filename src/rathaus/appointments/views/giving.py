"""Staff give an appointment to somebody on the telephone or at the reception."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.appointments import actions
from rathaus.appointments.channels import Channel, Kind
from rathaus.appointments.errors import (
    NotTogetherInOne,
    SlotTaken,
    TimeNotOffered,
    TooManyAtOnce,
)
from rathaus.appointments.forms import CallerForm
from rathaus.appointments.models import Location
from rathaus.appointments.queries.calendar_booking import staff_booking
from rathaus.appointments.queries.counter_page import served_locations
from rathaus.appointments.queries.days_ahead import days_ahead, is_free
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.queries.free import next_free
from rathaus.appointments.queries.offers import offers
from rathaus.appointments.queries.video import meets_by_video
from rathaus.appointments.views import asked as reading
from rathaus.appointments.views.giving_asked import (
    Search,
    channel_in,
    day_asked,
    moment_asked,
    search_in,
    wishes_in,
)
from rathaus.audit.reading import reading as reading_about
from rathaus.core.access import Request, staff_page
from rathaus.core.clock import now
from rathaus.core.errors import DomainError
from rathaus.core.localized import localize

ROWS = 2  # one for what is wanted, one for what comes to mind later
Choices = list[tuple[str, str]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SERVE)
def give(request: Request) -> HttpResponse:
    """What, where and when; and with a time, who: then it is booked at once."""
    places = served_locations(request.actor)
    if not places:
        return render(request, "appointments/giving/search.html", {"places": places})
    begins_at = moment_asked(request.GET)
    try:
        search = search_in(request.actor, request.GET, places)
        if search is None:
            return _search(request, places)
        if begins_at and (request.method == "POST" or is_free(search.wanted, begins_at)):
            return _who(request, search, begins_at)
        return _times(request, places, search, begins_at)
    except (NotTogetherInOne, TooManyAtOnce) as refusal:
        return _search(request, places, refusal)


@never_cache
@require_safe
@staff_page(SERVE)
def given(request: Request, booking: UUID) -> HttpResponse:
    """What is read out at the end: when, where, what to bring, and the code."""
    found = staff_booking(by=request.actor, booking=booking)
    context = {"view": found, "by_video": found.row.counter.kind == Kind.VIDEO}
    return render(request, "appointments/giving/given.html", context)


def _search(
    request: Request, places: Sequence[Location], refusal: DomainError | None = None
) -> HttpResponse:
    errors = []
    if refusal is not None:
        errors = [{"text": str(refusal.message), "href": "#id_angebot_1"}]
    elif "angebot" in request.GET:
        errors = [{"text": _("Bitte wählen Sie ein Anliegen."), "href": "#id_angebot_1"}]
    context = {**_form(request, places), "errors": errors}
    status = refusal.status if refusal else 422 if errors else 200
    return render(request, "appointments/giving/search.html", context, status=status)


def _times(
    request: Request, places: Sequence[Location], search: Search, begins_at: datetime | None
) -> HttpResponse:
    whole = reading.calendar_day_in(request.GET.get("ganz", ""))
    context = {
        **_form(request, places),
        "search": search,
        "asked": search.asked,
        "ahead": days_ahead(search.wanted, since=search.since, whole=whole),
        "not_free": begins_at if begins_at and begins_at > now() else None,
    }
    return render(request, "appointments/giving/search.html", context)


def _form(request: Request, places: Sequence[Location]) -> dict[str, object]:
    """The fields of the search as they were filled in."""
    data = request.GET
    chosen = [wish.partition(":") for wish in wishes_in(data).getlist("wunsch")]
    rows = [(offer, persons or "1") for offer, _colon, persons in chosen[: reading.MOST_WISHES]]
    count = min(max(len(rows) + 1, ROWS), reading.MOST_WISHES)
    rows += [("", "1")] * (count - len(rows))
    return {
        "places": places,
        "rows": rows,
        "offers": _titles(),
        "locations": [(place.slug, localize(place.name)) for place in places],
        "location": data.get("ort", ""),
        "kinds": [(Kind.VIDEO.value, _("per Video"))] if any(map(meets_by_video, places)) else [],
        "kind": data.get("art", ""),
        "channels": [(Channel.WALK_IN.value, _("am Empfang"))],
        "channel": channel_in(data).value,
        "case": data.get("anliegen", ""),
        "day": day_asked(data),
        "preset": moment_asked(data) if not chosen else None,
    }


def _titles() -> Choices:
    return [(offer.slug, localize(offer.title)) for offer in offers()]


def _who(request: Request, search: Search, begins_at: datetime) -> HttpResponse:
    """Who comes; a time that was taken meanwhile is answered with the next ones, and what was typed
    stays.
    """
    data = request.POST if request.method == "POST" else None
    form = CallerForm(data, by_video=search.by_video, applicant=search.applicant)
    if data is None or not form.is_valid():
        return _who_page(request, search, begins_at, form)
    chosen = data.get("anderer", "")
    try:
        begins_at = reading.moment_in(chosen) if chosen else begins_at
        return _booked(request, search, begins_at, form)
    except (SlotTaken, TimeNotOffered) as refusal:
        return _who_page(request, search, begins_at, form, refusal)


def _booked(
    request: Request, search: Search, begins_at: datetime, form: CallerForm
) -> HttpResponse:
    with reading_about(by=request.actor, did="appointments.booked"):
        held = actions.book(
            by=request.actor,
            wanted=search.wanted,
            begins_at=begins_at,
            whom=form.whom(),
            language=form.cleaned_data["language"],
            key=reading.key_in(request.POST.get("schluessel", "")),
            case_number=search.asked.case,
        )
    return redirect("appointments:given", held.booking)


def _who_page(
    request: Request,
    search: Search,
    begins_at: datetime,
    form: CallerForm,
    refusal: DomainError | None = None,
) -> HttpResponse:
    others = _others(search, begins_at, refusal)
    errors = []
    if refusal is not None:
        href = "#id_anderer" if others else ""
        errors = [{"text": str(refusal.message), "href": href}]
    context = {
        "search": search,
        "asked": search.asked,
        "begins_at": begins_at,
        "form": form,
        "key": reading.key_in(request.POST.get("schluessel", "")) or uuid4(),
        "errors": errors,
        "others": others,
        "others_label": _("Nächste freie Termine"),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "appointments/giving/who.html", context, status=status)


def _others(
    search: Search, begins_at: datetime, refusal: DomainError | None
) -> list[tuple[str, datetime]]:
    """The next free times after a refusal."""
    if refusal is None:
        return []
    if isinstance(refusal, SlotTaken):
        slots = list(refusal.next_free)
    else:
        slots = next_free(search.wanted, max(begins_at, now()))
    return [(slot.begins_at.isoformat(), slot.begins_at) for slot in slots]
