"""What happened at the counters on past days: the event log, folded into visits."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rathaus.appointments.calling_order import Turn


@dataclass(frozen=True)
class Opening:
    """From when to when a counter calls people, by plan; a lunch break parts two openings."""

    counter: str
    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class Visit:
    """One ticket or appointment of a past day, with what is known of it.

    `arrived_at` is absent where somebody with an appointment never came, `missed_at` is set where
    somebody was called and did not come, `left_at` where somebody was seen to give up.
    """

    offers: tuple[str, ...]
    arrived_at: datetime | None = None
    appointment_at: datetime | None = None
    turn: Turn = Turn.NORMAL
    counter: str = ""
    clerk: str = ""
    called_at: datetime | None = None
    began_at: datetime | None = None
    finished_at: datetime | None = None
    missed_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True)
class PastDay:
    """All visits of one day at one location, and when its counters were open."""

    visits: tuple[Visit, ...]
    openings: tuple[Opening, ...]


@dataclass(frozen=True)
class Gap:
    """How many seconds passed before a counter called somebody, and whether it had to wait.

    `idle` says that the counter was free first and the person came then; otherwise the person
    waited and the clerk was not ready.
    """

    seconds: float
    idle: bool


def gaps(day: PastDay) -> Iterator[Gap]:
    """The time before each call: from the last finish, the opening or the arrival to the call."""
    by_counter: dict[str, list[Visit]] = defaultdict(list)
    for visit in day.visits:
        if visit.called_at is not None and visit.arrived_at is not None:
            by_counter[visit.counter].append(visit)
    for counter, visits in by_counter.items():
        opens = sorted(one.opens for one in day.openings if one.counter == counter)
        yield from _gaps_of(sorted(visits, key=_called), opens)


def _gaps_of(visits: Iterable[Visit], opens: list[datetime]) -> Iterator[Gap]:
    ended: datetime | None = None
    for visit in visits:
        called, arrived = _called(visit), visit.arrived_at
        known = [moment for moment in (*opens, ended) if moment is not None and moment <= called]
        if known and arrived is not None:
            ready = max(known)
            since = max(ready, arrived)
            yield Gap((called - since).total_seconds(), idle=arrived > ready)
        ended = visit.finished_at or visit.missed_at


def _called(visit: Visit) -> datetime:
    if visit.called_at is None:
        raise ValueError("this visit was never called")
    return visit.called_at
