"""Which of the freed minutes were used again in the end, by appointments and by walk-ins."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from _waitlist_weeks import CLOSES, OPENS, VIENNA, Habits, Office

from rathaus.appointments.models import Booking
from rathaus.appointments.opening import minute_of, moment_of
from rathaus.appointments.spans import Span, common, joined, without
from rathaus.appointments.states import State

PATIENCE_AT_LEAST = 3


@dataclass(frozen=True)
class Used:
    """Minutes of some days: freed at least once, used again by whom, and of all there are."""

    freed: int
    by_appointments: int
    by_walk_ins: int
    capacity: int
    attended: int

    @property
    def reused(self) -> float:
        """Percent of the freed minutes in which somebody was served after all."""
        return 100 * (self.by_appointments + self.by_walk_ins) / max(self.freed, 1)

    @property
    def worked(self) -> float:
        """Percent of all minutes in which somebody with an appointment, or a walk-in, was there."""
        return 100 * (self.attended + self.by_walk_ins) / max(self.capacity, 1)


def used_in(office: Office, first: datetime, last: datetime, whys: set[str]) -> Used:
    """What became of the minutes from `first` until `last` that were freed for one of `whys`.

    Each minute at a counter counts once, however often it was freed.
    """
    window = [(minute_of(first), minute_of(last))]
    kept = spans_of(
        Booking.objects.filter(state=State.BOOKED, location=office.location).values_list(
            "counter", "begins_at", "frees_at"
        )
    )
    gone = defaultdict(list)
    for freed in office.freed:
        if freed.why in whys:
            gone[freed.counter].append((freed.begin, freed.end))
    freed_by = {counter: common(joined(spans), window) for counter, spans in gone.items()}
    open_by = {counter: without(spans, kept[counter]) for counter, spans in freed_by.items()}
    walk_ins = served(office, open_by, first, last)
    days = {
        moment_of(begin).date() for spans in kept.values() for begin, _ in common(spans, window)
    }
    return Used(
        freed=sum(map(total, freed_by.values())),
        by_appointments=sum(total(common(freed_by[one], kept[one])) for one in freed_by),
        by_walk_ins=walk_ins,
        capacity=len(days) * len(office.counters) * (CLOSES - OPENS) * 60,
        attended=sum(total(common(spans, window)) for spans in kept.values()),
    )


def served(office: Office, gaps: dict[int, list[Span]], first: datetime, last: datetime) -> int:
    """Minutes of walk-ins in the gaps: whoever has waited longest among those whose matter fits.

    They stand in the hall anyway; who is not called here goes to the desks for walk-ins.
    """
    waiting = walk_ins(office.seed, office.habits, first, last)
    minutes = 0
    starts = sorted((begin, end) for spans in gaps.values() for begin, end in spans)
    for begin, end in starts:
        at = begin
        while at < end:
            fits = [one for one in waiting if one[0] <= at < one[1] and at + one[2] <= end]
            if fits:
                waiting.remove(fits[0])
                minutes += fits[0][2]
                at += fits[0][2]
            else:
                at += 1
    return minutes


def walk_ins(
    seed: int, habits: Habits, first: datetime, last: datetime
) -> list[tuple[int, int, int]]:
    """Who comes without an appointment: arrival, when a walk-in desk takes them, their minutes."""
    chance, found = random.Random(f"{seed} walk-ins"), []
    moment = first
    while moment < last:
        moment += timedelta(minutes=60 * chance.expovariate(habits.walk_ins_an_hour))
        patience = PATIENCE_AT_LEAST + chance.expovariate(1 / habits.walk_in_waits)
        needs = chance.choice(habits.walk_in_minutes)
        if OPENS <= moment.astimezone(VIENNA).hour < CLOSES:
            arrives = minute_of(moment)
            found.append((arrives, arrives + int(patience), needs))
    return found


def spans_of(rows: object) -> dict[int, list[Span]]:
    """Who has which time at each counter."""
    found: dict[int, list[Span]] = defaultdict(list)
    for counter, begin, end in rows:  # type: ignore[attr-defined]  # rows of a query
        found[counter].append((minute_of(begin), minute_of(end)))
    joined_up: dict[int, list[Span]] = defaultdict(list)
    return joined_up | {counter: joined(spans) for counter, spans in found.items()}


def total(spans: list[Span]) -> int:
    """Minutes in all."""
    return sum(end - begin for begin, end in spans)
