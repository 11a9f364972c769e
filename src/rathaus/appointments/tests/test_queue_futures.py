from dataclasses import replace
from datetime import timedelta
from heapq import heapify, heappop, heappush

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.appointments.calling_order import Turn, Waiting, next_for
from rathaus.appointments.queue_futures import luck
from rathaus.appointments.queue_state import Expected
from rathaus.appointments.tests.queues import (
    CERTAIN,
    IN_TIME,
    MINUTE,
    NOW,
    VARIED,
    counter,
    estimated,
    exactly,
    person,
    queue,
    serving,
)
from rathaus.appointments.waiting_time import (
    Unknown,
    Wait,
)


def test_luck_is_even_and_each_has_their_own():
    chances = luck(np.arange(1, 41, dtype=np.uint64), 300, 2000)
    again = luck(np.asarray([7], dtype=np.uint64), 300, 2000)
    other = luck(np.arange(1, 41, dtype=np.uint64), 400, 2000)
    assert (chances[:, [6]] == again).all()
    assert ((chances > 0) & (chances < 1)).all()
    tenths = np.histogram(chances, bins=10, range=(0, 1))[0] / chances.size
    assert np.abs(tenths - 0.1).max() < 0.005
    between = np.corrcoef(np.hstack([chances, other]), rowvar=False) - np.eye(80)
    assert np.abs(between).max() < 0.12
    assert abs(np.corrcoef(chances[1:].ravel(), chances[:-1].ravel())[0, 1]) < 0.02


amounts = st.integers(0, 40)
people = st.builds(
    lambda ago, offer, at, turn, skills: (ago, offer, at, turn, skills),
    amounts,
    st.sampled_from(["pass", "question"]),
    st.none() | st.integers(-60, 60),
    st.sampled_from([Turn.URGENT, Turn.PREFERRED, Turn.NORMAL, Turn.NORMAL, Turn.NORMAL]),
    st.sampled_from([(), (), ("id",), ("car",)]),
)
crowds = st.lists(people, min_size=1, max_size=12).map(
    lambda rows: [
        person(number, ago, offer, at=at, turn=turn, skills=skills)
        for number, (ago, offer, at, turn, skills) in enumerate(rows)
    ]
)
counters = st.lists(
    st.tuples(
        st.sampled_from([(), ("id",), ("car",), ("id", "car")]),
        st.integers(0, 9),
        st.sampled_from(["", "slow"]),
        st.integers(5, 600),
    ),
    min_size=1,
    max_size=4,
).map(
    lambda rows: [
        counter(f"{number}", skills=skills, serving=serving(begun), clerk=clerk, closes=closes / 60)
        for number, (skills, begun, clerk, closes) in enumerate(rows)
    ]
)


bookings = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(["pass", "question"]),
        st.sampled_from([Turn.URGENT, Turn.NORMAL]),
        st.sampled_from([(), ("id",)]),
    ),
    max_size=4,
).map(
    lambda rows: tuple(
        Expected(100 + number, (offer,), NOW + at * MINUTE, turn, frozenset(skills))
        for number, (at, offer, turn, skills) in enumerate(rows)
    )
)


def on_the_dot(one):
    """Somebody expected, who comes at the very moment of the appointment."""
    return Waiting(
        one.number, one.offers, one.appointment_at, one.appointment_at, one.turn, one.skills
    )


def played_by_hand(state, who):
    """When `who` is called, by the plain rule, one call after the other; None if never."""
    order = sorted(
        state.counters, key=lambda one: (len(one.skills), one.free_since or NOW, one.name)
    )
    paces = [CERTAIN.clerks.get(one.clerk, 1.0) for one in order]
    free = [
        (10 * pace - (NOW - one.serving.began_at) / MINUTE if one.serving else 0.0, rank)
        for rank, (one, pace) in enumerate(zip(order, paces, strict=True))
    ]
    heapify(free)
    people = [*state.waiting, *(on_the_dot(one) for one in state.expected)]
    while free:
        minute, rank = heappop(free)
        now, desk = NOW + minute * MINUTE, order[rank]
        if now >= desk.openings[0].closes:
            continue
        called = next_for(
            desk.skills, [one for one in people if one.arrived_at <= now], now, IN_TIME
        )
        if called == who:
            return minute
        if called is not None:
            people.remove(called)
            heappush(
                free, (minute + {"pass": 10, "question": 2}[called.offers[0]] * paces[rank], rank)
            )
        elif coming := [
            one.arrived_at for one in people if one.arrived_at > now and one.skills <= desk.skills
        ]:
            heappush(free, ((min(coming) - NOW) / MINUTE, rank))
    return None


@settings(deadline=None, max_examples=80)
@given(crowds, counters, bookings, st.data())
def test_the_futures_call_as_the_plain_rule_does(crowd, desks, booked, data):
    who = data.draw(st.sampled_from(crowd))
    state = queue(desks, crowd, booked)
    found, expected = estimated(state, who), played_by_hand(state, who)
    if expected is None:
        assert isinstance(found, Unknown)
    else:
        assert found == exactly(expected)


@settings(deadline=None, max_examples=40)
@given(crowds, counters, st.integers(1, 40))
def test_the_same_state_gives_the_same_answer_whatever_the_order_it_is_told_in(crowd, desks, n):
    state = queue(desks, crowd)
    first = estimated(state, crowd[0], VARIED)
    turned = crowd[n % len(crowd) :] + crowd[: n % len(crowd)]
    assert estimated(queue(desks[::-1], turned), crowd[0], VARIED) == first
    if isinstance(first, Wait):
        assert timedelta(0) <= first.low <= first.median <= first.high


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=15), st.integers(1, 5), st.integers(1, 60))
def test_one_more_ahead_never_shortens_the_wait(ages, count, age):
    """With counters alike in skills and pace, and nobody who leaves: each keeps their own luck.

    It is not true elsewhere: one more person may send a slow matter to a fast clerk.
    """
    alike = replace(VARIED, clerk_deviation=0.0)
    desks = [counter(f"{number}", serving=serving(number)) for number in range(count)]
    crowd = [person(number, ago, "pass") for number, ago in enumerate(ages)]
    me, more = person(1000), person(500, age, "question")
    short = estimated(queue(desks, crowd), me, alike)
    long = estimated(queue(desks, [*crowd, more]), me, alike)
    assert short.low <= long.low
    assert short.median <= long.median
    assert short.high <= long.high
