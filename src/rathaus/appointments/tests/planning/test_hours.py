"""Opening hours: what was stays, what comes is checked."""

from collections.abc import Iterable
from datetime import date, time

import pytest
from tests.tables import nothing_changed

from rathaus.appointments.actions.planning.changing import Choice, stamp_of
from rathaus.appointments.actions.planning.hours import Open, add_hours, change_hours, end_hours
from rathaus.appointments.models import (
    Booking,
    Location,
    OpeningHours,
)
from rathaus.appointments.planning_errors import (
    AppointmentsHit,
    BeginsInThePast,
    EndsBeforeItBegins,
    HoursOverlap,
    NeverComes,
    NoDayChosen,
    OverAlready,
)
from rathaus.appointments.tests.planning.conftest import MONDAY, NEXT_MONDAY, TUESDAY, times
from rathaus.core.actor import Actor

pytestmark = pytest.mark.django_db


def opens(
    starts: str, ends: str, since: date = MONDAY, channels: Iterable[str] = ("online",)
) -> Open:
    return Open(times(starts, ends, since), list(channels))


def test_hours_are_added_where_they_overlap_with_none(location: Location, planner: Actor) -> None:
    add_hours(by=planner, location=location.pk, weekdays=[1, 3], wanted=opens("13:00", "17:00"))

    assert OpeningHours.objects.filter(opens="13:00").count() == 2
    named = {"by": planner, "location": location.pk}
    with pytest.raises(HoursOverlap), nothing_changed():
        add_hours(**named, weekdays=[1], wanted=opens("11:59", "12:30"))
    with pytest.raises(NoDayChosen), nothing_changed():
        add_hours(**named, weekdays=[], wanted=opens("18:00", "19:00"))
    with pytest.raises(EndsBeforeItBegins), nothing_changed():
        add_hours(**named, weekdays=[1], wanted=opens("19:00", "18:00"))
    past = opens("18:00", "19:00", since=date(2026, 9, 13))
    with pytest.raises(BeginsInThePast), nothing_changed():
        add_hours(**named, weekdays=[1], wanted=past)
    never = Open(times("18:00", "19:00", TUESDAY, date(2026, 9, 20)), ["online"])
    with pytest.raises(NeverComes), nothing_changed():
        add_hours(**named, weekdays=[0], wanted=never)


def test_hours_of_other_channels_may_overlap(location: Location, planner: Actor) -> None:
    OpeningHours.objects.update(channels=["online"])
    wanted = opens("08:00", "10:00", channels=["walk_in"])
    add_hours(by=planner, location=location.pk, weekdays=[0], wanted=wanted)
    assert OpeningHours.objects.filter(weekday=0).count() == 2


def test_changed_hours_hold_from_a_day_on(location: Location, planner: Actor) -> None:
    row = OpeningHours.objects.get(weekday=0)
    all_channels = row.channels
    change_hours(
        by=planner,
        hours=row.pk,
        wanted=opens("09:00", "13:00", NEXT_MONDAY, all_channels),
        seen=stamp_of(row),
    )

    held = OpeningHours.objects.filter(weekday=0).order_by("valid_from")
    assert [(one.opens, one.valid_from, one.valid_until) for one in held] == [
        (time(8), date(2026, 1, 1), date(2026, 9, 20)),
        (time(9), NEXT_MONDAY, None),
    ]


def test_hours_in_the_future_are_changed_in_place(location: Location, planner: Actor) -> None:
    row = OpeningHours.objects.get(weekday=0)
    OpeningHours.objects.filter(pk=row.pk).update(valid_from=NEXT_MONDAY)
    row.refresh_from_db()
    wanted = opens("09:00", "13:00", MONDAY, row.channels)
    change_hours(by=planner, hours=row.pk, wanted=wanted, seen=stamp_of(row))
    row.refresh_from_db()
    assert (row.opens, row.valid_from) == (time(9), MONDAY)
    assert OpeningHours.objects.filter(weekday=0).count() == 1


def test_what_was_cannot_be_changed(location: Location, planner: Actor) -> None:
    row = OpeningHours.objects.get(weekday=0)
    wanted = opens("09:00", "13:00", date(2026, 9, 1), row.channels)
    with pytest.raises(BeginsInThePast), nothing_changed():
        change_hours(by=planner, hours=row.pk, wanted=wanted, seen=stamp_of(row))


def test_an_end_alone_leaves_the_row_and_its_beginning(location: Location, planner: Actor) -> None:
    row = OpeningHours.objects.get(weekday=0)
    wanted = Open(times("08:00", "12:00", MONDAY, NEXT_MONDAY), row.channels)
    change_hours(by=planner, hours=row.pk, wanted=wanted, seen=stamp_of(row))
    row.refresh_from_db()
    assert (row.valid_from, row.valid_until) == (date(2026, 1, 1), NEXT_MONDAY)


def test_hours_end_and_what_lies_behind_is_decided(
    location: Location, booked: Booking, planner: Actor
) -> None:
    row = OpeningHours.objects.get(weekday=1)
    named = {"by": planner, "hours": row.pk, "last": MONDAY, "seen": stamp_of(row)}
    with pytest.raises(AppointmentsHit), nothing_changed():
        end_hours(**named)

    end_hours(**named, decided={booked.pk: Choice.KEEP})  # type: ignore[arg-type]

    row.refresh_from_db()
    assert row.valid_until == MONDAY


def test_hours_that_never_began_are_gone(location: Location, planner: Actor) -> None:
    row = OpeningHours.objects.get(weekday=0)
    OpeningHours.objects.filter(pk=row.pk).update(valid_from=NEXT_MONDAY)
    row.refresh_from_db()
    end_hours(by=planner, hours=row.pk, last=MONDAY, seen=stamp_of(row))
    assert not OpeningHours.objects.filter(weekday=0).exists()
    other = OpeningHours.objects.get(weekday=1)
    early = date(2026, 9, 1)
    with pytest.raises(OverAlready), nothing_changed():
        end_hours(by=planner, hours=other.pk, last=early, seen=stamp_of(other))
