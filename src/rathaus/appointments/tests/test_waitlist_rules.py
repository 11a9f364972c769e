"""Order, answer times and states of the waitlist, against plain reference programs."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.appointments.opening import VIENNA, midnight, minute_of
from rathaus.appointments.spans import Span, joined
from rathaus.appointments.waitlist_order import (
    HOURS,
    Candidate,
    DayPart,
    Suits,
    beginning,
    in_order,
    may_begin,
)
from rathaus.appointments.waitlist_states import (
    FOLLOWERS,
    Waiting,
    after_no,
    after_silence,
    is_open,
    may_follow,
)
from rathaus.appointments.waitlist_terms import answer_until, public_delay, waitlist_terms

DAY = date(2026, 9, 14)
MIDNIGHT = midnight(DAY)
OPENS = MIDNIGHT + 11 * 60  # 11:00: the morning ends within the freed time
EVERY_DAY = frozenset(range(7))
ANSWER = waitlist_terms().answer[0].figure
Told = tuple[UUID, int]


def reference(freed: Span, people: Sequence[Candidate], at: int, refused: set[UUID]) -> list[Told]:
    """Minute by minute, one person after the other."""
    taken: set[int] = set()
    told: list[Told] = []
    for person in people:
        free = {minute for begin, end in person.free for minute in range(begin, end)} - taken
        found = [minute for minute in sorted(free) if _could(person, minute, free, freed, at)]
        inside = [minute for minute in found if minute >= freed[0]]
        if not found or person.entry in refused:
            continue
        begin = inside[0] if inside else found[-1]
        told.append((person.entry, begin))
        taken |= set(range(begin, begin + person.whole_minutes))
    return told


def _could(person: Candidate, minute: int, free: set[int], freed: Span, at: int) -> bool:
    suits, clock = person.suits, minute - MIDNIGHT
    needed = range(minute, minute + person.whole_minutes)
    return (
        all(one in free for one in needed)
        and minute < freed[1]
        and minute + person.whole_minutes > freed[0]
        and (minute % person.step_minutes == 0 or minute - 1 not in free)
        and any(HOURS[part][0] <= clock < HOURS[part][1] for part in suits.parts)
        and suits.earliest <= DAY <= suits.latest
        and DAY.weekday() in suits.weekdays
        and minute - at >= 60 * suits.notice_hours
        and minute - at > person.lead_minutes
        and (person.own is None or minute < person.own)
    )


spans = st.lists(
    st.tuples(st.integers(0, 110), st.integers(1, 80)).map(
        lambda pair: (OPENS + pair[0], OPENS + pair[0] + pair[1])
    ),
    max_size=3,
).map(joined)
days = st.integers(-1, 1).map(lambda number: DAY + timedelta(days=number))
suits_of_somebody = st.builds(
    Suits,
    earliest=days,
    latest=days,
    weekdays=st.sampled_from([EVERY_DAY, EVERY_DAY, frozenset({1, 2})]),
    parts=st.frozensets(st.sampled_from(DayPart), max_size=2),
    notice_hours=st.integers(0, 2),
)
people = st.lists(
    st.builds(
        Candidate,
        entry=st.uuids(),
        suits=suits_of_somebody,
        whole_minutes=st.integers(1, 40),
        step_minutes=st.sampled_from([1, 5, 7, 15]),
        lead_minutes=st.integers(0, 90),
        free=spans,
        own=st.none() | st.integers(OPENS, OPENS + 150),
    ),
    max_size=6,
    unique_by=lambda person: person.entry,
)


@given(
    freed=st.tuples(st.integers(0, 90), st.integers(1, 90)),
    candidates=people,
    ahead=st.integers(0, 200),
)
def test_the_order_is_that_of_the_reference(
    freed: tuple[int, int], candidates: list[Candidate], ahead: int
) -> None:
    span, at = (OPENS + freed[0], OPENS + sum(freed)), OPENS - ahead
    refused = {person.entry for person in candidates if person.whole_minutes % 5 == 0}
    told: list[Told] = []

    def take(person: Candidate, begin: int) -> bool:
        if person.entry in refused:
            return False
        told.append((person.entry, begin))
        return True

    result = in_order(span, candidates, at, take)

    assert told == reference(span, candidates, at, refused)
    whole = {person.entry: person.whole_minutes for person in candidates}
    assert result == joined((begin, begin + whole[entry]) for entry, begin in told)


def somebody(number: int, minutes: int, **changed: object) -> Candidate:
    fields: dict[str, object] = {
        "entry": UUID(int=number),
        "suits": Suits(DAY, DAY, EVERY_DAY, frozenset(DayPart), 0),
        "whole_minutes": minutes,
        "step_minutes": 5,
        "lead_minutes": 0,
        "free": [(OPENS, OPENS + 60)],
    }
    return Candidate(**{**fields, **changed})  # type: ignore[arg-type]


def test_a_long_time_serves_several_and_the_rest_goes_on() -> None:
    told: list[tuple[int, int]] = []

    def take(person: Candidate, begin: int) -> bool:
        told.append((person.entry.int, begin - OPENS))
        return True

    waiting = [somebody(1, 35), somebody(2, 30), somebody(3, 20), somebody(4, 5), somebody(5, 1)]
    given_away = in_order((OPENS, OPENS + 60), waiting, OPENS - 60, take)

    assert told == [(1, 0), (3, 35), (4, 55)]
    assert given_away == [(OPENS, OPENS + 60)]


def test_a_time_runs_on_into_what_was_free_before() -> None:
    free = [(OPENS - 15, OPENS + 30)]
    assert beginning(somebody(1, 30, free=free), (OPENS, OPENS + 20), [], OPENS - 60) == OPENS
    assert beginning(somebody(1, 35, free=free), (OPENS, OPENS + 20), [], OPENS - 60) == OPENS - 5
    assert beginning(somebody(1, 46, free=free), (OPENS, OPENS + 20), [], OPENS - 60) is None


def test_the_own_appointment_must_become_earlier() -> None:
    freed = (OPENS, OPENS + 60)
    assert beginning(somebody(1, 30, own=OPENS), freed, [], OPENS - 60) is None
    assert beginning(somebody(1, 30, own=OPENS + 1), freed, [], OPENS - 60) == OPENS
    soon = somebody(1, 30, suits=Suits(DAY, DAY, EVERY_DAY, frozenset(DayPart), 1), own=OPENS + 20)
    assert beginning(soon, freed, [], OPENS - 50) == OPENS + 10
    assert beginning(soon, freed, [], OPENS - 40) is None


def test_on_the_day_when_the_clock_changes() -> None:
    day = date(2026, 10, 25)
    person = somebody(1, 30, suits=Suits(day, day, EVERY_DAY, frozenset({DayPart.AFTERNOON}), 0))
    noon = minute_of(datetime(2026, 10, 25, 12, tzinfo=VIENNA))
    assert may_begin(person, day, midnight(day)) == [(noon, noon + 300)]


@pytest.mark.parametrize(
    ("now", "begins", "until"),
    [
        ("09-14T08:00", "09-14T10:00", "09-14T08:10"),
        ("09-14T08:00", "09-14T12:00", "09-14T08:20"),
        ("09-14T08:00", "09-15T08:00", "09-14T09:00"),
        ("09-14T08:00", "09-14T08:10", "09-14T08:05"),  # never longer than half of what is left
        ("09-14T22:00", "09-15T08:00", "09-14T22:20"),  # tomorrow morning: the night counts
        ("09-14T20:30", "09-18T08:00", "09-15T08:00"),  # it would end in the night
        ("09-14T23:30", "09-18T08:00", "09-15T08:00"),
        ("09-14T05:00", "09-18T08:00", "09-14T08:00"),
        ("09-14T07:00", "09-18T08:00", "09-14T08:00"),
        ("09-14T19:59", "09-18T08:00", "09-14T20:59"),
    ],
)
def test_how_long_there_is_to_answer(now: str, begins: str, until: str) -> None:
    at, begins_at, expected = (
        datetime.fromisoformat(f"2026-{text}").replace(tzinfo=VIENNA)
        for text in (now, begins, until)
    )
    assert answer_until(at, begins_at, ANSWER) == expected


def test_a_time_is_kept_back_by_chance_but_never_for_long() -> None:
    hour = timedelta(hours=1)
    assert public_delay(8 * hour, hour, 0.5) == hour / 2
    assert public_delay(2 * hour, hour, 1.0) == hour / 2
    assert public_delay(-hour, hour, 1.0) == timedelta()


def test_nobody_comes_back_from_an_end_and_nobody_is_skipped() -> None:
    steps = {(one, other) for one, other in product(Waiting, Waiting) if may_follow(one, other)}
    waiting, offered = Waiting.WAITING, Waiting.OFFERED
    ends = {Waiting.EXPIRED, Waiting.WITHDRAWN}
    assert steps == {
        (waiting, offered),
        *((waiting, end) for end in ends),
        *((offered, end) for end in ends | {waiting, Waiting.TAKEN, Waiting.DECLINED}),
    }
    assert all(is_open(state) == bool(FOLLOWERS[state]) for state in Waiting)


def test_whoever_lets_others_wait_too_often_is_out() -> None:
    assert [after_no(times, 3) for times in (1, 2, 3)] == ["waiting", "waiting", "declined"]
    assert [after_silence(times, 2) for times in (1, 2)] == ["waiting", "expired"]


def test_the_terms_have_their_sources() -> None:
    terms = waitlist_terms()
    assert all(row.source.startswith("Hausregel") for row in (*terms.answer, *terms.fairness))
    assert ANSWER.within == [(0, 10), (240, 20), (1440, 60)]
