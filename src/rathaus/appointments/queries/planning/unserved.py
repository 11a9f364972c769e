"""Appointments that nobody could serve as the plan stands, in the database's own words.

Nobody is shown anything here: the machine compares times. Whoever is told of a hit reads the
booking itself, and that is on record.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection

from rathaus.appointments.models import Location
from rathaus.appointments.opening import day_of, minute_of
from rathaus.appointments.queries.timetables import Period, read_picture
from rathaus.appointments.unserved import Promised, unserved
from rathaus.core.clock import now, today

COMING = """
    SELECT coalesce(json_agg(json_build_array(
        booking.id, booking.location_id, booking.counter_id,
        floor(date_part('epoch', begins_at) / 60)::bigint,
        ceil(date_part('epoch', ends_at) / 60)::bigint,
        (SELECT coalesce(json_agg(wish ->> 'offer'), '[]')
            FROM jsonb_array_elements(chosen) AS wish),
        (SELECT coalesce(json_agg(DISTINCT skill.slug), '[]')
            FROM jsonb_array_elements(chosen) AS wish
            JOIN appointments_offer AS offer ON offer.slug = wish ->> 'offer'
            JOIN appointments_skill AS skill ON skill.id = offer.skill_id)
    )), '[]')::text
    FROM appointments_booking AS booking
    WHERE booking.location_id = ANY (%s) AND state = 'booked' AND begins_at > %s
"""


def unserved_bookings(locations: Collection[int]) -> set[UUID]:
    """The coming appointments at these locations that nobody would serve now."""
    with connection.cursor() as cursor:
        cursor.execute(COMING, [sorted(locations), now()])
        rows = json.loads(cursor.fetchone()[0])
    by_location: dict[int, list[Promised]] = defaultdict(list)
    offers: dict[int, set[str]] = defaultdict(set)
    for booking, location, counter, begin, end, wanted, skills in rows:
        one = Promised(UUID(booking), counter, begin, end, frozenset(skills))
        by_location[location].append(one)
        offers[location].update(wanted)
    slugs = dict(Location.objects.filter(pk__in=by_location).values_list("pk", "slug"))
    found: set[UUID] = set()
    for location, coming in by_location.items():
        found |= _unserved_at(slugs[location], sorted(offers[location]), coming)
    return found


def _unserved_at(slug: str, offers: Sequence[str], coming: Sequence[Promised]) -> set[UUID]:
    last = max(day_of(each.end) for each in coming)
    first = min(today(), day_of(minute_of(now())))
    picture = read_picture(slug, offers, Period(first, last, now()))
    if picture is None:
        return {each.booking for each in coming}
    return unserved(picture.plan.timetable, coming)
