"""What every change of the plan has in common: one at a time, what the page showed must still be
true, and nobody's appointment is lost without somebody deciding so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from uuid import UUID

from django.db import connection, models

from rathaus.appointments.actions.planning.asking import ask_to_move
from rathaus.appointments.models import Location
from rathaus.appointments.planning_errors import AppointmentsHit, PlanChanged, UnknownPlan
from rathaus.appointments.queries.planning.places import PLAN
from rathaus.appointments.queries.planning.unserved import unserved_bookings
from rathaus.core.actor import Actor
from rathaus.core.localized import Localized

ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('appointments plan', 0))"
STAMP_LENGTH = 16


class Choice(StrEnum):
    """What becomes of an appointment that nobody can serve any more."""

    KEEP = "keep"
    TELL = "tell"


Decided = Mapping[UUID, Choice]
NOTHING: Decided = {}


def alone() -> None:
    """Until the end of the transaction nobody else changes the plan: what one compares with others'
    rows (does it overlap?) stays true.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALONE)


def stamp_of(*rows: models.Model) -> str:
    """Says whether rows are still what a page showed."""
    values = [
        [str(field.value_from_object(row)) for field in row._meta.concrete_fields] for row in rows
    ]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:STAMP_LENGTH]


def require_unchanged(seen: str, *rows: models.Model) -> None:
    """Raise `PlanChanged` where the rows are not what the page showed."""
    if seen != stamp_of(*rows):
        raise PlanChanged


def planned_location(by: Actor, location: int) -> Location:
    """An active location that somebody plans. Raises `UnknownPlan`."""
    found = Location.objects.filter(pk=location, active=True).first()
    if found is None or not by.may(PLAN, found.department_id):
        raise UnknownPlan
    return found


@contextmanager
def watched(
    by: Actor, locations: Collection[int], decided: Decided, reason: Localized | None = None
) -> Iterator[None]:
    """Change the plan of these locations within the block; inside of an action.

    Raises `AppointmentsHit` where the change takes away who would serve an appointment and it is
    not decided what becomes of it: the action is rolled back. Whoever is to be told gets a mail.
    """
    before = unserved_bookings(locations)
    yield
    hit = unserved_bookings(locations) - before
    if hit - decided.keys():
        raise AppointmentsHit(hit)
    for booking in sorted(hit):
        if decided[booking] is Choice.TELL:
            ask_to_move(by=by, booking=booking, reason=reason or {})
