import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.appointments.calling_order import Turn
from rathaus.appointments.handling_times import as_today, learn
from rathaus.appointments.queue_log import Gap, Opening, PastDay, Visit, gaps
from rathaus.appointments.spread import constant, spread_of, without_outliers

EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)
PLANNED = {"pass": timedelta(minutes=15), "question": timedelta(minutes=5)}


def after(minutes):
    return EIGHT + timedelta(minutes=minutes)


def served(took, *offers, clerk="a", counter="1", arrived=0.0, called=10.0, turn=Turn.NORMAL):
    return Visit(
        offers=offers or ("pass",),
        arrived_at=after(arrived),
        counter=counter,
        clerk=clerk,
        turn=turn,
        called_at=after(called),
        began_at=after(called + 0.5),
        finished_at=after(called + 0.5 + took),
    )


def a_day(*visits, hours=8):
    return PastDay(visits, (Opening("1", EIGHT, EIGHT + timedelta(hours=hours)),))


def test_without_a_past_everything_follows_the_plan():
    learnt = learn([], PLANNED)
    assert learnt.handling_of("pass").median == 900
    assert learnt.handling_of("question").median == 300
    assert 300 <= learnt.handling_of("fishing").median <= 900
    assert (learnt.gap, learnt.reaction, learnt.walk) == (constant(0.0),) * 3
    assert (learnt.no_show, learnt.missed, learnt.leaving_hourly) == (0.0, 0.0, 0.0)
    assert (learnt.pace_deviation, learnt.clerk_deviation, learnt.clerks) == (0.0, 0.0, {})
    assert learn([], {}).handling_of("pass") == constant(0.0)


def test_few_observations_move_an_offer_little_and_many_almost_wholly():
    few = learn([a_day(*[served(30.0)] * 3)], {"pass": timedelta(minutes=15)})
    assert few.handling_of("pass").median == 1800  # the only offer: the plan is wrong by two
    mixed = [served(5.0, "question") for _ in range(200)]
    little = learn([a_day(*mixed, *[served(30.0)] * 3)], PLANNED)
    much = learn([a_day(*mixed, *[served(30.0)] * 300)], PLANNED)
    assert little.handling_of("question").median == 300
    assert little.handling_of("pass").median == pytest.approx(900, rel=0.05)
    assert much.handling_of("pass").median == 1800


def test_fifteen_observations_weigh_as_much_as_the_plan():
    usual = [served(5.0, "question") for _ in range(500)]
    spread = learn([a_day(*usual, *[served(30.0)] * 15)], PLANNED).handling_of("pass")
    assert spread.draw(np.asarray([0.1, 0.4, 0.6, 0.9])).tolist() == [900, 900, 1800, 1800]


def test_a_matter_of_which_nothing_is_known_takes_what_is_usual_here():
    visits = [served(5.0, "question")] * 95 + [served(15.0)] * 5
    usual = learn([a_day(*visits)], PLANNED).any_offer
    assert usual.draw(np.asarray([0.5, 0.9, 0.99])).tolist() == [300, 300, 900]


def test_forgotten_clicks_do_not_count():
    lot = random.Random(1)
    honest = [served(15 * math.exp(lot.gauss(0, 0.4))) for _ in range(100)]
    forgotten = [served(700.0) for _ in range(5)] + [served(0.01) for _ in range(5)]
    clean, dirty = learn([a_day(*honest)], PLANNED), learn([a_day(*honest, *forgotten)], PLANNED)
    assert dirty.handling_of("pass") == clean.handling_of("pass")
    assert without_outliers([0.0, -5.0]) == []


def test_matters_of_one_visit_share_its_time_as_planned():
    both = learn([a_day(*[served(40.0, "pass", "question")] * 500)], PLANNED)
    assert both.handling_of("pass").median == pytest.approx(1800)
    assert both.handling_of("question").median == pytest.approx(600)


def test_clerks_have_a_pace_of_their_own_shrunk_where_little_is_known():
    visits = [served(10.0, clerk="fast")] * 200 + [served(20.0, clerk="slow")] * 200
    learnt = learn([a_day(*visits, served(20.0, clerk="new"))], PLANNED)
    assert learnt.clerks["slow"] / learnt.clerks["fast"] == pytest.approx(
        2 ** (200 / 220), rel=0.01
    )
    assert 1.0 < learnt.clerks["new"] < 1.05
    assert learnt.clerk_deviation > 0.1


def days_of_pace(paces, spread=0.3):
    lot = random.Random(2)
    return [
        a_day(*[served(15 * pace * math.exp(lot.gauss(0, spread))) for _ in range(60)])
        for pace in paces
    ]


def test_days_that_differ_are_told_from_days_that_differ_by_luck():
    alike = learn(days_of_pace([1.0] * 20), PLANNED)
    apart = learn(days_of_pace([0.8, 1.25] * 10), PLANNED)
    assert alike.pace_deviation < 0.05
    assert apart.pace_deviation == pytest.approx(math.log(1.25), abs=0.03)


def test_a_slow_morning_is_believed_the_more_the_longer_it_lasts():
    learnt = learn(days_of_pace([0.8, 1.25] * 10), PLANNED)
    slow = days_of_pace([1.25])[0].visits
    few, many = as_today(learnt, slow[:2]), as_today(learnt, slow)
    assert 1.0 < many.pace < 1.35
    assert learnt.pace_deviation > few.pace_deviation > many.pace_deviation > 0
    assert as_today(learnt, []) is learnt
    assert as_today(learn([], PLANNED), slow).pace == 1.0


def test_the_pace_of_today_is_weighed_by_what_is_known_of_days_and_visits():
    learnt = replace(
        learn([], PLANNED),
        clerks={"a": math.exp(0.1)},
        visit_middle=0.1,
        pace_deviation=0.2,
        visit_deviation=0.4,
    )
    four = [served(15 * math.exp(0.5))] * 4  # 0.3 more than this clerk usually has
    today = as_today(learnt, [*four, Visit(("pass",), after(0), began_at=after(5))])
    assert today.pace == pytest.approx(math.exp(0.15), rel=1e-3)
    assert today.pace_deviation == pytest.approx(math.sqrt(0.02), rel=1e-3)
    assert replace(today, pace=1.0, pace_deviation=0.2) == learnt


def test_shares_of_those_who_do_not_come_are_shrunk_towards_none():
    came = Visit(("pass",), after(55), after(60), called_at=after(60), missed_at=after(62))
    absent = Visit(("pass",), None, after(60))
    learnt = learn([a_day(*[came] * 60, *[absent] * 20)], PLANNED)
    assert learnt.no_show == 0.2
    assert learnt.missed == 60 / 80
    assert learnt.lost_on_missed == spread_of([120.0])
    assert learnt.earliness.median == 300


def test_leaving_counts_per_hour_of_waiting_and_overtaking_per_hour_of_opening():
    left = Visit(("pass",), after(0), left_at=after(60))
    stayed = served(5.0, arrived=0, called=60.0)
    urgent = served(5.0, arrived=0, called=60.0, turn=Turn.URGENT)
    day = a_day(left, stayed, urgent, urgent, hours=7)
    assert learn([day], PLANNED).leaving_hourly == 1 / (4 + 1)
    assert learn([day], PLANNED).overtaking_hourly == 2 / (7 + 1)
    assert learn([day, day, PastDay((), ())], PLANNED).overtaking_hourly == 4 / (14 + 1)


def test_a_gap_begins_with_the_finish_the_opening_or_the_arrival():
    visits = (
        served(9.5, arrived=-5, called=2.0),  # opened, two minutes late; until 12
        served(7.5, arrived=1, called=13.0),  # after a minute; until 21
        served(1.0, arrived=30, called=30.25),  # came to an idle counter; until 31.75
        served(5.0, arrived=31, called=92.0),  # after lunch, opened again at 90
        served(5.0, arrived=0, called=5.0, counter="2"),  # a counter without a plan
    )
    openings = (
        Opening("1", EIGHT, after(32)),
        Opening("1", after(90), after(300)),
    )
    assert list(gaps(PastDay(visits, openings))) == [
        Gap(120.0, idle=False),
        Gap(60.0, idle=False),
        Gap(15.0, idle=True),
        Gap(120.0, idle=False),
    ]
    learnt = learn([PastDay(visits, openings)], PLANNED)
    assert learnt.gap == spread_of([60.0, 120.0, 120.0])
    assert learnt.reaction == spread_of([15.0])
    assert learnt.walk == spread_of([30.0])


times = st.lists(st.floats(1, 10_000), min_size=1, max_size=30)
chances = st.lists(st.floats(0, 1), min_size=2, max_size=20).map(sorted)


@given(times, chances, st.floats(0, 20_000))
def test_a_rest_is_never_negative_and_grows_with_its_chance(values, chance, elapsed):
    spread = spread_of(values)
    drawn = spread.draw(np.asarray(chance))
    rest = spread.still(np.asarray(chance), elapsed)
    assert (np.diff(drawn) >= -1e-9).all()
    assert (np.diff(rest) >= -1e-9).all()
    assert (rest >= 0).all()
    assert min(values) - 1e-9 <= drawn[0] <= drawn[-1] <= max(values) + 1e-9


@given(times, st.floats(0.01, 0.98))
def test_the_rest_is_drawn_from_the_times_that_are_longer(values, share):
    """Against the definition: of all times, those above `elapsed`, less `elapsed`."""
    spread = spread_of(values)
    elapsed = float(spread.draw(np.asarray([share]))[0])
    if spread.share_below(elapsed) < 0.99:
        fine = np.linspace(0.0, 1.0, 20_001)
        longer = spread.draw(fine)
        brute = np.quantile(longer[longer > elapsed] - elapsed, [0.25, 0.5, 0.75])
        found = spread.still(np.asarray([0.25, 0.5, 0.75]), elapsed)
        scale = max(values) - min(values) + 1.0
        assert np.allclose(found, brute, atol=0.02 * scale)


@given(times)
def test_the_share_below_is_the_inverse_of_the_draw(values):
    spread = spread_of(values)
    for chance in (0.1, 0.5, 0.9):
        value = float(spread.draw(np.asarray([chance]))[0])
        assert spread.share_below(value) >= chance - 1e-6
    assert spread.share_below(min(values) - 1) == 0.0
    assert spread.share_below(max(values) + 1) == 1.0
