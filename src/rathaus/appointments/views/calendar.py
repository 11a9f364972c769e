"""The calendar of a location for staff, and what they do about one appointment in it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.appointments import actions
from rathaus.appointments.actions.planning.asking import ask_to_move
from rathaus.appointments.errors import NotPossibleNow, SlotTaken, TimeNotOffered
from rathaus.appointments.queries.calendar import counter_week, day_calendar
from rathaus.appointments.queries.calendar_booking import staff_booking
from rathaus.appointments.queries.calendar_week import location_week
from rathaus.appointments.queries.counter_page import served_locations
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.queries.planning.places import PLAN
from rathaus.appointments.views import asked as reading
from rathaus.appointments.views.own import moving_context
from rathaus.audit.reading import reading as reading_about
from rathaus.core.access import Request, staff_page
from rathaus.core.clock import local_date, today
from rathaus.core.errors import DomainError

WEEK = "woche"
LONGEST_REASON = 300


@never_cache
@require_safe
@staff_page(SERVE)
def calendar(request: Request) -> HttpResponse:
    """A location's day, its week in short, or the week of one counter."""
    places = served_locations(request.actor)
    place = reading.chosen_place(request, places)
    day = reading.calendar_day_in(request.GET.get("tag", "")) or today()
    context: dict[str, object] = {
        "place": place,
        "places": places,
        "day": day,
        "today": today(),
        "may_plan": request.actor.may(PLAN),
    }
    if place is None:
        return render(request, "appointments/calendar/day.html", context)
    if request.GET.get("ansicht", "") != WEEK:
        context |= _steps(day, timedelta(days=1))
        context["view"] = day_calendar(by=request.actor, location=place, day=day)
        return render(request, "appointments/calendar/day.html", context)
    context |= _steps(day, timedelta(days=7))
    counters = list(place.counters.filter(active=True).order_by("number"))
    asked = request.GET.get("schalter", "")
    counter = next((each for each in counters if str(each.number) == asked), None)
    context["counters"] = counters
    context["counter"] = counter
    if counter is not None:
        context["view"] = counter_week(by=request.actor, counter=counter, day=day)
    else:
        context["week"] = location_week(location=place, day=day)
    return render(request, "appointments/calendar/week.html", context)


@never_cache
@require_safe
@staff_page(SERVE)
def booking(request: Request, booking: UUID) -> HttpResponse:
    """One appointment."""
    return _booking_page(request, booking)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SERVE)
def move(request: Request, booking: UUID) -> HttpResponse:
    """Another time for somebody who called."""
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            begins_at = reading.moment_in(request.POST.get("beginn", ""))
            with reading_about(by=request.actor, did="appointments.moved"):
                actions.move(by=request.actor, booking=booking, begins_at=begins_at)
        except (SlotTaken, TimeNotOffered) as error:
            refusal = error
        else:
            messages.success(request, _("Der Termin ist verschoben."))
            return redirect("appointments:calendar_booking", booking)
    found = staff_booking(by=request.actor, booking=booking)
    context = moving_context(request, booking, proofs=set(), refusal=refusal)
    status = refusal.status if refusal else 200
    template = "appointments/calendar/move.html"
    return render(request, template, {**context, "view": found}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SERVE)
def cancel(request: Request, booking: UUID) -> HttpResponse:
    """Give an appointment back for somebody, and say why."""
    if request.method == "POST":
        why = request.POST.get("why", "").strip()[:LONGEST_REASON]
        with reading_about(by=request.actor, did="appointments.cancelled"):
            actions.cancel(
                by=request.actor, booking=booking, why=why if reading.is_plain(why) else ""
            )
        messages.success(request, _("Der Termin ist abgesagt."))
        return redirect("appointments:calendar_booking", booking)
    found = staff_booking(by=request.actor, booking=booking)
    if not found.can_be_changed:
        raise NotPossibleNow
    return render(request, "appointments/calendar/cancel.html", {"view": found})


@require_POST
@staff_page(SERVE)
def ask(request: Request, booking: UUID) -> HttpResponse:
    """Ask somebody whom nobody can serve to choose another time."""
    back_to_planning = "planung" in request.POST
    ask_to_move(by=request.actor, booking=booking, reason={})
    messages.success(request, _("Die E-Mail mit der Bitte um einen anderen Termin ist unterwegs."))
    if back_to_planning:
        return redirect("appointments:planning")
    return redirect("appointments:calendar_booking", booking)


def _booking_page(request: Request, booking: UUID) -> HttpResponse:
    found = staff_booking(by=request.actor, booking=booking)
    day = local_date(found.row.begins_at)
    back = f"{reverse('appointments:calendar')}?ort={found.row.location.slug}&tag={day}"
    context = {"view": found, "back": back}
    return render(request, "appointments/calendar/booking.html", context)


def _steps(day: date, step: timedelta) -> dict[str, object]:
    return {"previous": day - step, "following": day + step}
