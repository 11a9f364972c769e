"""Figures of law or house that hold from a day on: rows of data with their sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Dated(Generic[T]):
    """A figure that holds from a day on, with its source; it changes by a row of data."""

    valid_from: date
    figure: T
    source: str


def in_force(rows: Sequence[Dated[T]], on: date, *, what: str = "figure") -> T:
    """The figure that holds on a day; `LookupError`, naming `what`, if there was none yet."""
    begun = [row for row in rows if row.valid_from <= on]
    if not begun:
        raise LookupError(f"no {what} in force on {on}")
    return max(begun, key=lambda row: row.valid_from).figure
