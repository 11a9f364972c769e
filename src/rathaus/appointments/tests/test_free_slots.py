"""The rules of free times, against brute force and against what one can see with bare eyes."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rathaus.appointments.free_slots import (
    Hours,
    Shift,
    Timetable,
    open_minutes,
    served_spans,
)
from rathaus.appointments.identity import identity_of, normalised_email
from rathaus.appointments.limits import MOST_A_DAY, MOST_OPEN, Having, may_have_another
from rathaus.appointments.needs import (
    Need,
    NotTogether,
    Terms,
    TooManyPersons,
    Wish,
    need_of,
)
from rathaus.appointments.opening import (
    Weekly,
    day_of,
    midnight,
    minute_of,
    minutes_after_midnight,
    moment_of,
    spans_on,
)
from rathaus.appointments.quotas import minutes_allowed
from rathaus.appointments.spans import Span, common, joined, without
from rathaus.appointments.states import BLOCKING, FOLLOWERS, State, blocks, is_open, may_follow
from rathaus.appointments.stretches import Stretches, remaining, steps_within, stretches_of
from rathaus.appointments.tests.brute_force import all_starts, random_case

VIENNA = ZoneInfo("Europe/Vienna")
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8).map(joined)


def minute(day: str, clock: str, *, fold: int = 0) -> int:
    wall = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), VIENNA)
    return minute_of(wall.replace(fold=fold))


def fast(seed: int) -> tuple[object, object]:
    case = random_case(Random(seed))
    served = served_spans(case.timetable, case.need, case.channel, case.first, case.last)
    free = remaining(stretches_of(served), stretches_of(case.busy))
    whole, step = case.need.whole_minutes, case.need.step_minutes
    return steps_within(free, whole, step, case.earliest, case.latest), all_starts(case)


@given(st.integers(0, 10**9))
def test_equals_brute_force(seed: int) -> None:
    found, expected = fast(seed)
    assert found == expected


@given(SPANS, SPANS)
def test_spans_are_sets_of_minutes(one: list[Span], other: list[Span]) -> None:
    def minutes(spans: list[Span]) -> set[int]:
        return {each for begin, end in spans for each in range(begin, end)}

    assert minutes(without(one, other)) == minutes(one) - minutes(other)
    assert minutes(common(one, other)) == minutes(one) & minutes(other)
    assert minutes(joined([*one, *other])) == minutes(one) | minutes(other)
    for spans in (without(one, other), common(one, other), joined([*one, *other])):
        assert spans == joined(spans)


def test_the_days_when_clocks_change() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert [end - begin for begin, end in spans_on(spring, 0, 240)] == [180]
    assert spans_on(spring, 120, 180) == []
    assert spans_on(spring, 90, 200) == [
        (minute("2026-03-29", "01:30"), minute("2026-03-29", "03:20"))
    ]
    assert [end - begin for begin, end in spans_on(autumn, 0, 240)] == [300]
    assert spans_on(autumn, 130, 140) == [
        (minute("2026-10-25", "02:10"), minute("2026-10-25", "02:20")),
        (minute("2026-10-25", "02:10", fold=1), minute("2026-10-25", "02:20", fold=1)),
    ]
    assert spans_on(autumn, 480, 720) == [
        (minute("2026-10-25", "08:00"), minute("2026-10-25", "12:00"))
    ]


@example(datetime(2026, 10, 25, 2, 30, tzinfo=VIENNA, fold=1))
@given(
    st.integers(946_684_800, 4_102_444_800).map(
        lambda second: datetime.fromtimestamp(second, VIENNA)
    )
)
def test_minutes_and_moments(moment: datetime) -> None:
    number = minute_of(moment)
    assert moment_of(number) <= moment < moment_of(number + 1)
    assert day_of(number) == moment_of(number).astimezone(VIENNA).date()
    assert midnight(day_of(number)) <= number < midnight(day_of(number) + timedelta(days=1))
    assert minutes_after_midnight(time(9, 5, 59)) == 545


def need(**changed: object) -> Need:
    fields: dict[str, object] = {
        "minutes": 30,
        "buffer_minutes": 0,
        "step_minutes": 5,
        "lead_minutes": 0,
        "horizon_days": 30,
        "hold_minutes": 15,
        "persons": 1,
        "kinds": frozenset({"in_person"}),
        "skills": frozenset[str](),
    }
    return Need(**{**fields, **changed})  # type: ignore[arg-type]


def starts(spans: list[Span], whole: int, step: int, first: int, last: int) -> list[int]:
    return steps_within(stretches_of({7: spans}), whole, step, first, last).get(7, [])


def test_starts_are_beginnings_of_gaps_and_steps_after_them() -> None:
    assert starts([(0, 40), (53, 84)], 30, 5, 0, 100) == [0, 5, 10, 53]
    assert starts([(0, 40)], 30, 7, 1, 100) == [7]
    assert starts([(0, 40)], 30, 5, 0, 10) == [0, 5]
    assert starts([(0, 29)], 30, 5, 0, 100) == []
    assert starts([(0, 35)], 35, 5, 0, 100) == [0]
    assert starts([(10, 40)], 10, 5, 10, 100) == [10, 15, 20, 25, 30]


@given(
    st.dictionaries(st.integers(0, 9), SPANS, max_size=3),
    st.dictionaries(st.integers(0, 9), SPANS, max_size=3),
)
def test_what_is_left_at_each_counter(
    served: dict[int, list[Span]], busy: dict[int, list[Span]]
) -> None:
    left = remaining(stretches_of(served), stretches_of(busy))
    for counter in range(10):
        expected = without(served.get(counter, []), busy.get(counter, []))
        assert left.at(counter) == expected


def test_what_touches_leaves_nothing_between() -> None:
    served = stretches_of({1: [(0, 10), (20, 30)]})

    def left(*busy: Span) -> list[Span]:
        return remaining(served, stretches_of({1: list(busy)})).at(1)

    assert left((0, 4), (4, 6)) == [(6, 10), (20, 30)]
    assert left((4, 10), (20, 21)) == [(0, 4), (21, 30)]
    assert left((0, 10), (10, 20), (25, 30)) == [(20, 25)]
    assert left((5, 25)) == [(0, 5), (25, 30)]
    assert left((0, 30)) == []


def test_stretches_come_in_any_order() -> None:
    counters, begins, ends = (np.array(each) for each in ([2, 1, 1], [5, 9, 3], [6, 10, 4]))
    mixed = Stretches.sorted(counters, begins, ends)
    assert (mixed.at(1), mixed.at(2), mixed.at(3)) == ([(3, 4), (9, 10)], [(5, 6)], [])
    assert steps_within(mixed, 1, 5, 0, 100) == {1: [3, 9], 2: [5]}
    assert steps_within(mixed, 2, 5, 0, 100) == {}


def test_how_much_time_a_day_has() -> None:
    monday = Weekly(0, 480, 720, date(2026, 1, 1))
    table = Timetable(
        counters={1: "in_person", 2: "in_person", 3: "video"},
        hours=[Hours(monday, frozenset({"online"}))],
        shifts=[
            Shift(Weekly(0, 420, 600, date(2026, 1, 1)), "anna", 1),
            Shift(Weekly(0, 540, 800, date(2026, 1, 1)), "bert", 1),
            Shift(monday, "cora", 2),
        ],
        absences={"cora": [(minute("2026-09-14", "08:00"), minute("2026-09-14", "09:00"))]},
        closed=[(minute("2026-09-14", "11:30"), minute("2026-09-14", "12:00"))],
    )
    assert open_minutes(table, date(2026, 9, 14)) == 210 + 150
    assert open_minutes(table, date(2026, 9, 15)) == 0


def test_needs_add_up_and_the_strictest_terms_hold() -> None:
    terms = {
        "passport": Terms("passport", 30, 10, 4, 5, 10, 60, 20, 15, 2, skill="passports"),
        "dog": Terms("dog", 10, lead_minutes=90, hold_minutes=10, skill="dogs"),
        "video": Terms("video", 10, kinds=frozenset({"video"})),
    }
    found = need_of([Wish("passport", 3), Wish("dog")], terms)
    assert found == need(
        minutes=60,
        buffer_minutes=5,
        step_minutes=5,
        lead_minutes=90,
        horizon_days=20,
        hold_minutes=10,
        persons=3,
        skills=frozenset({"passports", "dogs"}),
    )
    assert found.whole_minutes == 65
    for wishes in ([], [Wish("dog"), Wish("dog")], [Wish("dog"), Wish("video")]):
        with pytest.raises(NotTogether):
            need_of(wishes, terms)
    with pytest.raises(NotTogether):
        need_of([Wish("dog")], terms, kind="video")
    for persons in (0, 5):
        with pytest.raises(TooManyPersons):
            need_of([Wish("passport", persons)], terms)
    with pytest.raises(KeyError):
        need_of([Wish("cat")], terms)


def test_limits() -> None:
    assert may_have_another(Having(), {"dog": 1})
    assert may_have_another(Having(MOST_OPEN - 1, MOST_A_DAY - 1, {"dog": 1}), {"dog": 2})
    assert not may_have_another(Having(MOST_OPEN), {})
    assert not may_have_another(Having(0, MOST_A_DAY), {})
    assert not may_have_another(Having(1, 1, {"dog": 1}), {"cat": 1, "dog": 1})


def test_who_is_the_same() -> None:
    assert normalised_email(" Anna+amt+2@Example.ORG ") == "anna@example.org"
    assert normalised_email("+x@example.org") == "+x@example.org"
    assert normalised_email("nonsense") == "nonsense"
    person = UUID(int=1)
    assert identity_of(person=person, email="a+1@x.at") == identity_of(person=None, email="A@x.at")
    assert identity_of(person=person, email="") != identity_of(person=UUID(int=2), email="")
    assert identity_of(person=None, email="") == ""
    assert len(identity_of(person=person, email="")) == 64


def test_quotas_round_down() -> None:
    assert [minutes_allowed(99, share) for share in (0, 50, 100)] == [0, 49, 99]
    for share in (-1, 101):
        with pytest.raises(ValueError, match="between 0 and 100"):
            minutes_allowed(99, share)


def test_states() -> None:
    assert set(FOLLOWERS) == set(State)
    ends = {state for state in State if not FOLLOWERS[state]}
    assert ends == {State.FINISHED, State.MISSED, State.CANCELLED, State.EXPIRED}
    assert ends.isdisjoint(BLOCKING)
    assert may_follow(State.HELD, State.EXPIRED)
    assert not may_follow(State.BOOKED, State.EXPIRED)
    assert {state for state in State if blocks(state)} == BLOCKING
    assert {state for state in State if is_open(state)} == {State.HELD, State.BOOKED}
