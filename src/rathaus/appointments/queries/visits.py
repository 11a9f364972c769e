"""How people come to a counter for a service of the catalogue: the next free time, and the wait
for whoever comes without one. For everybody, and kept for some seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.core.cache import caches
from django.db.models import Q

from rathaus.appointments.calling_order import Waiting
from rathaus.appointments.models import Location, Offer, StaffSkill
from rathaus.appointments.needs import Wish
from rathaus.appointments.queries.free import Wanted, next_free
from rathaus.appointments.queries.queue_hours import gives_tickets_now
from rathaus.appointments.queries.queue_settings import settings_of
from rathaus.appointments.queries.waits import estimates
from rathaus.appointments.queue_numbers import FIRST_OF_BOOKINGS
from rathaus.appointments.wait_rounding import ShownWait, shown
from rathaus.appointments.waiting_time import Wait
from rathaus.core.clock import now
from rathaus.core.localized import Localized

SECONDS_KEPT = 10


@dataclass(frozen=True)
class FreeTime:
    """The first time that is free, and where."""

    begins_at: datetime
    location: Localized


@dataclass(frozen=True)
class WalkIn:
    """A queue that people can join without an appointment; `wait` is None where nobody can say."""

    slug: str
    location: Localized
    is_open: bool
    phone_tickets: bool
    wait: ShownWait | None


@dataclass(frozen=True)
class Visits:
    """What there is for a service; `soonest` is None where every time is taken."""

    soonest: FreeTime | None
    walk_ins: Sequence[WalkIn]


def visits(service: str) -> Visits | None:
    """The ways to a counter, or None where no offer belongs to the service."""
    cache, key = caches["process"], f"appointments.visits:{service}"
    kept: tuple[Visits | None] | None = cache.get(key)
    if kept is None:
        kept = (_visits(service),)
        cache.set(key, kept, SECONDS_KEPT)
    return kept[0]


def _visits(service: str) -> Visits | None:
    rows = Offer.objects.filter(service_slug=service, active=True).exclude(service_slug="")
    found = list(rows.select_related("skill").order_by("slug"))
    if not found:
        return None
    times = [time for offer in found for time in _free_times(offer)]
    queues = {one.slug: one for offer in found for one in _walk_ins(offer)}
    return Visits(min(times, key=lambda time: time.begins_at, default=None), list(queues.values()))


def _free_times(offer: Offer) -> list[FreeTime]:
    """The first one of each location in which somebody serves the offer."""
    able = Q()
    if offer.skill is not None:
        holders = StaffSkill.objects.filter(skill=offer.skill).values("person")
        able = Q(counters__duties__person__in=holders)
    places = Location.objects.filter(able, active=True, counters__active=True).distinct()
    return [
        FreeTime(slot.begins_at, place.name)
        for place in places.order_by("slug")
        for slot in next_free(
            Wanted(place.slug, (Wish(offer.slug),)), now(), count=1, within=offer.horizon_days
        )
    ]


def _walk_ins(offer: Offer) -> list[WalkIn]:
    places = Location.objects.filter(active=True, ticket_series__offers=offer).distinct()
    return [_walk_in(place, offer) for place in places.order_by("slug")]


def _walk_in(place: Location, offer: Offer) -> WalkIn:
    is_open = gives_tickets_now(place, now())
    return WalkIn(
        slug=place.slug,
        location=place.name,
        is_open=is_open,
        phone_tickets=settings_of(place).phone_tickets,
        wait=_wait_of_newcomer(place, offer) if is_open else None,
    )


def _wait_of_newcomer(place: Location, offer: Offer) -> ShownWait | None:
    """What the kiosk would tell whoever draws a number now."""
    newcomer = Waiting(
        number=FIRST_OF_BOOKINGS - 1,
        offers=(offer.slug,),
        arrived_at=now(),
        skills=frozenset({offer.skill.slug} if offer.skill else ()),
    )
    nobody = uuid5(NAMESPACE_URL, f"newcomer:{offer.slug}")
    found = estimates(place, {nobody: newcomer})[nobody]
    return shown(found) if isinstance(found, Wait) else None
