"""The rules of planning: clashing hours, time off by the wall's clock, who is served, the grid."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.appointments.day_grid import Grid, Placed, grid_around
from rathaus.appointments.free_slots import Hours, Shift, Timetable
from rathaus.appointments.opening import VIENNA, Weekly, minute_of
from rathaus.appointments.time_off import TimeOff, written
from rathaus.appointments.unserved import Promised, unserved
from rathaus.appointments.weekly_hours import clash, ever_comes

MONDAY = date(2026, 9, 14)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))


def weekly(starts: str, ends: str, **changed: object) -> Weekly:
    """Monday's hours, valid since the beginning of the year."""
    fields = {"weekday": 0, "valid_from": date(2026, 1, 1), "valid_until": None, **changed}
    clocks = [int(text[:2]) * 60 + int(text[3:]) for text in (starts, ends)]
    return Weekly(fields["weekday"], *clocks, fields["valid_from"], fields["valid_until"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "clashes"),
    [
        (weekly("11:59", "13:00"), True),
        (weekly("12:00", "13:00"), False),
        (weekly("07:00", "08:00"), False),
        (weekly("09:00", "10:00"), True),
        (weekly("09:00", "10:00", weekday=1), False),
        (
            weekly("09:00", "10:00", valid_from=date(2026, 9, 15)),
            False,
        ),  # the other ended the day before
        (weekly("09:00", "10:00", valid_from=MONDAY), True),
        (weekly("09:00", "10:00", valid_until=date(2025, 12, 31)), False),
    ],
)
def test_hours_clash_on_a_common_day_only(other: Weekly, clashes: bool) -> None:
    hours = weekly("08:00", "12:00", valid_until=MONDAY)
    assert clash(hours, other) is clashes
    assert clash(other, hours) is clashes


@given(
    one=st.tuples(st.integers(0, 6), st.integers(0, 20), st.integers(1, 5), DAYS, DAYS),
    other=st.tuples(st.integers(0, 6), st.integers(0, 20), st.integers(1, 5), DAYS, DAYS),
)
def test_clash_is_what_a_look_at_every_day_finds(one: tuple, other: tuple) -> None:  # type: ignore[type-arg]
    first, second = (
        Weekly(day, begin, begin + length, since, until)
        for day, begin, length, since, until in (one, other)
    )
    every_day = [date(2026, 1, 1) + timedelta(days=number) for number in range(91)]
    both = [day for day in every_day if first.holds_on(day) and second.holds_on(day)]
    overlap = first.starts < second.ends and second.starts < first.ends
    assert clash(first, second) is bool(both and overlap)


def test_a_weekday_comes_or_does_not() -> None:
    assert ever_comes(weekly("08:00", "09:00", valid_from=MONDAY, valid_until=MONDAY))
    tuesday, sunday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=6)
    assert not ever_comes(weekly("08:00", "09:00", valid_from=tuesday, valid_until=sunday))
    assert ever_comes(weekly("08:00", "09:00", valid_from=tuesday))


def test_whole_days_off_begin_and_end_at_midnight_whatever_the_clock_does() -> None:
    begin, end = TimeOff(AUTUMN, AUTUMN).moments()
    assert end - begin == timedelta(hours=24)  # on the wall; both have the zone of Vienna
    assert end.astimezone(UTC) - begin.astimezone(UTC) == timedelta(hours=25)
    begin, end = TimeOff(SPRING, SPRING).moments()
    assert end.astimezone(UTC) - begin.astimezone(UTC) == timedelta(hours=23)


def test_an_hour_that_passes_twice_is_off_both_times() -> None:
    begin, end = TimeOff(AUTUMN, AUTUMN, time(2), time(2, 30)).moments()
    assert begin.astimezone(UTC) == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_time_off_before_an_hour_that_is_left_out_does_not_run_backwards() -> None:
    begin, end = TimeOff(SPRING, SPRING, time(1), time(2, 30)).moments()
    assert begin.astimezone(UTC) < end.astimezone(UTC)


@given(
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    days=st.integers(0, 40),
    starts=st.none() | st.times(time(6), time(11)),
    ends=st.none() | st.times(time(12), time(20)),
)
def test_what_is_written_down_is_read_again(
    first: date, days: int, starts: time | None, ends: time | None
) -> None:
    off = TimeOff(first, first + timedelta(days=days), starts, ends)
    begin, end = off.moments()
    assert written(begin.astimezone(UTC), end.astimezone(UTC)) == off


def minute(clock: str, day: date = MONDAY) -> int:
    return minute_of(datetime.combine(day, time.fromisoformat(clock), VIENNA))


def timetable(**changed: object) -> Timetable:
    """One counter, open and served by Eva from eight to twelve, who can do passports."""
    fields: dict[str, object] = {
        "counters": {1: "in_person"},
        "hours": [Hours(weekly("08:00", "12:00"), frozenset({"walk_in"}))],
        "shifts": [Shift(weekly("08:00", "12:00"), "eva", 1)],
        "skills": {"eva": frozenset({"passport"})},
        **changed,
    }
    return Timetable(**fields)  # type: ignore[arg-type]


def promised(begin: str = "09:00", end: str = "09:30", **changed: object) -> Promised:
    fields = {"booking": uuid4(), "counter": 1, "skills": frozenset({"passport"}), **changed}
    return Promised(
        fields["booking"], fields["counter"], minute(begin), minute(end), fields["skills"]
    )  # type: ignore[arg-type]


def test_an_appointment_is_served_whatever_channel_it_came_by() -> None:
    assert unserved(timetable(), [promised()]) == set()


@pytest.mark.parametrize(
    "plan",
    [
        timetable(hours=[]),
        timetable(shifts=[]),
        timetable(counters={}),
        timetable(skills={}),
        timetable(absences={"eva": [(minute("09:20"), minute("10:00"))]}),
        timetable(closed=[(minute("08:00"), minute("09:01"))]),
        timetable(closed_counters={1: [(minute("09:29"), minute("12:00"))]}),
        timetable(holidays=frozenset({MONDAY})),
    ],
)
def test_an_appointment_is_lost_with_any_of_what_it_stands_on(plan: Timetable) -> None:
    one = promised()
    assert unserved(plan, [one]) == {one.booking}


def test_a_closure_that_begins_when_the_appointment_ends_does_not_touch_it() -> None:
    assert unserved(timetable(closed=[(minute("09:30"), minute("12:00"))]), [promised()]) == set()


def test_somebody_else_at_the_counter_takes_over_if_they_can() -> None:
    shifts = [Shift(weekly("08:00", "12:00"), who, 1) for who in ("eva", "max")]
    away = {"eva": [(minute("08:00"), minute("12:00"))]}
    one, any_one = promised(), promised(skills=frozenset())
    plan = timetable(shifts=shifts, absences=away)
    assert unserved(plan, [one, any_one]) == {one.booking}


def test_nothing_promised_is_nothing_lost() -> None:
    nothing: list[Promised] = []
    found: set[UUID] = unserved(timetable(hours=[]), nothing)
    assert found == set()


def test_the_grid_has_whole_hours_around_everything() -> None:
    assert grid_around([(7 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 1)]) == Grid(7 * 60, 18 * 60)
    assert grid_around([]) == Grid(8 * 60, 16 * 60)
    assert Grid(7 * 60, 9 * 60).hours == [7 * 60, 8 * 60]


def test_things_stand_on_the_grid_by_hours_and_steps_of_five_minutes() -> None:
    grid = Grid(7 * 60, 18 * 60)
    assert grid.place((8 * 60 + 35, 9 * 60 + 45)) == Placed(1, 7, 1, 2)
    assert grid.place((7 * 60, 7 * 60 + 1)) == Placed(0, 0, 0, 1)
    assert grid.place((7 * 60 + 3, 7 * 60 + 12)) == Placed(0, 0, 0, 3)
