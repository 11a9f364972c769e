"""Who of those that wait can have a freed time, and when in it: first come, first served.

Times are minutes as `opening` counts them. A freed time longer than one needs serves several; the
rest always goes on to the next in order.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from rathaus.appointments.opening import day_of, spans_on
from rathaus.appointments.spans import Span, joined, without


class DayPart(StrEnum):
    """A part of the day in which an appointment begins."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


HOURS = {
    DayPart.MORNING: (0, 12 * 60),
    DayPart.AFTERNOON: (12 * 60, 17 * 60),
    DayPart.EVENING: (17 * 60, 24 * 60),
}


@dataclass(frozen=True, slots=True)
class Suits:
    """When somebody could come, and how long before they must know it."""

    earliest: date
    latest: date
    weekdays: frozenset[int]
    parts: frozenset[DayPart]
    notice_hours: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who waits: what suits them, how long they need, when the counter can serve such a
    need and nobody has it (`free`), and when their own appointment begins, if they have one.
    """

    entry: UUID
    suits: Suits
    whole_minutes: int
    step_minutes: int
    lead_minutes: int
    free: Sequence[Span]
    own: int | None = None


def may_begin(candidate: Candidate, day: date, at: int) -> list[Span]:
    """When the candidate's appointment may begin on a day, decided at the minute `at`.

    Not before they can know and the office can prepare, and only if their own becomes earlier.
    """
    suits = candidate.suits
    if not suits.earliest <= day <= suits.latest or day.weekday() not in suits.weekdays:
        return []
    soonest = at + max(60 * suits.notice_hours, candidate.lead_minutes + 1)
    spans = joined(span for part in suits.parts for span in spans_on(day, *HOURS[part]))
    return [
        (max(begin, soonest), end if candidate.own is None else min(end, candidate.own))
        for begin, end in spans
    ]


def beginning(candidate: Candidate, freed: Span, given: Sequence[Span], at: int) -> int | None:
    """When the candidate would begin in (or into) the freed time, beside what is given already.

    As early in it as can be, running on into time that was free before; where it is too late for
    that, as little before it as can be. Begins where a free stretch does, or at a full step.
    """
    after: list[int] = []
    before: list[int] = []
    whole, step = candidate.whole_minutes, candidate.step_minutes
    allowed = may_begin(candidate, day_of(freed[0]), at)
    for piece, end in without(candidate.free, given):
        for first, last in allowed:
            low = max(piece, first, freed[0] - whole + 1)
            high = min(end - whole, last - 1, freed[1] - 1)
            after += _soonest(max(low, freed[0]), high, piece, step)
            before += _latest(low, min(high, freed[0] - 1), piece, step)
    return min(after) if after else max(before, default=None)


def in_order(
    freed: Span,
    candidates: Sequence[Candidate],
    at: int,
    take: Callable[[Candidate, int], bool],
) -> list[Span]:
    """Give the freed time away: `take` is asked for each who could have some, first come first.

    Where it says no (they may not have more, somebody else was faster), the time goes on to the
    next. Answers with what was given: sorted, disjoint.
    """
    given: list[Span] = []
    for candidate in candidates:
        if not without([freed], given):
            break
        begin = beginning(candidate, freed, given, at)
        if begin is not None and take(candidate, begin):
            given = joined([*given, (begin, begin + candidate.whole_minutes)])
    return given


def _soonest(low: int, high: int, piece: int, step: int) -> Iterator[int]:
    found = low if low == piece else -(-low // step) * step
    if found <= high:
        yield found


def _latest(low: int, high: int, piece: int, step: int) -> Iterator[int]:
    found = high // step * step
    if found >= low:
        yield found
    elif low <= piece <= high:
        yield piece
