"""Where planning begins: what is wrong, and the way to everything that can be changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from rathaus.appointments.queries.planning.overview import overview
from rathaus.appointments.queries.planning.places import planned_locations
from rathaus.appointments.views.asked import chosen_place
from rathaus.appointments.views.planning.saving import list_page
from rathaus.core.access import Request


@list_page
def planning(request: Request) -> HttpResponse:
    """The state of a location's plan."""
    places = planned_locations(request.actor)
    place = chosen_place(request, places)
    context = {
        "place": place,
        "places": places,
        "view": overview(by=request.actor, location=place) if place else None,
    }
    return render(request, "appointments/planning/overview.html", context)
