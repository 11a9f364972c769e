"""The Austrian calendar: holidays as dated data, working days, where a deadline cannot end."""

from rathaus.core.calendar.arithmetic import add_months, add_years
from rathaus.core.calendar.holidays import (
    Holiday,
    Kind,
    easter_sunday,
    holidays_of,
    known_holidays,
)
from rathaus.core.calendar.working_days import (
    add_working_days,
    excluded_because,
    is_working_day,
    next_day_not_excluded,
)

__all__ = [
    "Holiday",
    "Kind",
    "add_months",
    "add_working_days",
    "add_years",
    "easter_sunday",
    "excluded_because",
    "holidays_of",
    "is_working_day",
    "known_holidays",
    "next_day_not_excluded",
]
