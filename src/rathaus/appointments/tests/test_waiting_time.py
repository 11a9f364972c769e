from dataclasses import replace
from datetime import timedelta

import pytest

from rathaus.appointments.calling_order import Turn
from rathaus.appointments.queue_log import Opening
from rathaus.appointments.queue_state import Counter, Expected, Serving
from rathaus.appointments.spread import constant, spread_of
from rathaus.appointments.tests.queues import (
    CERTAIN,
    MINUTE,
    NOW,
    counter,
    estimated,
    exactly,
    person,
    queue,
    serving,
)
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
