"""Periods of law or house where a procedure names none: dated data with sources (`law.yaml`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rathaus.cases.deadlines import LadderShares, Period, Unit
from rathaus.core.dated import Dated

SOURCE = Path(__file__).with_name("law.yaml")


@dataclass(frozen=True)
class Law:
    """All dated figures of the data file."""

    decision: Sequence[Dated[Period]]
    correction: Sequence[Dated[Period]]
    remedy: Sequence[Dated[Period]]
    remedy_texts: Sequence[Dated[Mapping[str, str]]]
    warnings: Sequence[Dated[LadderShares]]


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
