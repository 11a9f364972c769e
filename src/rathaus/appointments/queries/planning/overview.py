"""What a planner should look at first: appointments, offers and counters without anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rathaus.appointments.models import Absence, Closure, Counter, Location, Offer
from rathaus.appointments.queries.planning.hits import Hit, hits
from rathaus.appointments.queries.planning.rows import (
    closures_of,
    coming_absences,
    duties_of,
    offers,
)
from rathaus.appointments.queries.planning.unserved import unserved_bookings
from rathaus.core.actor import Actor


@dataclass(frozen=True)
class Overview:
    """A location's plan as far as something is to do about it, and what comes next."""

    location: Location
    unserved: Sequence[Hit]
    idle_counters: Sequence[Counter]
    unserved_offers: Sequence[Offer]
    closures: Sequence[Closure]
    absences: Sequence[Absence]


def overview(*, by: Actor, location: Location) -> Overview:
    """The state of the plan of a location."""
    staffed = {duty.counter_id for duty in duties_of(location)}
    counters = location.counters.filter(active=True).order_by("number")
    return Overview(
        location=location,
        unserved=hits(by=by, bookings=unserved_bookings([location.pk])),
        idle_counters=[counter for counter in counters if counter.pk not in staffed],
        unserved_offers=[row.offer for row in offers(by) if row.offer.active and not row.is_served],
        closures=closures_of(location),
        absences=coming_absences(by),
    )
