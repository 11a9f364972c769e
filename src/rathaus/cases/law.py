"""Periods of law or house where a procedure names none: dated data with sources (`law.yaml`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

from rathaus.cases.deadlines import LadderShares, Period, Unit

SOURCE = Path(__file__).with_name("law.yaml")
T = TypeVar("T")


@dataclass(frozen=True)
class Dated(Generic[T]):
    """A figure that holds from a day on, with its source; it changes by a row of data."""

    valid_from: date
    figure: T
    source: str


@dataclass(frozen=True)
class Law:
    """All dated figures of the data file."""

    decision: Sequence[Dated[Period]]
    correction: Sequence[Dated[Period]]
    remedy: Sequence[Dated[Period]]
    remedy_texts: Sequence[Dated[Mapping[str, str]]]
    warnings: Sequence[Dated[LadderShares]]


def in_force(rows: Sequence[Dated[T]], on: date) -> T:
    """The figure that holds on a day. Raises `LookupError` if there was none yet."""
    begun = [row for row in rows if row.valid_from <= on]
    if not begun:
        raise LookupError(f"no figure in force on {on}")
    return max(begun, key=lambda row: row.valid_from).figure


@cache
def law() -> Law:
    """The content of `law.yaml`."""
    content = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return Law(
        decision=[_dated_period(row) for row in content["decision"]],
        correction=[_dated_period(row) for row in content["correction"]],
        remedy=[_dated_period(row) for row in content["remedy"]],
        remedy_texts=[
            Dated(row["valid_from"], row["text"], row["source"]) for row in content["remedy_texts"]
        ],
        warnings=[
            Dated(row["valid_from"], _shares(row), row["source"]) for row in content["warnings"]
        ],
    )


def _shares(row: Mapping[str, Any]) -> LadderShares:
    return LadderShares(
        soon=row["soon_share"],
        urgent=row["urgent_share"],
        least_soon=row["least_soon"],
        least_urgent=row["least_urgent"],
    )


def _dated_period(row: Mapping[str, Any]) -> Dated[Period]:
    unit = next(unit for unit in Unit if unit in row)
    return Dated(row["valid_from"], Period(row[unit], unit, row["basis"]), row["source"])
