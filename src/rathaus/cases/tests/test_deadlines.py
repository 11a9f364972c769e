import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.cases.deadlines import (
    DayOutOfBounds,
    Ladder,
    LadderShares,
    Level,
    Pause,
    Period,
    Unit,
    chosen_day,
    compute,
    ladder_for,
    last_day,
    warning_level,
)
from rathaus.core.calendar import excluded_because
from rathaus.core.calendar.holidays import holidays_of, known_holidays

TABLE = Path(__file__).with_name("golden_dates.csv").read_text(encoding="utf-8")
GOLDEN = list(csv.DictReader(TABLE.splitlines(), delimiter=";"))


@pytest.fixture(autouse=True, scope="module")
def read_anew() -> None:
    """What an earlier test file had read may not hide a change of the reading."""
    known_holidays.cache_clear()
    holidays_of.cache_clear()


UPPER_AUSTRIA = "AT-4"

days = st.dates(min_value=date(2014, 1, 1), max_value=date(2090, 12, 31))
periods = st.builds(Period, st.integers(1, 60), st.sampled_from(Unit), st.just("§ 73 AVG"))


@st.composite
def pauses_around(draw: st.DrawFn, started_on: date) -> list[Pause]:
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        start = started_on + timedelta(days=draw(st.integers(-40, 400)))
        pauses.append(Pause(start, start + timedelta(days=draw(st.integers(0, 90)))))
    return pauses


@st.composite
def running(draw: st.DrawFn) -> tuple[date, Period, list[Pause]]:
    started_on = draw(days)
    return started_on, draw(periods), draw(pauses_around(started_on))


def test_the_table_is_large_enough() -> None:
    assert len(GOLDEN) >= 60


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['started_on']} {row['why']}")
def test_golden_dates(row: dict[str, str]) -> None:
    pauses = [
        Pause(*(date.fromisoformat(day) for day in pause.split("/")))
        for pause in filter(None, row["pauses"].split(","))
    ]
    period = Period(int(row["count"]), Unit(row["unit"]))

    computed = compute(date.fromisoformat(row["started_on"]), period, pauses, UPPER_AUSTRIA)

    assert computed.last_day == date.fromisoformat(row["last_day"])


@settings(deadline=None)
@given(running())
def test_no_deadline_ends_on_an_excluded_day(case: tuple[date, Period, list[Pause]]) -> None:
    started_on, period, pauses = case
    computed = compute(started_on, period, pauses, UPPER_AUSTRIA)

    assert excluded_because(computed.last_day) is None
    nominal = computed.counted_to + timedelta(days=computed.paused_days)
    between = [nominal + timedelta(days=n) for n in range((computed.last_day - nominal).days)]
    assert [moved.day for moved in computed.moved_over] == between
    assert all(
        excluded_because(day) == moved.reason
        for day, moved in zip(between, computed.moved_over, strict=True)
    )


@settings(deadline=None)
@given(days, st.integers(0, 400), periods)
def test_whoever_comes_later_is_not_due_earlier(
    first: date, days_later: int, period: Period
) -> None:
    later = first + timedelta(days=days_later)
    assert last_day(first, period, UPPER_AUSTRIA) <= last_day(later, period, UPPER_AUSTRIA)


@settings(deadline=None)
@given(running(), st.data())
def test_a_pause_only_lengthens(
    case: tuple[date, Period, list[Pause]], data: st.DataObject
) -> None:
    started_on, period, pauses = case
    more = data.draw(pauses_around(started_on))
    without = compute(started_on, period, pauses)
    assert without.last_day >= compute(started_on, period).last_day
    assert compute(started_on, period, pauses + more).last_day >= without.last_day


@settings(deadline=None)
@given(running())
def test_each_paused_day_counts_once(case: tuple[date, Period, list[Pause]]) -> None:
    """Against brute force: walk day by day and set the clock back on every day of a pause."""
    started_on, period, pauses = case
    computed = compute(started_on, period, pauses)
    paused: set[date] = set()
    for pause in sorted(pauses):
        nominal = computed.counted_to + timedelta(days=len(paused))
        while excluded_because(nominal):
            nominal += timedelta(days=1)
        span = (pause.end - pause.start).days
        fresh = {
            day
            for day in (pause.start + timedelta(days=n) for n in range(span))
            if day >= started_on
        } - paused
        if fresh and min(fresh) <= nominal:
            paused |= fresh
    assert computed.paused_days == len(paused)


def test_working_days_follow_the_land() -> None:
    """1 May is a Friday, 4 May the day of St Florian in Upper Austria."""
    period = Period(1, Unit.WORKING_DAYS)
    eve = date(2026, 4, 30)
    assert last_day(eve, period, "AT-4") == date(2026, 5, 5)
    assert last_day(eve, period, "AT-9") == date(2026, 5, 4)
    assert last_day(eve, period) == compute(eve, period).last_day == date(2026, 5, 4)


def test_the_way_to_the_last_day_is_told() -> None:
    computed = compute(date(2026, 6, 24), Period(6, Unit.MONTHS, "§ 73 Abs. 1 AVG"))

    assert computed.started_on == date(2026, 6, 24)
    assert computed.counted_to == date(2026, 12, 24)
    assert computed.period.basis == "§ 73 Abs. 1 AVG"
    assert [(moved.day.day, moved.reason["de"]) for moved in computed.moved_over] == [
        (24, "Heiliger Abend"),
        (25, "Christtag"),
        (26, "Stephanstag"),
        (27, "Sonntag"),
    ]


@pytest.mark.parametrize(
    ("basis", "start", "end"),
    [
        ("§ 73 Abs. 1 AVG", "§ 32 AVG", "§ 33 Abs. 2 AVG"),
        ("Selbstbindung der Stadt", "§ 32 AVG", "§ 33 Abs. 2 AVG"),
        ("§ 284 Abs. 1 BAO", "§ 108 BAO", "§ 108 Abs. 3 BAO"),
    ],
)
def test_the_law_by_which_a_period_is_counted(basis: str, start: str, end: str) -> None:
    period = Period(6, Unit.MONTHS, basis)
    assert (period.start_by, period.end_by) == (start, end)


SHARES = LadderShares(soon=3, urgent=10, least_soon=2, least_urgent=1)


FIRST, LAST = date(2026, 12, 14), date(2026, 12, 24)


@pytest.mark.parametrize(
    ("wanted", "ends_on"),
    [
        (FIRST, FIRST),
        (date(2026, 12, 19), date(2026, 12, 21)),  # a Saturday
        (LAST, date(2026, 12, 28)),  # Christmas Eve, two holidays, a Sunday
    ],
)
def test_a_chosen_day_moves_on_where_nothing_can_end(wanted: date, ends_on: date) -> None:
    assert chosen_day(wanted, FIRST, LAST) == ends_on


@pytest.mark.parametrize("wanted", [FIRST - timedelta(days=1), LAST + timedelta(days=1)])
def test_a_chosen_day_out_of_bounds_is_refused_with_the_bounds(wanted: date) -> None:
    with pytest.raises(DayOutOfBounds) as refused:
        chosen_day(wanted, FIRST, LAST)

    assert (refused.value.earliest, refused.value.latest) == (FIRST, LAST)
    assert str(refused.value) == "choose a day from 2026-12-14 to 2026-12-24"


@pytest.mark.parametrize(
    ("count", "unit", "soon", "urgent"),
    [
        (6, Unit.MONTHS, 60, 18),
        (2, Unit.MONTHS, 20, 6),
        (6, Unit.WEEKS, 14, 4),
        (2, Unit.WEEKS, 4, 1),
        (10, Unit.WORKING_DAYS, 4, 1),
        (5, Unit.WORKING_DAYS, 2, 1),
        (3, Unit.WORKING_DAYS, 2, 1),
        (1, Unit.DAYS, 2, 1),
    ],
)
def test_the_ladder_grows_with_the_period(count: int, unit: Unit, soon: int, urgent: int) -> None:
    assert ladder_for(Period(count, unit), SHARES) == Ladder(soon, urgent)


@given(st.integers(3, 60), st.sampled_from(Unit), days)
def test_no_case_is_urgent_from_its_first_day(count: int, unit: Unit, first: date) -> None:
    period = Period(count, unit)
    due_on = last_day(first, period, UPPER_AUSTRIA)
    assert warning_level(due_on, first, ladder_for(period, SHARES)) is Level.ON_TIME


@pytest.mark.parametrize(
    ("days_left", "level"),
    [
        (29, Level.ON_TIME),
        (28, Level.SOON),
        (8, Level.SOON),
        (7, Level.URGENT),
        (0, Level.URGENT),
        (-1, Level.OVERDUE),
    ],
)
def test_the_warning_ladder(days_left: int, level: Level) -> None:
    today = date(2026, 11, 22)
    due_on = today + timedelta(days=days_left)
    assert warning_level(due_on, today, Ladder(soon=28, urgent=7)) is level
