"""Small queues for tests, and what is learnt where nothing varies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rathaus.appointments.calling_order import Punctuality, Turn, Waiting
from rathaus.appointments.handling_times import Learnt
from rathaus.appointments.queue_log import Opening
from rathaus.appointments.queue_state import Counter, QueueState, Serving
from rathaus.appointments.spread import constant, spread_of
from rathaus.appointments.waiting_time import (
    Wait,
    estimate_wait,
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
