from dataclasses import replace
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rathaus.appointments.calling_order import Punctuality, Turn, Waiting, next_for
from rathaus.appointments.handling_times import Learnt
from rathaus.appointments.queue_futures import luck
from rathaus.appointments.queue_log import Opening
from rathaus.appointments.queue_state import Counter, Expected, QueueState, Serving
from rathaus.appointments.spread import constant, spread_of
from rathaus.appointments.waiting_time import (
    Calibration,
    Outcome,
    Reason,
    Unknown,
    Wait,
    calibrate,
    estimate_wait,
    widened,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
IN_TIME = Punctuality(early=timedelta(minutes=5), late=timedelta(minutes=15))
MINUTE = timedelta(minutes=1)
NOTHING = constant(0.0)

CERTAIN = Learnt(
    handling={"pass": constant(600.0), "question": constant(120.0)},
    any_offer=constant(300.0),
    clerks={"slow": 2.0},
    clerk_deviation=0.0,
    pace=1.0,
    pace_deviation=0.0,
    visit_middle=0.0,
    visit_deviation=0.0,
    gap=NOTHING,
    reaction=NOTHING,
    walk=NOTHING,
    lost_on_missed=NOTHING,
    earliness=NOTHING,
    no_show=0.0,
    missed=0.0,
    leaving_hourly=0.0,
    overtaking_hourly=0.0,
)
VARIED = replace(
    CERTAIN,
    handling={
        "pass": spread_of([240, 400, 600, 900, 2400]),
        "question": spread_of([30, 60, 120, 500]),
    },
    clerk_deviation=0.2,
    pace_deviation=0.1,
    gap=spread_of([5, 20, 60, 600]),
)


def counter(name="1", *, skills=(), serving=None, opens=-1.0, closes=8.0, clerk=""):
    opening = Opening(name, NOW + timedelta(hours=opens), NOW + timedelta(hours=closes))
    free_since = None if serving else opening.opens
    return Counter(name, frozenset(skills), (opening,), clerk, serving, free_since)


def person(number, minutes_ago=0.0, *offers, at=None, turn=Turn.NORMAL, skills=()):
    appointment = None if at is None else NOW + at * MINUTE
    arrived = NOW - minutes_ago * MINUTE
    return Waiting(number, offers or ("pass",), arrived, appointment, turn, frozenset(skills))


def queue(counters, waiting=(), expected=()):
    return QueueState(tuple(counters), tuple(waiting), tuple(expected), IN_TIME)


def serving(minutes, *offers):
    return Serving(offers or ("pass",), NOW - minutes * MINUTE, NOW - minutes * MINUTE)


def exactly(minutes, chance=1.0):
    return Wait(minutes * MINUTE, minutes * MINUTE, minutes * MINUTE, chance)


def estimated(state, who, learnt=CERTAIN):
    return estimate_wait(state, learnt, NOW, who)


def test_nobody_waits_where_nobody_is_and_a_counter_is_free():
    assert estimated(queue([counter()]), person(1)) == exactly(0)


def test_one_counter_serving_is_free_after_what_is_left_of_its_matter():
    assert estimated(queue([counter(serving=serving(4))]), person(1)) == exactly(6)


def test_a_slow_clerk_takes_so_much_longer():
    state = queue([counter(serving=serving(4), clerk="slow")], [person(1, 3)])
    assert estimated(state, person(2)) == exactly(16 + 20)


def test_a_slow_day_takes_so_much_longer():
    state = queue([counter(serving=serving(0))], [person(1, 3)])
    assert estimated(state, person(2), replace(CERTAIN, pace=1.5)) == exactly(30)


def test_several_matters_of_one_visit_take_their_time_together():
    state = queue([counter(serving=serving(5, "pass", "question"))])
    assert estimated(state, person(1)) == exactly(7)
    state = queue([counter()], [person(1, 0, "pass", "question")])
    assert estimated(state, person(2)) == exactly(12)


def test_a_matter_that_nobody_planned_takes_as_long_as_any():
    assert estimated(queue([counter()], [person(1, 0, "fishing")]), person(2)) == exactly(5)


def test_the_one_who_has_been_called_walks_first():
    called = Serving(("pass",), NOW - 0.5 * MINUTE)
    state = queue([counter(serving=called)])
    assert estimated(state, person(1), replace(CERTAIN, walk=constant(60.0))) == exactly(10.5)


def test_the_gap_between_two_people_counts_and_an_idle_clerk_only_reacts():
    learnt = replace(CERTAIN, gap=constant(120.0), reaction=constant(30.0))
    busy = queue([counter(serving=serving(4))])
    assert estimated(busy, person(1), learnt) == exactly(8)
    assert estimated(queue([counter()]), person(1), learnt) == exactly(0.5)
    just_free = replace(counter(), free_since=NOW - MINUTE)
    assert estimated(queue([just_free]), person(1, 5), learnt) == exactly(1)


@pytest.mark.parametrize(
    ("before", "minutes"),
    [
        (person(9, 1, turn=Turn.URGENT), 20),
        (person(9, 1, turn=Turn.PREFERRED), 20),
        (person(9, 1), 10),
        (person(9, 1, at=3), 20),
        (person(9, 1, at=-14), 20),
        (person(9, 1, at=-17), 10),
        (person(9, 1, at=12), 20),  # due when the counter is free
        (person(9, 1, at=16), 10),
    ],
)
def test_who_came_later_is_called_before_only_by_class_or_appointment(before, minutes):
    me = person(1, 5)
    assert estimated(queue([counter(serving=serving(0))], [me, before]), me) == exactly(minutes)


def test_an_appointment_that_is_expected_comes_before_those_who_wait():
    soon = Expected(9, ("pass",), NOW + 10 * MINUTE)
    state = queue([counter(serving=serving(0))], [person(1, 5)], [soon])
    assert estimated(state, person(1, 5)) == exactly(20)
    never = replace(CERTAIN, no_show=1.0)
    assert estimated(state, person(1, 5), never) == exactly(10)


def test_the_longer_an_appointment_is_overdue_the_less_it_is_expected():
    usual = replace(CERTAIN, no_show=0.2, earliness=spread_of([-1200, -300, 0, 300, 600]))
    means = []
    for late in (0, 10, 19):
        overdue = Expected(9, ("pass",), NOW - late * MINUTE)
        waits = estimated(queue([counter(serving=serving(0))], (), [overdue]), person(1), usual)
        means.append(waits.high)
    assert means[0] >= means[1] >= means[2]
    assert (means[0], means[2]) == (20 * MINUTE, 10 * MINUTE)


def test_expected_people_come_as_early_as_others_used_to():
    urgent = Expected(9, ("pass",), NOW + 12 * MINUTE, Turn.URGENT)
    state = queue([counter(serving=serving(0))], [person(1, 5)], [urgent])
    punctual = replace(CERTAIN, earliness=constant(300.0))  # there after 7 minutes
    late = replace(CERTAIN, earliness=constant(-300.0))
    assert estimated(state, person(1, 5), punctual) == exactly(20)
    assert estimated(state, person(1, 5), late) == exactly(10)


def test_an_idle_counter_takes_the_next_who_comes_and_whom_it_can_serve():
    idle = replace(counter("2"), free_since=NOW)
    desks = [counter(skills=["id"], serving=serving(0)), idle]
    me = person(1, 5, skills=["id"])
    for_idle = Expected(9, ("pass",), NOW + 4 * MINUTE)
    for_other = replace(for_idle, skills=frozenset(["id"]))
    assert estimated(queue(desks, [me], [for_idle]), me) == exactly(10)
    assert estimated(queue(desks, [me], [for_other]), me) == exactly(20)


def test_who_waits_long_enough_to_lose_patience_is_not_waited_for():
    state = queue([counter(serving=serving(0))], [person(1, 5)])
    some = estimated(state, person(2), replace(CERTAIN, leaving_hourly=6.0))  # 63 % in 10 minutes
    few = estimated(state, person(2), replace(CERTAIN, leaving_hourly=0.1))
    assert (some.low, some.median, some.high) == (10 * MINUTE, 10 * MINUTE, 20 * MINUTE)
    assert few == exactly(20)


def test_everybody_else_may_leave_but_not_the_one_who_asks():
    impatient = replace(CERTAIN, leaving_hourly=1_000_000.0)
    crowd = [person(number, 20) for number in range(5)]
    state = queue([counter(serving=serving(4))], crowd)
    assert estimated(state, crowd[4], impatient) == exactly(6)


def test_who_misses_the_call_takes_only_the_time_until_that_is_noticed():
    absent = replace(CERTAIN, missed=1.0, lost_on_missed=constant(90.0))
    state = queue([counter()], [person(1), person(2)])
    assert estimated(state, person(3), absent) == exactly(3)


def test_people_who_go_first_may_still_come():
    often = replace(CERTAIN, overtaking_hourly=3.0)
    state = queue([counter(serving=serving(0)), counter("2", serving=serving(0))], [person(1, 5)])
    with_them, without = estimated(state, person(2), often), estimated(state, person(2))
    assert without == exactly(10)
    assert with_them.low == without.low
    assert with_them.high > without.high


def test_people_who_seldom_come_first_do_not_move_the_interval():
    seldom = replace(CERTAIN, overtaking_hourly=0.05)
    state = queue([counter(serving=serving(0))], [person(1, 5)])
    assert estimated(state, person(2), seldom) == exactly(20)


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


def test_without_a_counter_that_has_the_skill_the_wait_is_unknown():
    state = queue([counter(skills=["car"])])
    assert estimated(state, person(1, skills=["car"])) == exactly(0)
    assert estimated(state, person(1, skills=["id"])) == Unknown(Reason.NO_SKILL, 0.0)
    assert estimated(queue([]), person(1)) == Unknown(Reason.NO_SKILL, 0.0)


def test_where_all_counters_close_before_it_says_so():
    late = queue([counter(serving=serving(0), closes=0.15)])
    assert estimated(late, person(1)) == Unknown(Reason.CLOSES_BEFORE, 0.0)
    over = queue([counter(closes=-0.5)])
    assert estimated(over, person(1)) == Unknown(Reason.CLOSES_BEFORE, 0.0)
    perhaps = replace(CERTAIN, handling={"pass": spread_of([300, 900])})
    some = estimated(queue([counter(closes=0.15)], [person(1)]), person(2), perhaps)
    assert isinstance(some, Unknown)
    assert 0.35 < some.chance < 0.5
    likely = estimated(queue([counter(closes=0.2)], [person(1)]), person(2), perhaps)
    assert isinstance(likely, Wait)
    assert likely.high <= 12 * MINUTE
    assert 0.5 < likely.chance < 0.7


def test_a_clerk_who_has_not_called_for_long_is_not_expected_to_at_once():
    away = replace(CERTAIN, gap=spread_of([10, 20, 30, 600, 900]))
    idle = replace(counter(), free_since=NOW - 4 * MINUTE)
    assert estimated(queue([idle], [person(1, 5)]), person(1, 5), away).median > 4 * MINUTE
    fresh = replace(counter(), free_since=NOW)
    assert estimated(queue([fresh], [person(1, 5)]), person(1, 5), away).median < MINUTE


def test_a_calibration_is_applied():
    wide = Calibration(below=1.0, above=2.0, margin=30.0)
    state = queue([counter(serving=serving(4))])
    assert estimate_wait(state, CERTAIN, NOW, person(1), wide) == Wait(
        5.5 * MINUTE, 6 * MINUTE, 7 * MINUTE
    )


def test_counters_that_open_later_help_from_then_on():
    noon = [counter(serving=serving(0)), counter("2", opens=0.05, closes=2)]
    assert estimated(queue(noon), person(1)) == exactly(3)
    lunch = Counter(
        "1",
        frozenset(),
        (
            Opening("1", NOW - 60 * MINUTE, NOW + 5 * MINUTE),
            Opening("1", NOW + 35 * MINUTE, NOW + 95 * MINUTE),
        ),
        serving=serving(2),
    )
    assert estimated(queue([lunch]), person(1)) == exactly(35)


def test_what_has_taken_longer_than_ever_takes_longer_still():
    long = estimated(queue([counter(serving=serving(30))]), person(1))
    longer = estimated(queue([counter(serving=serving(60))]), person(1))
    assert timedelta(0) < long.median < longer.median
    assert abs(longer.median - 60 * 0.25 * MINUTE) < 3 * MINUTE


def test_the_rest_is_shorter_than_the_whole_for_regular_matters():
    regular = replace(CERTAIN, handling={"pass": spread_of([500, 600, 700])})
    fresh = estimated(queue([counter(serving=serving(0))]), person(1), regular)
    old = estimated(queue([counter(serving=serving(9))]), person(1), regular)
    assert abs(fresh.median - 10 * MINUTE) < 0.2 * MINUTE
    assert old.median < 2 * MINUTE


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


def predictions(errors):
    raw = Wait(10 * MINUTE, 20 * MINUTE, 30 * MINUTE)
    return [Outcome(raw, (20 + error) * MINUTE) for error in errors]


def test_calibration_widens_each_end_until_19_of_20_outcomes_lie_within():
    errors = [number / 10 for number in range(-200, 401)]  # 20 too short to 40 too long
    found = calibrate(predictions(errors))
    wide = widened(Wait(10 * MINUTE, 20 * MINUTE, 30 * MINUTE), found)
    outside = [error for error in errors if not wide.low <= (20 + error) * MINUTE <= wide.high]
    assert wide.median == 20 * MINUTE
    assert 0.08 <= len(outside) / len(errors) <= 0.1
    assert sum(error > 0 for error in outside) == pytest.approx(30, abs=1)


def test_calibration_does_nothing_on_few_outcomes_and_never_narrows():
    assert calibrate(predictions([40.0] * 99)) == Calibration()
    assert calibrate(predictions([0.1] * 400)) == Calibration(1.0, 1.0, 30.0)


def test_no_end_of_the_interval_is_below_nothing():
    near = Wait(timedelta(0), MINUTE, 5 * MINUTE, 0.9)
    assert widened(near, Calibration(3.0, 2.0, 30.0)) == Wait(
        timedelta(0), MINUTE, 10 * MINUTE, 0.9
    )
