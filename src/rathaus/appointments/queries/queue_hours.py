"""Whether a location gives out numbers at a moment."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from rathaus.appointments.channels import Channel
from rathaus.appointments.models import Closure, CounterSession, Location, OpeningHours
from rathaus.appointments.queries.timetables import holidays_between
from rathaus.core.city import current_city
from rathaus.core.clock import VIENNA


def hours_of(location: Location, moment: datetime) -> list[OpeningHours]:
    """The hours of that day for people without an appointment, in order; none on a holiday."""
    day = moment.astimezone(VIENNA).date()
    if day in holidays_between(day, day, current_city().federal_state):
        return []
    closed = Closure.objects.filter(location=location, during__contains=moment)
    if closed.exists():
        return []
    rows = OpeningHours.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        location=location,
        weekday=day.weekday(),
        valid_from__lte=day,
        channels__contains=[Channel.WALK_IN.value],
    )
    return list(rows.order_by("opens"))


def gives_tickets_now(location: Location, moment: datetime) -> bool:
    """Within the hours for people without an appointment, or while somebody is at a counter."""
    clock = moment.astimezone(VIENNA).time()
    if any(row.opens <= clock < row.closes for row in hours_of(location, moment)):
        return True
    return CounterSession.objects.filter(counter__location=location, closed_at=None).exists()
