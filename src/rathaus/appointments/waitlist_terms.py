"""How long a proposal holds, how often one may say no: dated data (`waitlist.yaml`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rathaus.appointments.opening import VIENNA
from rathaus.core.dated import Dated

SOURCE = Path(__file__).with_name("waitlist.yaml")


@dataclass(frozen=True)
class AnswerTime:
    """Minutes to answer by minutes ahead (rising), and the hours of the night that do not count
    for what is at least so far ahead.
    """

    within: Sequence[tuple[int, int]]
    quiet_from: int
    quiet_until: int
    quiet_holds_from_ahead_minutes: int


@dataclass(frozen=True)
class Fairness:
    """How much of the list one person may have, and how often they may let others wait."""

    most_declined: int
    most_unanswered: int
    most_waiting: int
    most_joined_a_day: int


@dataclass(frozen=True)
class Terms:
    """All dated figures of the data file."""

    answer: Sequence[Dated[AnswerTime]]
    fairness: Sequence[Dated[Fairness]]


@cache
def waitlist_terms() -> Terms:
    """The content of `waitlist.yaml`."""
    content = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return Terms(
        answer=[
            Dated(row["valid_from"], _answer_time(row), row["source"]) for row in content["answer"]
        ],
        fairness=[
            Dated(row["valid_from"], _fairness(row), row["source"]) for row in content["fairness"]
        ],
    )


def answer_until(at: datetime, begins_at: datetime, terms: AnswerTime) -> datetime:
    """Until when a time is kept for the one who is asked at the moment `at`.

    Never longer than half of what is left until it begins.
    """
    ahead = (begins_at - at) // timedelta(minutes=1)
    minutes = max(
        (minutes for least, minutes in terms.within if least <= ahead), default=terms.within[0][1]
    )
    since = at
    if ahead >= terms.quiet_holds_from_ahead_minutes:
        since = _after_the_night(at, timedelta(minutes=minutes), terms)
    return min(since + timedelta(minutes=minutes), at + (begins_at - at) / 2)


def public_delay(ahead: timedelta, at_most: timedelta, draw: float) -> timedelta:
    """How long a freed time that nobody waits for is kept back, so that no program that looks
    every second has it before people: `draw` (0 to 1) of `at_most`, and of a quarter of what is
    left until it begins.
    """
    return max(timedelta(), min(at_most, ahead / 4)) * draw


def _after_the_night(at: datetime, lasts: timedelta, terms: AnswerTime) -> datetime:
    """The moment itself, or the next morning where it or its end lies in the night."""
    local, end = at.astimezone(VIENNA), (at + lasts).astimezone(VIENNA)
    if local.hour < terms.quiet_until:
        return datetime.combine(local.date(), time(terms.quiet_until), VIENNA)
    if end.hour >= terms.quiet_from or end.date() > local.date():
        morning = local.date() + timedelta(days=1)
        return datetime.combine(morning, time(terms.quiet_until), VIENNA)
    return at


def _answer_time(row: Mapping[str, Any]) -> AnswerTime:
    return AnswerTime(
        within=[(step["ahead_minutes"], step["minutes"]) for step in row["within"]],
        quiet_from=row["quiet_from"],
        quiet_until=row["quiet_until"],
        quiet_holds_from_ahead_minutes=row["quiet_holds_from_ahead_minutes"],
    )


def _fairness(row: Mapping[str, Any]) -> Fairness:
    names = ("most_declined", "most_unanswered", "most_waiting", "most_joined_a_day")
    return Fairness(**{name: row[name] for name in names})
