"""Adding months and years to dates the way the law counts them (§ 32 Abs. 2 AVG)."""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The day of the same number so many months later, or that month's last day if missing."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28 February where it is missing."""
    return add_months(day, 12 * years)
