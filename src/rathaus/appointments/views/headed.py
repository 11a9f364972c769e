"""The locations that somebody heads, as the pages of their settings choose among them."""

from __future__ import annotations

from rathaus.appointments.models import Location
from rathaus.appointments.queries.help_calls import PLAN
from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound

MOST_DIGITS = 9


def headed_locations(by: Actor) -> list[Location]:
    """The active locations of the departments in which somebody plans."""
    departments = by.departments(PLAN)
    rows = Location.objects.filter(active=True).order_by("slug")
    return [row for row in rows if departments is None or row.department_id in departments]


def headed_location(places: list[Location], slug: str) -> Location | None:
    """The one that is asked for, else the first if there is any. Raises `NotFound`."""
    if not slug:
        return places[0] if places else None
    for place in places:
        if place.slug == slug:
            return place
    raise NotFound


def number_of(text: str) -> int | None:
    """A key or a number of a form; nothing where nothing was typed. Raises `NotFound`."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise NotFound
    return int(text)
