"""What a day of a queue was like, counted from its log alone: waits, handling, who did not come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rathaus.appointments.queue_log import Visit
from rathaus.appointments.queue_replay import Deed, Happening

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Spread:
    """The middle and what nine in ten stay below, in minutes; None where nothing was observed."""

    median: float | None
    most: float | None


@dataclass(frozen=True)
class Figures:
    """Of one matter, or of all: numbers of people, and minutes."""

    people: int
    served: int
    no_shows: int
    left: int
    waiting: Spread
    handling: Spread
    handled_minutes: float

    @property
    def no_show_share(self) -> int:
        """In percent of all who were called or expected."""
        return round(100 * self.no_shows / self.people) if self.people else 0


@dataclass(frozen=True)
class Capacity:
    """Minutes of all counters of a day: by plan, with somebody there, and with somebody served."""

    planned: float
    open: float
    used: float

    @property
    def used_share(self) -> int:
        """In percent of what was open."""
        return round(100 * self.used / self.open) if self.open else 0


def figures(visits: Iterable[Visit]) -> Figures:
    """Somebody with an appointment who never came counts as a no-show like somebody who was called
    in vain.
    """
    known = list(visits)
    waits = [_minutes(one.arrived_at, one.called_at) for one in known]
    handled = [_minutes(one.began_at, one.finished_at) for one in known]
    times = [minutes for minutes in handled if minutes is not None]
    return Figures(
        people=len(known),
        served=len(times),
        no_shows=sum(one.missed_at is not None or one.arrived_at is None for one in known),
        left=sum(one.left_at is not None for one in known),
        waiting=spread([minutes for minutes in waits if minutes is not None]),
        handling=spread(times),
        handled_minutes=sum(times),
    )


def by_offer(visits: Sequence[Visit]) -> Mapping[str, Figures]:
    """The figures of each matter; somebody with two counts in both."""
    offers = dict.fromkeys(offer for one in visits for offer in one.offers)
    return {
        offer: figures([one for one in visits if offer in one.offers]) for offer in sorted(offers)
    }


def spread(minutes: Sequence[float]) -> Spread:
    """The smallest values that half, and nine in ten, are not above."""
    if not minutes:
        return Spread(None, None)
    ordered = sorted(minutes)
    return Spread(_at(ordered, 50), _at(ordered, 90))


def open_minutes(log: Iterable[Happening], until: datetime) -> float:
    """How long counters had somebody who called people: open and not in a pause."""
    since: dict[int, datetime] = {}
    total = timedelta()
    for one in log:
        if one.counter is None or one.ticket is not None:
            continue
        if one.kind in (Deed.OPENED, Deed.RESUMED):
            since[one.counter] = one.at
        elif one.kind in (Deed.PAUSED, Deed.CLOSED) and one.counter in since:
            total += one.at - since.pop(one.counter)
    total += sum((until - begun for begun in since.values()), timedelta())
    return total / MINUTE


def _at(ordered: Sequence[float], percent: int) -> float:
    return round(ordered[-(-len(ordered) * percent // 100) - 1], 1)


def _minutes(since: datetime | None, until: datetime | None) -> float | None:
    return None if since is None or until is None else (until - since) / MINUTE
