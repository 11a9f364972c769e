"""When a location has time: hours ∩ duties with the skill − absences − closures.

What is left of it beside bookings, and when one may begin there, see `stretches`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rathaus.appointments.needs import Need
from rathaus.appointments.opening import Weekly, days_between, spans_on
from rathaus.appointments.spans import Span, common, joined, without

Spans = Sequence[Span]


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the location for some channels."""

    weekly: Weekly
    channels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's weekly hours at a counter; `person` is any value that tells people apart."""

    weekly: Weekly
    person: str
    counter: int


@dataclass(frozen=True)
class Timetable:
    """Everything that says when a location has time, whoever wants it.

    `counters` maps each counter to its kind of meeting; times off are in minutes that pass (see
    `opening`), `closed` is for the whole location. A person without skills is not in `skills`.
    """

    counters: Mapping[int, str]
    hours: Sequence[Hours]
    shifts: Sequence[Shift]
    skills: Mapping[str, frozenset[str]] = field(default_factory=dict)
    absences: Mapping[str, Spans] = field(default_factory=dict)
    closed: Spans = ()
    closed_counters: Mapping[int, Spans] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()


def served_spans(
    timetable: Timetable, need: Need, channel: str, first: date, last: date
) -> dict[int, list[Span]]:
    """When each counter serves such a need by that channel, busy or not, from day to day."""
    days = _open_days(timetable, channel, first, last)
    by_counter: dict[int, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for shift in timetable.shifts:
        if timetable.counters.get(shift.counter) not in need.kinds:
            continue
        if need.skills and not need.skills <= timetable.skills.get(shift.person, frozenset()):
            continue
        by_counter[shift.counter][shift.person] += _at_work(shift.weekly, days)
    return {counter: _present(timetable, counter, people) for counter, people in by_counter.items()}


def open_minutes(timetable: Timetable, day: date) -> int:
    """How much time all counters together have on a day, for whomever and by whatever channel."""
    open_spans = joined(
        span for hours in timetable.hours for span in _on(hours.weekly, day, timetable)
    )
    total = 0
    for counter in timetable.counters:
        people: dict[str, list[Span]] = defaultdict(list)
        for shift in timetable.shifts:
            if shift.counter == counter:
                people[shift.person] += common(
                    joined(_on(shift.weekly, day, timetable)), open_spans
                )
        present = _present(timetable, counter, people)
        total += sum(end - begin for begin, end in present)
    return total


def _on(weekly: Weekly, day: date, timetable: Timetable) -> list[Span]:
    if day in timetable.holidays or not weekly.holds_on(day):
        return []
    return spans_on(day, weekly.starts, weekly.ends)


def _open_days(
    timetable: Timetable, channel: str, first: date, last: date
) -> dict[int, list[tuple[date, list[Span]]]]:
    """The days on which the location is open, by weekday, with its hours."""
    hours = [hours.weekly for hours in timetable.hours if channel in hours.channels]
    days: dict[int, list[tuple[date, list[Span]]]] = defaultdict(list)
    for day in days_between(first, last):
        found = joined(span for weekly in hours for span in _on(weekly, day, timetable))
        if found:
            days[day.weekday()].append((day, found))
    return days


def _at_work(weekly: Weekly, days: Mapping[int, list[tuple[date, list[Span]]]]) -> list[Span]:
    """Somebody's hours within those of the location."""
    starts, ends = weekly.starts, weekly.ends
    valid_from, valid_until = weekly.valid_from, weekly.valid_until
    found: list[Span] = []
    for day, open_spans in days.get(weekly.weekday, ()):
        if day < valid_from or (valid_until is not None and day > valid_until):
            continue
        for begin, end in spans_on(day, starts, ends):
            for opens, closes in open_spans:
                if opens < end and begin < closes:
                    found.append((max(begin, opens), min(end, closes)))
    return found


def _present(timetable: Timetable, counter: int, people: Mapping[str, list[Span]]) -> list[Span]:
    """When anybody of these people is at the counter and it is not closed."""
    there: list[Span] = []
    for person, spans in people.items():
        away = timetable.absences.get(person)
        there += without(joined(spans), away) if away else spans
    present = joined(there)
    if timetable.closed:
        present = without(present, timetable.closed)
    own = timetable.closed_counters.get(counter)
    return without(present, own) if own else present
