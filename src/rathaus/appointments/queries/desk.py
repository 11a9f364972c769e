"""The desk in the hall: whoever comes with an appointment of today, found by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Q

from rathaus.appointments.models import Booking, Location
from rathaus.appointments.queries.queue_pages import titles_of
from rathaus.appointments.states import State
from rathaus.audit.reading import reading
from rathaus.core.actor import Actor
from rathaus.core.clock import VIENNA, today
from rathaus.core.localized import Localized

FEWEST_LETTERS = 2
MOST_FOUND = 20


@dataclass(frozen=True)
class Expected:
    """An appointment of today and who has it."""

    booking: UUID
    name: str
    begins_at: datetime
    titles: Sequence[Localized]
    counter: str
    status: str
    can_check_in: bool


def expected(*, by: Actor, location: Location, words: str) -> list[Expected]:
    """Today's appointments of people whose names contain all these words; none without a name."""
    parts = [part for part in words.split() if "\x00" not in part]
    if len("".join(parts)) < FEWEST_LETTERS:
        return []
    since = datetime.combine(today(), time(), VIENNA)
    rows = Booking.objects.visible_to(by).filter(
        location=location, begins_at__gte=since, begins_at__lt=since + timedelta(days=1)
    )
    for part in parts[:5]:
        rows = rows.filter(
            Q(guest_name__icontains=part)
            | Q(person__given_name__icontains=part)
            | Q(person__family_name__icontains=part)
        )
    rows = rows.exclude(state__in=[State.EXPIRED, State.HELD, State.CANCELLED])
    with reading(by=by, did="appointments.read"):
        found = list(rows.select_related("person", "counter").order_by("begins_at")[:MOST_FOUND])
        return [_expected(row) for row in found]


def _expected(row: Booking) -> Expected:
    return Expected(
        booking=row.pk,
        name=row.name,
        begins_at=row.begins_at,
        titles=titles_of([wish["offer"] for wish in row.chosen]),
        counter=row.counter.name,
        status=row.get_state_display(),
        can_check_in=row.state in (State.BOOKED, State.ARRIVED),
    )
