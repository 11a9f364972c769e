"""Days as they stand in a form: fixed, or counted from the day of asking."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_RELATIVE = re.compile(r"today(?:(?P<sign>[+-])(?P<count>\d{1,4})(?P<unit>[dwmy]))?")
_UNITS = {"w": "weeks", "m": "months", "y": "years"}


def day_from(text: str, *, today: date) -> date:
    """`2026-11-22`, `today`, `today+14d`, `today-18y` as a day.

    29 February plus a year is 28 February. Raises `ValueError` for anything else and for days
    outside the calendar.
    """
    match = _RELATIVE.fullmatch(text)
    if match is None:
        return date.fromisoformat(text)
    if not match["count"]:
        return today
    count = int(match["sign"] + match["count"])
    try:
        if match["unit"] == "d":
            return today + timedelta(days=count)
        return today + relativedelta(**{_UNITS[match["unit"]]: count})  # type: ignore[arg-type]  # the stubs want each keyword by name
    except OverflowError as error:
        raise ValueError(f"{text} lies outside the calendar") from error
