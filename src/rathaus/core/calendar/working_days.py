"""Working days of an office, and the days on which no deadline ends (§ 33 Abs. 2 AVG)."""

from collections.abc import Mapping
from datetime import date, timedelta

from rathaus.core.calendar.holidays import holidays_of

SATURDAY, SUNDAY = 5, 6
WEEKEND: Mapping[int, Mapping[str, str]] = {
    SATURDAY: {"de": "Samstag", "en": "Saturday"},
    SUNDAY: {"de": "Sonntag", "en": "Sunday"},
}
ONE_DAY = timedelta(days=1)


def excluded_because(day: date) -> Mapping[str, str] | None:
    """Why a deadline cannot end on that day, in German and English; `None` where it can.

    Saturdays, Sundays, statutory holidays, Good Friday and 24 December; no patron day of a Land.
    """
    holiday = holidays_of(day.year).get(day)
    return holiday.name if holiday else WEEKEND.get(day.weekday())


def next_day_not_excluded(day: date) -> date:
    """The day itself, or the next one on which a deadline can end."""
    while excluded_because(day):
        day += ONE_DAY
    return day


def is_working_day(day: date, federal_state: str = "") -> bool:
    """Whether offices in that Land (`AT-4`) are open: no weekend, holiday or patron day."""
    return day.weekday() not in WEEKEND and day not in holidays_of(day.year, federal_state)


def add_working_days(day: date, count: int, federal_state: str = "") -> date:
    """The last of so many working days after `day`, which itself is not counted."""
    for _ in range(count):
        day += ONE_DAY
        while not is_working_day(day, federal_state):
            day += ONE_DAY
    return day
