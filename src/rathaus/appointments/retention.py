"""How long the contact of guests is kept: dated data (`retention.yaml`)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import yaml

from rathaus.appointments.opening import VIENNA
from rathaus.core.dated import Dated, in_force

SOURCE = Path(__file__).with_name("retention.yaml")


@dataclass(frozen=True)
class Kept:
    """Whole days in Vienna after which somebody is forgotten."""

    after_appointment_days: int
    after_expired_hold_days: int
    after_waiting_days: int


@cache
def kept_guests() -> list[Dated[Kept]]:
    """The content of `retention.yaml`."""
    rows = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))["guests"]
    names = ("after_appointment_days", "after_expired_hold_days", "after_waiting_days")
    return [
        Dated(row["valid_from"], Kept(**{name: row[name] for name in names}), row["source"])
        for row in rows
    ]


def kept_on(day: date) -> Kept:
    """What is in force on a day. Raises `LookupError` for a day before all rows."""
    return in_force(kept_guests(), day, what="retention of guests")


def forgotten_before(today: date, days: int) -> datetime:
    """Whatever ended before this moment has been kept for so many whole days."""
    return datetime.combine(today - timedelta(days=days), time(), VIENNA)
