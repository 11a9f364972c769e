"""When an unpaid claim is dunned, with which words, and what that costs (`dunning.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from rathaus.core.calendar import next_day_not_excluded
from rathaus.core.dated import Dated, in_force

SOURCE = Path(__file__).with_name("dunning.yaml")
T = TypeVar("T")


@dataclass(frozen=True)
class Level:
    """One step: so many days after the missed day, with so many days to pay."""

    level: int
    days: int
    term: int
    fee: bool
    name: Mapping[str, str]


@dataclass(frozen=True)
class FeeRule:
    """So many thousandths of the amount, within bounds, in cents."""

    per_mille: int
    at_least: int
    at_most: int


@dataclass(frozen=True)
class DunningRules:
    """Everything that the data file says, with its days and sources."""

    ladders: tuple[Dated[tuple[Level, ...]], ...]
    fees: tuple[Dated[FeeRule], ...]
    days_late: tuple[Dated[int], ...]


@cache
def dunning_rules() -> DunningRules:
    """Every row of the data file."""
    content = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return DunningRules(
        ladders=tuple(
            _dated(row, tuple(Level(**level) for level in row["levels"]))
            for row in content["ladder"]
        ),
        fees=tuple(
            _dated(row, FeeRule(row["per_mille"], row["at_least"], row["at_most"]))
            for row in content["fee"]
        ),
        days_late=tuple(_dated(row, row["days_late"]) for row in content["instalments"]),
    )


def next_level(
    missed: date, last: int, today: date, ladders: tuple[Dated[tuple[Level, ...]], ...]
) -> Level | None:
    """The level to be taken today, if any: the one after `last` (0: none yet).

    `missed` is the due date that was missed last: that of the claim or of the last reminder.
    """
    for level in in_force(ladders, today, what="dunning ladder"):
        if level.level == last + 1:
            return level if today > missed + timedelta(days=level.days) else None
    return None


def reminder_due(today: date, level: Level) -> date:
    """The last day to pay after a reminder of today."""
    return next_day_not_excluded(today + timedelta(days=level.term))


def dunning_fee(cents: int, on: date, fees: tuple[Dated[FeeRule], ...]) -> int:
    """What dunning that amount costs in cents, rounded to the nearest (§ 204 Abs. 1 BAO)."""
    rule = in_force(fees, on, what="dunning fee")
    share = (cents * rule.per_mille + 500) // 1000
    return min(max(share, rule.at_least), rule.at_most)


def _dated(row: Mapping[str, Any], figure: T) -> Dated[T]:
    return Dated(row["valid_from"], figure, row["source"])
