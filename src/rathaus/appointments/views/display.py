"""The call display on the wall: who is called where, readable from the far end of the hall."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rathaus.appointments.errors import UnknownLocation
from rathaus.appointments.models import Location
from rathaus.appointments.queries.offers import location_named
from rathaus.appointments.queries.queue_pages import display
from rathaus.appointments.queries.queue_settings import queue_topic
from rathaus.core.access import Request, public_page
from rathaus.core.clock import now
from rathaus.core.live import LiveLine


@never_cache
@require_safe
@public_page
def page(request: Request, location: str) -> HttpResponse:
    """The whole display."""
    context = {"display": display(_place(location)), "now": now()}
    return render(request, "appointments/display.html", context)


@never_cache
@require_safe
@public_page
def part(request: Request, location: str) -> HttpResponse:
    """What changes of it."""
    context = {"display": display(_place(location))}
    return render(request, "appointments/parts/display.html", context)


@require_safe
@public_page
def line(request: Request, location: str) -> HttpResponse:
    """Where the display hears that something changed."""
    return LiveLine([queue_topic(_place(location).pk)])


def _place(slug: str) -> Location:
    found = location_named(slug)
    if found is None:
        raise UnknownLocation
    return found
