"""A process keeps a location's plan, and never goes by one that was changed meanwhile."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from rathaus.appointments import actions
from rathaus.appointments.actions import taking
from rathaus.appointments.errors import ClosedThatDay, TimeNotOffered
from rathaus.appointments.models import (
    Absence,
    Booking,
    Closure,
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Quota,
    Skill,
    StaffSkill,
)
from rathaus.appointments.queries import free_slots
from rathaus.appointments.queries.timetables import VERSION
from rathaus.appointments.tests.conftest import BEGAN, at, want
from rathaus.core.actor import Actor
from rathaus.core.models import City

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 15)
NINE = at("2026-09-15", "09:00")
CHANGES: dict[str, Callable[[Location], object]] = {
    "location": lambda place: Location.objects.filter(pk=place.pk).update(active=False),
    "counter": lambda place: Counter.objects.filter(location=place).update(active=False),
    "offer": lambda place: Offer.objects.update(minutes=25),
    "skill": lambda place: Skill.objects.create(slug="hunde", name={"de": "Hunde"}),
    "staffskill": lambda place: StaffSkill.objects.all().delete(),
    "openinghours": lambda place: OpeningHours.objects.filter(weekday=1).delete(),
    "duty": lambda place: Duty.objects.filter(weekday=1).delete(),
    "quota": lambda place: Quota.objects.create(location=place, channel="phone", share=5),
    "closure": lambda place: Closure.objects.create(
        location=place, during=(NINE, NINE + timedelta(hours=1))
    ),
    "absence": lambda place: Absence.objects.create(
        person=Duty.objects.all()[0].person, during=(NINE, NINE + timedelta(hours=1))
    ),
    "city": lambda place: City.objects.update(federal_state="AT-2"),
}


def version() -> int:
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        return int(cursor.fetchone()[0])


def starts() -> int:
    return len(free_slots(want(), first=DAY, last=DAY).starts())


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_is_planned_makes_a_new_version(
    offer: Offer, location: Location, what: str
) -> None:
    before = version()
    CHANGES[what](location)
    assert version() > before


def test_taking_a_time_is_no_planning(offer: Offer, location: Location, applicant: Actor) -> None:
    before = version()
    actions.hold(by=applicant, wanted=want(), begins_at=NINE)
    assert version() == before


def test_a_kept_plan_spares_reading_it(
    offer: Offer, location: Location, applicant: Actor, people: list[Actor]
) -> None:
    whole = starts()
    actions.hold(by=applicant, wanted=want(), begins_at=NINE)
    with CaptureQueriesContext(connection) as read:
        assert starts() == whole, "the other counter is free"
    assert len(read) == 1
    with CaptureQueriesContext(connection) as held:
        actions.hold(by=people[0], wanted=want(), begins_at=NINE)
    assert ["appointments_take(" in query["sql"] for query in held] == [False, True, False]
    assert starts() < whole


def test_whoever_looked_at_weeks_takes_a_time_of_any_of_their_days_by_the_same_plan(
    offer: Offer, location: Location, applicant: Actor
) -> None:
    sunday = at("2026-09-20", "09:00")
    free_slots(want(), first=date(2026, 9, 14), last=date(2026, 10, 11))
    with CaptureQueriesContext(connection) as held:
        actions.hold(by=applicant, wanted=want(), begins_at=NINE)
    assert not [query for query in held if "appointments_timetable(" in query["sql"]]
    with pytest.raises(ClosedThatDay):
        actions.hold(by=applicant, wanted=want(), begins_at=sunday)
    with pytest.raises(TimeNotOffered):
        actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-15", "06:00"))


def test_weeks_that_end_before_the_day_say_nothing_of_it(
    offer: Offer, location: Location, applicant: Actor
) -> None:
    free_slots(want(), first=date(2026, 9, 14), last=DAY - timedelta(days=1))
    assert actions.hold(by=applicant, wanted=want(), begins_at=NINE).begins_at == NINE


def test_free_times_and_holds_go_by_the_newest_plan(
    offer: Offer, location: Location, applicant: Actor, people: list[Actor]
) -> None:
    assert starts() > 0
    actions.hold(by=applicant, wanted=want(), begins_at=NINE)

    closure = Closure.objects.create(
        location=location, during=(at("2026-09-15", "00:00"), at("2026-09-16", "00:00"))
    )
    assert starts() == 0
    with pytest.raises(ClosedThatDay):
        actions.hold(by=people[0], wanted=want(), begins_at=NINE)
    assert Booking.objects.count() == 1

    closure.delete()
    actions.hold(by=people[0], wanted=want(), begins_at=NINE)  # what was refused a moment ago
    assert Booking.objects.count() == 2


def test_moving_goes_by_the_newest_plan(offer: Offer, location: Location, applicant: Actor) -> None:
    evening = at("2026-09-15", "17:00")
    held = actions.hold(by=applicant, wanted=want(), begins_at=NINE)
    actions.confirm(by=applicant, booking=held.booking)
    with pytest.raises(TimeNotOffered):
        actions.move(by=applicant, booking=held.booking, begins_at=evening)

    OpeningHours.objects.create(
        location=location, weekday=1, opens="16:00", closes="18:00", valid_from=BEGAN
    )
    Duty.objects.filter(weekday=1).update(starts="16:00", ends="18:00")
    assert actions.move(by=applicant, booking=held.booking, begins_at=evening).begins_at == evening
    with pytest.raises(TimeNotOffered):
        actions.move(by=applicant, booking=held.booking, begins_at=NINE)


def test_what_was_rolled_back_never_counts(offer: Offer, location: Location) -> None:
    whole = starts()
    with transaction.atomic():
        Duty.objects.filter(weekday=1).delete()
        assert starts() == 0
        transaction.set_rollback(True)
    assert starts() == whole
    Duty.objects.filter(weekday=1, starts="08:00").update(ends="10:00")
    assert 0 < starts() < whole


def test_a_time_is_taken_with_all_that_a_booking_holds(
    offer: Offer, location: Location, applicant: Actor
) -> None:
    counter = Counter.objects.get(number=2)
    key = uuid4()
    wanted = Booking(
        id=key,
        place=key,
        location=location,
        chosen=[{"offer": "ausweis", "persons": 3}],
        persons=3,
        channel="phone",
        begins_at=NINE,
        ends_at=NINE + timedelta(minutes=50),
        frees_at=NINE + timedelta(minutes=55),
        state="held",
        hold_until=NINE - timedelta(hours=1),
        person_id=applicant.person,
        guest_name="Ida 'Gast' \\ ä",
        guest_email="ida@example.org",
        guest_phone="0463",
        identity="ab" * 32,
        language="en",
        case_number="BAU-2026-1",
        quota_minutes=55,
        revision=4,
        made_with=uuid4(),
        made_at=NINE - timedelta(days=2),
        changed_at=NINE - timedelta(days=1),
        reminded_at=NINE - timedelta(hours=2),
    )
    assert taking.take(wanted, [counter.pk])

    kept = Booking.objects.get(pk=key)
    names = [field.attname for field in Booking._meta.concrete_fields if not field.generated]
    assert {name: getattr(kept, name) for name in names} == {
        name: getattr(wanted, name) for name in names
    }
    assert wanted.counter_id == counter.pk
    again = Booking.objects.get(pk=key)
    again.pk = again.place = uuid4()
    again.made_with = None
    assert not taking.take(again, [counter.pk])
