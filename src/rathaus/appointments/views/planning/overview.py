"""Where planning begins: what is wrong, and the way to everything that can be changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rathaus.appointments.queries.planning.overview import overview
from rathaus.appointments.queries.planning.places import PLAN, planned_locations
from rathaus.appointments.views.planning.saving import place_in
from rathaus.core.access import Request, staff_page


@never_cache
@require_safe
@staff_page(PLAN)
def planning(request: Request) -> HttpResponse:
    """The state of a location's plan."""
    place = place_in(request)
    context = {
        "place": place,
        "places": planned_locations(request.actor),
        "view": overview(by=request.actor, location=place) if place else None,
    }
    return render(request, "appointments/planning/overview.html", context)
