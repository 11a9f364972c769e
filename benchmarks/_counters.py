"""Locations with counters, people at them and people who book: what the benchmarks of appointments
share.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from tests.factories import make_clerk, make_department

from rathaus.appointments.models import (
    Booking,
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Skill,
    StaffSkill,
)
from rathaus.appointments.queries import Wanted, Wish
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.calendar import is_working_day
from rathaus.core.clock import VIENNA, today

BEGAN = date(2020, 1, 1)
PER_DAY, MINUTES = 32, 15
PEOPLE = """
    INSERT INTO accounts_person (password, id, kind, email, given_name, family_name, address,
                                 phone, is_active, created_at)
    SELECT '!', md5('booker' || n)::uuid, 'citizen', 'bench' || n || '@example.org', 'Anna',
           'Huber', '{}', '', true, now()
    FROM generate_series(1, %s) AS n RETURNING id
"""
FILL = """
    INSERT INTO appointments_booking (id, place, location_id, counter_id, chosen, persons, channel,
        begins_at, ends_at, frees_at, state, guest_name, guest_email, guest_phone, identity,
        language, case_number, quota_minutes, revision, made_at, changed_at)
    SELECT made.id, made.id, counter.location_id, counter.id,
        '[{"offer": "bench-15", "persons": 1}]', 1, 'online', begin,
        begin + interval '15 minutes', begin + interval '15 minutes', 'booked',
        '', '', '', '', 'de', '', 0, 1, now(), now()
    FROM appointments_counter AS counter
    CROSS JOIN unnest(%s::timestamptz[]) AS begin
    CROSS JOIN LATERAL (SELECT md5(counter.id || begin::text)::uuid AS id) AS made
    WHERE counter.location_id = %s AND abs(hashtext(made.id::text)) %% 100 < %s
"""


def make_offers(lengths: Sequence[int], *, step: int = 5) -> None:
    """An offer for each number of minutes, all with the same skill."""
    skill, _ = Skill.objects.get_or_create(slug="bench", defaults={"name": {"de": "Bench"}})
    for minutes in lengths:
        Offer.objects.create(
            slug=f"bench-{minutes}",
            title={"de": f"{minutes} Minuten"},
            minutes=minutes,
            step_minutes=step,
            lead_minutes=0,
            horizon_days=120,
            open_limit=5,
            skill=skill,
        )


def make_location(slug: str, counters: int) -> Location:
    """Open from Monday to Friday, 8:00 to 16:00, with somebody at each counter all the time."""
    place = Location.objects.create(
        slug=slug, name={"de": slug}, department=make_department("bench")
    )
    skill = Skill.objects.get(slug="bench")
    for weekday in range(5):
        OpeningHours.objects.create(
            location=place, weekday=weekday, opens="08:00", closes="16:00", valid_from=BEGAN
        )
    for number in range(1, counters + 1):
        counter = Counter.objects.create(location=place, number=number, name=f"{number}")
        person = make_clerk(place.department)
        StaffSkill.objects.create(person=person, skill=skill)
        Duty.objects.bulk_create(
            Duty(
                person=person,
                counter=counter,
                weekday=weekday,
                starts="08:00",
                ends="16:00",
                valid_from=BEGAN,
            )
            for weekday in range(5)
        )
    return place


def fill(location: Location, percent: int) -> int:
    """Book so many percent of four weeks, the same in every run; how many."""
    with connection.cursor() as cursor:
        cursor.execute(FILL, [slots(days(20)), location.pk, percent])
        made = cursor.rowcount
        cursor.execute("VACUUM ANALYZE")
    return made


def fill_some(location: Location, count: int) -> None:
    """Leave exactly so many bookings there: the first ones of the first counters."""
    Booking.objects.filter(location=location).delete()
    with connection.cursor() as cursor:
        cursor.execute(FILL, [slots(days(20)), location.pk, 100])
    kept = Booking.objects.filter(location=location).order_by("counter", "begins_at")[:count]
    Booking.objects.filter(location=location).exclude(
        pk__in=list(kept.values_list("pk", flat=True))
    ).delete()


def make_people(count: int) -> list[Actor]:
    """So many citizens."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [count])
        ids: list[UUID] = [row[0] for row in cursor]
    return [Actor(kind=ActorKind.CITIZEN, person=each, name="Anna Huber") for each in ids]


def days(count: int, *, after: int = 2) -> list[date]:
    """The next so many working days of the city."""
    found: list[date] = []
    day = today() + timedelta(days=after)
    while len(found) < count:
        if is_working_day(day, "AT-4"):
            found.append(day)
        day += timedelta(days=1)
    return found


def slots(within: Sequence[date]) -> list[datetime]:
    """Every quarter of an hour from 8:00 to 15:45 of these days."""
    return [
        datetime.combine(day, time(8), VIENNA) + number * timedelta(minutes=MINUTES)
        for day in within
        for number in range(PER_DAY)
    ]


def wanted(location: str, minutes: int = MINUTES) -> Wanted:
    """The wish for one of the offers."""
    return Wanted(location, (Wish(f"bench-{minutes}"),))


def peer_database() -> str:
    """The address of an empty database on the same server."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE libres")
    here = settings.DATABASES["default"]
    return f"postgresql://{here['USER']}@/libres?host={here['HOST']}"
