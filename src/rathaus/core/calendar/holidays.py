"""Which days are holidays in Austria, read from dated data with its sources (`austria.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SOURCE = Path(__file__).with_name("austria.yaml")


class Kind(StrEnum):
    """Why a day is special."""

    STATUTORY = "statutory"
    DEADLINE = "deadline"
    PATRON = "patron"


@dataclass(frozen=True)
class Holiday:
    """A rule that names one day of each year in which it is in force.

    `on` is (month, day), or `easter` the number of days after Easter Sunday; `states` is empty
    where it holds everywhere.
    """

    name: Mapping[str, str] = field(hash=False)
    kind: Kind
    source: str
    first_year: int
    last_year: int | None = None
    on: tuple[int, int] | None = None
    easter: int = 0
    states: frozenset[str] = frozenset()

    def day_in(self, year: int) -> date:
        """The date of this holiday in a year, whether it is in force then or not."""
        if self.on:
            return date(year, *self.on)
        return easter_sunday(year) + timedelta(days=self.easter)

    def holds(self, year: int, federal_state: str) -> bool:
        """Whether it is in force in that year and Land (`AT-4`; empty: what holds everywhere)."""
        in_force = self.first_year <= year and (self.last_year is None or year <= self.last_year)
        return in_force and (not self.states or federal_state in self.states)


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap_centuries, leap_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - correction + 15) % 30
    weekday = (32 + 2 * leap_rest + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def known_holidays() -> tuple[Holiday, ...]:
    """Every rule of the data file."""
    content = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return tuple(
        _parsed(Kind(kind), entry) for kind, entries in content.items() for entry in entries
    )


@cache
def holidays_of(year: int, federal_state: str = "") -> Mapping[date, Holiday]:
    """The special days of a year by date; of two rules for one day the first in the data counts."""
    days: dict[date, Holiday] = {}
    for holiday in known_holidays():
        if holiday.holds(year, federal_state):
            days.setdefault(holiday.day_in(year), holiday)
    return days


def _parsed(kind: Kind, entry: Mapping[str, Any]) -> Holiday:
    month_and_day = tuple(int(part) for part in entry["day"].split("-")) if "day" in entry else None
    return Holiday(
        name=entry["name"],
        kind=kind,
        source=entry["source"],
        first_year=entry["from"],
        last_year=entry.get("until"),
        on=(month_and_day[0], month_and_day[1]) if month_and_day else None,
        easter=entry.get("easter", 0),
        states=frozenset(entry.get("states", ())),
    )
