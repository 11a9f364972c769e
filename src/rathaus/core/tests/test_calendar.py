from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.core.calendar import (
    Holiday,
    Kind,
    add_months,
    add_working_days,
    add_years,
    easter_sunday,
    excluded_because,
    holidays_of,
    is_working_day,
    next_day_not_excluded,
)
from rathaus.core.calendar.holidays import known_holidays

STATES = [f"AT-{number}" for number in range(1, 10)]
YEARS = range(2014, 2100)


@pytest.fixture(autouse=True, scope="module")
def read_anew() -> None:
    """What an earlier test file had read may not hide a change of the reading."""
    known_holidays.cache_clear()
    holidays_of.cache_clear()


days = st.dates(min_value=date(1991, 1, 1), max_value=date(2199, 12, 31))


@pytest.mark.parametrize("state", STATES)
def test_statutory_holidays_agree_with_an_independent_calendar(state: str) -> None:
    for year in YEARS:
        ours = {
            day
            for day, holiday in holidays_of(year, state).items()
            if holiday.kind is Kind.STATUTORY
        }
        assert ours == set(holidays.Austria(years=year, subdiv=state[-1], observed=False))


@pytest.mark.parametrize("state", STATES)
def test_days_off_agree_with_an_independent_calendar(state: str) -> None:
    for year in YEARS:
        public = set(holidays.Austria(years=year, subdiv=state[-1], observed=False))
        offices = set(holidays.Austria(years=year, subdiv=state[-1], categories=("bank",)))
        assert set(holidays_of(year, state)) == public | (offices - {date(year, 12, 31)})


def test_names_follow_the_independent_calendar() -> None:
    theirs = holidays.Austria(years=2026, language="de")
    ours = holidays_of(2026)
    assert {day: ours[day].name["de"] for day in theirs} == dict(theirs)


def test_easter_in_a_table_of_extremes() -> None:
    assert [easter_sunday(year) for year in (1818, 1943, 2000, 2008, 2026, 2038, 2100)] == [
        date(1818, 3, 22),
        date(1943, 4, 25),
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2026, 4, 5),
        date(2038, 4, 25),
        date(2100, 3, 28),
    ]


@settings(deadline=None)
@given(st.integers(1583, 4099))
def test_easter_is_a_sunday_in_its_season(year: int) -> None:
    easter = easter_sunday(year)
    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


def test_every_holiday_has_source_and_both_languages() -> None:
    assert all(holiday.source and set(holiday.name) == {"de", "en"} for holiday in known_holidays())


def test_law_changes_with_the_year() -> None:
    assert date(1966, 10, 26) not in holidays_of(1966)
    assert date(1967, 10, 26) in holidays_of(1967)
    assert date(2003, 5, 4) not in holidays_of(2003, "AT-4")
    assert date(2004, 5, 4) in holidays_of(2004, "AT-4")
    assert date(2013, 12, 24) not in holidays_of(2013)
    assert date(2014, 12, 24) in holidays_of(2014)


def test_a_holiday_may_end() -> None:
    ended = Holiday({"de": "Alt"}, Kind.STATUTORY, "Gesetz", 2000, 2010, on=(6, 29))
    assert [ended.holds(year, "") for year in (1999, 2000, 2010, 2011)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_patron_day_belongs_to_its_land() -> None:
    florian = date(2026, 5, 4)
    assert [state for state in STATES if florian in holidays_of(2026, state)] == ["AT-4"]
    assert florian not in holidays_of(2026)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 21), "Samstag"),
        (date(2026, 11, 22), "Sonntag"),
        (date(2026, 11, 23), None),
        (date(2026, 4, 3), "Karfreitag"),
        (date(2026, 12, 24), "Heiliger Abend"),
        (date(2026, 12, 26), "Stephanstag"),
        (date(2026, 5, 4), None),
        (date(2026, 12, 31), None),
    ],
)
def test_why_a_deadline_cannot_end(day: date, reason: str | None) -> None:
    found = excluded_because(day)
    assert (found["de"] if found else None) == reason


def test_reasons_are_told_in_english_too() -> None:
    saturday = excluded_because(date(2026, 11, 21))
    sunday = excluded_because(date(2026, 11, 22))
    assert saturday == {"de": "Samstag", "en": "Saturday"}
    assert sunday == {"de": "Sonntag", "en": "Sunday"}


@settings(deadline=None)
@given(days)
def test_the_next_possible_day_is_possible_and_nothing_before_it(day: date) -> None:
    found = next_day_not_excluded(day)
    assert excluded_because(found) is None
    between = [day + timedelta(days=number) for number in range((found - day).days)]
    assert all(excluded_because(other) for other in between)


def test_the_longest_chain_of_excluded_days() -> None:
    assert next_day_not_excluded(date(2025, 12, 24)) == date(2025, 12, 29)


def test_offices_are_closed_on_their_patron_day() -> None:
    assert not is_working_day(date(2026, 5, 4), "AT-4")
    assert is_working_day(date(2026, 5, 4), "AT-9")
    assert is_working_day(date(2026, 5, 4))
    assert not is_working_day(date(2026, 5, 3))


@settings(deadline=None)
@given(days, st.integers(0, 40))
def test_working_days_against_counting_one_by_one(day: date, count: int) -> None:
    found = add_working_days(day, count, "AT-4")
    span = [day + timedelta(days=number + 1) for number in range((found - day).days)]
    assert sum(is_working_day(other, "AT-4") for other in span) == count
    assert count == 0 or is_working_day(found, "AT-4")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
        (date(2026, 1, 31), 11, date(2026, 12, 31)),
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_adding_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_adding_years() -> None:
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)
