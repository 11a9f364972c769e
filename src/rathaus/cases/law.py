"""Periods of law or house where a procedure names none: dated data with sources (`law.yaml`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rathaus.cases.deadlines import LadderShares, Period, Unit
from rathaus.core.dated import Dated

SOURCE = Path(__file__).with_name("law.yaml")


class RemedyKind(StrEnum):
    """What can be done against a Bescheid."""

    COMPLAINT = "complaint"
    TAX_COMPLAINT = "tax_complaint"
    APPEAL = "appeal"


@dataclass(frozen=True)
class Remedy:
    """How long a Bescheid can be fought, and the words that end it (in German and English)."""

    period: Period
    text: Mapping[str, str]


@dataclass(frozen=True)
class Law:
    """All dated figures of the data file."""

    decision: Sequence[Dated[Period]]
    correction: Sequence[Dated[Period]]
    remedies: Mapping[RemedyKind, Sequence[Dated[Remedy]]]
    warnings: Sequence[Dated[LadderShares]]


@cache
def law() -> Law:
    """The content of `law.yaml`."""
    content = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return Law(
        decision=[_dated_period(row) for row in content["decision"]],
        correction=[_dated_period(row) for row in content["correction"]],
        remedies={
            kind: [_dated_remedy(row) for row in content["remedies"][kind]] for kind in RemedyKind
        },
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
    return Dated(row["valid_from"], _period(row), row["source"])


def _dated_remedy(row: Mapping[str, Any]) -> Dated[Remedy]:
    return Dated(row["valid_from"], Remedy(_period(row), row["text"]), row["source"])


def _period(row: Mapping[str, Any]) -> Period:
    unit = next(unit for unit in Unit if unit in row)
    return Period(row[unit], unit, row["basis"])
