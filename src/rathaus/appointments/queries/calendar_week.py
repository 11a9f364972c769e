"""A location's week in short: how much is given and free at each counter; nothing about anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rathaus.appointments.models import Booking, Counter, Location
from rathaus.appointments.opening import midnight, minute_of, moment_of
from rathaus.appointments.queries.calendar import (
    NOT_SHOWN,
    ONE_DAY,
    WORKING_DAYS,
    DayFacts,
    Facts,
    clipped,
    closes,
    counters_on,
    day_facts,
    duration,
    duty_spans,
    facts_of,
    week_of,
)
from rathaus.appointments.spans import Span, common, joined, without
from rathaus.appointments.states import BLOCKING, State


@dataclass(frozen=True)
class Cell:
    """A counter's day in short."""

    day: date
    bookings: int
    free_minutes: int
    staffed_minutes: int
    is_closed: bool
    is_off: bool

    @property
    def free(self) -> str:
        """How much is free, as people say it; empty for nothing."""
        return duration(self.free_minutes)


@dataclass(frozen=True)
class Week:
    """All counters of a location in a week."""

    location: Location
    days: Sequence[date]
    rows: Sequence[tuple[Counter, Sequence[Cell]]]


def location_week(*, location: Location, day: date) -> Week:
    """How much is given and free at each counter of a location; nothing about anybody."""
    days = week_of(day)
    counters = counters_on(location, days)
    facts = facts_of(location, (), days)
    since, until = moment_of(midnight(days[0])), moment_of(midnight(days[-1] + ONE_DAY))
    taken: dict[int, list[Span]] = defaultdict(list)
    begun: dict[int, list[int]] = defaultdict(list)
    times = Booking.objects.filter(location=location, begins_at__gte=since, begins_at__lt=until)
    times = times.exclude(state__in=[*NOT_SHOWN, State.HELD])
    for counter, begins_at, frees_at, state in times.values_list(
        "counter", "begins_at", "frees_at", "state"
    ):
        begun[counter].append(minute_of(begins_at))
        if State(state) in BLOCKING:
            taken[counter].append((minute_of(begins_at), minute_of(frees_at)))
    known = [day_facts(facts.timetable, each) for each in days]
    known = [each for each in known if each.day.weekday() < WORKING_DAYS or each.hours]
    rows = [
        (
            counter,
            [
                _cell(each, counter, joined(taken[counter.pk]), begun[counter.pk], facts)
                for each in known
            ],
        )
        for counter in counters
    ]
    return Week(location, [each.day for each in known], rows)


def _cell(
    known: DayFacts, counter: Counter, taken: Sequence[Span], begun: Sequence[int], facts: Facts
) -> Cell:
    staffed = list(known.staffed.get(counter.pk, ()))
    free = without(staffed, taken)
    duties = [duty for duty in facts.duties if duty.counter_id == counter.pk and counter.active]
    meant = common(joined(span for duty in duties for span in duty_spans(duty, known)), known.hours)
    closed = joined(
        span
        for closure in facts.closures
        if closes(closure, counter)
        for span in clipped(closure, known)
    )
    is_shut = bool(meant) and not without(meant, closed)
    return Cell(
        day=known.day,
        bookings=sum(known.span[0] <= minute < known.span[1] for minute in begun),
        free_minutes=sum(end - begin for begin, end in free),
        staffed_minutes=sum(end - begin for begin, end in staffed),
        is_closed=not known.hours or is_shut,
        is_off=bool(meant) and not staffed and not is_shut,
    )
