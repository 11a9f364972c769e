from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rathaus.appointments.calling_order import (
    FreeCounter,
    Punctuality,
    Turn,
    Waiting,
    counter_for,
    in_order,
    next_for,
    place,
)

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
IN_TIME = Punctuality(early=timedelta(minutes=5), late=timedelta(minutes=15))


def after(minutes):
    return NINE + timedelta(minutes=minutes)


def person(number, arrived, at=None, turn=Turn.NORMAL, skills=()):
    booked = None if at is None else after(at)
    return Waiting(number, ("pass",), after(arrived), booked, turn, frozenset(skills))


def numbers(people):
    return [one.number for one in people]


def test_urgent_before_due_appointments_and_preferred_before_all_others_before_too_early():
    crowd = [
        person(1, 0),
        person(2, 1, at=30),
        person(3, 2, at=12),
        person(4, 11, turn=Turn.PREFERRED),
        person(5, 20, at=4),
        person(6, 13, turn=Turn.URGENT),
        person(7, 3),
    ]
    assert numbers(in_order(crowd, after(20), IN_TIME)) == [6, 4, 3, 1, 7, 5, 2]


def test_an_appointment_is_due_to_the_second_and_keeps_its_right():
    early = person(1, 0, at=10)
    assert place(early, after(5) - timedelta(seconds=1), IN_TIME)[0] is Turn.TOO_EARLY
    assert place(early, after(5), IN_TIME) == (Turn.PREFERRED, after(10), 1)
    assert place(early, after(200), IN_TIME) == (Turn.PREFERRED, after(10), 1)


def test_who_comes_too_late_for_an_appointment_is_a_walk_in_since_then():
    assert place(person(1, 25, at=10), after(30), IN_TIME) == (Turn.PREFERRED, after(10), 1)
    late = Waiting(1, (), after(25) + timedelta(seconds=1), after(10))
    assert place(late, after(30), IN_TIME) == (Turn.NORMAL, late.arrived_at, 1)


def test_an_urgent_person_need_not_wait_for_the_appointment():
    urgent = person(1, 0, at=60, turn=Turn.URGENT)
    assert place(urgent, after(1), IN_TIME) == (Turn.URGENT, after(60), 1)


def test_equal_in_all_else_the_lower_number_comes_first():
    assert numbers(in_order([person(2, 0), person(1, 0)], after(1), IN_TIME)) == [1, 2]


def test_a_counter_passes_over_those_whom_it_cannot_serve():
    crowd = [person(1, 0, skills=["id"]), person(2, 1), person(3, 2, at=60)]
    assert next_for({"id"}, crowd, after(5), IN_TIME) == crowd[0]
    assert next_for(frozenset(), crowd, after(5), IN_TIME) == crowd[1]
    assert next_for(frozenset(), crowd[2:], after(5), IN_TIME) == crowd[2]
    assert next_for({"car"}, crowd[:1], after(5), IN_TIME) is None


def test_of_the_free_counters_that_can_the_one_with_fewest_skills_calls_then_longest_free():
    every = FreeCounter("1", frozenset({"id", "car"}), after(0))
    plain = FreeCounter("2", frozenset(), after(3))
    older = FreeCounter("3", frozenset(), after(2))
    assert counter_for(person(1, 5), [every, plain, older]) == older
    assert counter_for(person(1, 5, skills=["id"]), [every, plain, older]) == every
    assert counter_for(person(1, 5, skills=["tax"]), [every, plain, older]) is None


minutes = st.integers(0, 60)
people = st.lists(
    st.tuples(
        minutes,
        st.none() | minutes,
        st.sampled_from([Turn.URGENT, Turn.PREFERRED, Turn.NORMAL]),
        st.sampled_from([(), ("id",), ("id", "car")]),
    ),
    max_size=10,
).map(lambda rows: [person(number, *row) for number, row in enumerate(rows)])


def comes_before(one, other, now):
    """The rule in words, for two people: who is called first by a counter that can serve both."""

    def in_time(who):
        return who.appointment_at is not None and (
            who.arrived_at <= who.appointment_at + IN_TIME.late
        )

    def rank(who):
        if who.turn is Turn.URGENT:
            return 1
        if in_time(who):
            return 2 if now >= who.appointment_at - IN_TIME.early else 4
        return 2 if who.turn is Turn.PREFERRED else 3

    if rank(one) != rank(other):
        return rank(one) < rank(other)
    first = one.appointment_at if in_time(one) else one.arrived_at
    second = other.appointment_at if in_time(other) else other.arrived_at
    return first < second or (first == second and one.number < other.number)


@given(people, st.sampled_from([(), ("id",), ("id", "car")]), st.integers(60, 90))
def test_next_is_the_one_whom_nobody_comes_before(crowd, skills, minute):
    now = after(minute)
    able = [one for one in crowd if set(one.skills) <= set(skills)]
    first = [
        one
        for one in able
        if not any(comes_before(other, one, now) for other in able if other is not one)
    ]
    called = next_for(skills, crowd, now, IN_TIME)
    assert ([called] if called else []) == first
