"""What a free time is, written down as directly as possible: minute by minute on a clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from rathaus.appointments.free_slots import Hours, Shift, Timetable
from rathaus.appointments.needs import Need
from rathaus.appointments.opening import Weekly
from rathaus.appointments.spans import Span, joined

ZONE = ZoneInfo("Europe/Vienna")
CLOCKS_CHANGE = (date(2026, 3, 28), date(2026, 10, 24), date(2027, 3, 27), date(2027, 10, 30))
CHANNELS = ("online", "phone")
SKILLS = ("passports", "dogs")


@dataclass(frozen=True)
class Case:
    """A question about a calendar."""

    timetable: Timetable
    need: Need
    busy: Mapping[int, Sequence[Span]]
    channel: str
    first: date
    last: date
    earliest: int
    latest: int


def all_starts(case: Case) -> dict[int, list[int]]:
    """Every start at each counter that has any."""
    found = {counter: _starts(case, counter) for counter in case.timetable.counters}
    return {counter: starts for counter, starts in found.items() if starts}


def _starts(case: Case, counter: int) -> list[int]:
    free = [minute for minute in _minutes(case.first, case.last) if _is_free(case, counter, minute)]
    as_set = set(free)
    found = []
    begin = 0
    for minute in free:
        if minute - 1 not in as_set:
            begin = minute
        whole = range(minute, minute + case.need.minutes + case.need.buffer_minutes)
        if (
            (minute - begin) % case.need.step_minutes == 0
            and case.earliest <= minute < case.latest
            and all(each in as_set for each in whole)
        ):
            found.append(minute)
    return found


def _is_free(case: Case, counter: int, minute: int) -> bool:
    table = case.timetable
    day, clock = _on_the_wall(minute)
    if table.counters[counter] not in case.need.kinds or day in table.holidays:
        return False
    if not any(
        case.channel in hours.channels and _holds(hours.weekly, day, clock) for hours in table.hours
    ):
        return False
    for away in (table.closed, table.closed_counters.get(counter, ()), case.busy.get(counter, ())):
        if _within(away, minute):
            return False
    return any(_serves(case, shift, counter, day, clock, minute) for shift in table.shifts)


def _serves(case: Case, shift: Shift, counter: int, day: date, clock: int, minute: int) -> bool:
    return (
        shift.counter == counter
        and _holds(shift.weekly, day, clock)
        and case.need.skills <= case.timetable.skills.get(shift.person, frozenset())
        and not _within(case.timetable.absences.get(shift.person, ()), minute)
    )


def _holds(weekly: Weekly, day: date, clock: int) -> bool:
    return (
        day.weekday() == weekly.weekday
        and weekly.starts <= clock < weekly.ends
        and weekly.valid_from <= day
        and (weekly.valid_until is None or day <= weekly.valid_until)
    )


def _within(spans: Sequence[Span], minute: int) -> bool:
    return any(begin <= minute < end for begin, end in spans)


@cache
def _minutes(first: date, last: date) -> Sequence[int]:
    """Every minute that passes while the calendar in Vienna shows one of these days."""
    begin = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()) // 60 - 1440
    span = range(begin, begin + ((last - first).days + 3) * 1440)
    return [minute for minute in span if first <= _on_the_wall(minute)[0] <= last]


@cache
def _on_the_wall(minute: int) -> tuple[date, int]:
    moment = datetime.fromtimestamp(minute * 60, UTC).astimezone(ZONE)
    return moment.date(), moment.hour * 60 + moment.minute


def random_case(luck: Random) -> Case:
    """A small calendar with everything in it; half of them on days when clocks change."""
    first = (
        luck.choice(CLOCKS_CHANGE)
        if luck.random() < 0.5
        else date(2026, 1, 1) + timedelta(days=luck.randrange(60))
    )
    last = first + timedelta(days=1)
    minutes = _minutes(first, last)
    counters = {1: "in_person", 2: luck.choice(("in_person", "video"))}
    people = ("anna", "bert", "cora")
    table = Timetable(
        counters=counters,
        hours=[
            Hours(_weekly(luck, first), frozenset(luck.sample(CHANNELS, luck.randint(1, 2))))
            for _ in range(luck.randint(1, 4))
        ],
        shifts=[
            Shift(_weekly(luck, first), luck.choice(people), luck.choice((1, 2)))
            for _ in range(luck.randint(1, 6))
        ],
        skills={
            person: frozenset(luck.sample(SKILLS, luck.randint(1, 2))) for person in people[:2]
        },
        absences={"anna": _spans(luck, minutes, 2), "cora": _spans(luck, minutes, 1)},
        closed=_spans(luck, minutes, 1),
        closed_counters={2: _spans(luck, minutes, 1)},
        holidays=frozenset({last} if luck.random() < 0.1 else ()),
    )
    return Case(
        timetable=table,
        need=_need(luck),
        busy={counter: _spans(luck, minutes, 8) for counter in counters},
        channel=luck.choice(CHANNELS),
        first=first,
        last=last,
        earliest=luck.choice((minutes[0], luck.choice(minutes))),
        latest=luck.choice((minutes[-1] + 1, luck.choice(minutes))),
    )


def _need(luck: Random) -> Need:
    return Need(
        minutes=luck.randint(1, 90),
        buffer_minutes=luck.choice((0, 0, 5, 7)),
        step_minutes=luck.choice((1, 5, 5, 7, 15)),
        lead_minutes=0,
        horizon_days=60,
        hold_minutes=15,
        persons=1,
        kinds=frozenset(luck.sample(("in_person", "video"), luck.randint(1, 2))),
        skills=frozenset(luck.sample(SKILLS, luck.randint(0, 2))),
    )


def _weekly(luck: Random, first: date) -> Weekly:
    weekday = (first.weekday() + luck.randint(0, 1)) % 7
    starts = luck.randrange(0, 1380)
    return Weekly(
        weekday,
        starts,
        luck.randint(starts + 1, 1440),
        first - timedelta(days=luck.choice((10, 10, 0, -1))),
        luck.choice((None, None, first, first + timedelta(days=1))),
    )


def _spans(luck: Random, minutes: Sequence[int], most: int) -> list[Span]:
    """Disjoint times off, some of them beginning before or ending after the days."""
    found = []
    for _ in range(luck.randint(0, most)):
        begin = luck.choice(minutes) - luck.choice((0, 0, 200))
        found.append((begin, begin + luck.choice((15, 45, 200, 700))))
    return joined(found)
