"""How long somebody in the queue still waits: an interval, by playing the queue forward."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from rathaus.appointments.calling_order import Waiting
from rathaus.appointments.handling_times import Learnt
from rathaus.appointments.queue_futures import Futures, futures
from rathaus.appointments.queue_state import QueueState
from rathaus.appointments.spread import Floats

Columns = NDArray[np.intp]

_FUTURES = 256
_STEPS = 20  # calls between looking who and which future is still of interest
_LOW, _HIGH = 0.05, 0.95
_MARGIN = 30.0
_ENOUGH_PREDICTIONS = 100


class Reason(StrEnum):
    """Why nobody can say how long somebody waits."""

    NO_SKILL = "no_skill"
    CLOSES_BEFORE = "closes_before"


@dataclass(frozen=True)
class Unknown:
    """No wait can be named; `chance` (0 to 1) is how likely the turn still comes today."""

    reason: Reason
    chance: float


@dataclass(frozen=True)
class Wait:
    """Until the call. Nine in ten wait between `low` and `high`, half of them at most `median`.

    All of it holds if the turn comes before the counters close; `chance` is how likely that is.
    """

    low: timedelta
    median: timedelta
    high: timedelta
    chance: float = 1.0


@dataclass(frozen=True)
class Calibration:
    """How much wider than played the interval must be, so that it covers what it promises.

    The distances from the median to both ends grow by `margin` seconds and then by these factors.
    """

    below: float = 1.0
    above: float = 1.0
    margin: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What was once played for somebody, uncalibrated, and how long it really took."""

    predicted: Wait
    waited: timedelta


def estimate_wait(
    state: QueueState,
    learnt: Learnt,
    now: datetime,
    person: Waiting,
    calibration: Calibration = Calibration(),
) -> Wait | Unknown:
    """How long `person` waits from `now` until the call, by 256 futures of the queue.

    `person` may stand in `state.waiting` or think of joining. Others may leave, miss their call or
    come late; `person` stays. `learnt` is best told of this morning (`as_today`). The same state,
    person and moment give the same answer. Unknown where no counter of today has the skill, or
    where in most futures all able counters close before.
    """
    if not any(person.skills <= counter.skills for counter in state.counters):
        return Unknown(Reason.NO_SKILL, 0.0)
    possible, column = futures(state, learnt, now, person, _FUTURES)
    calls = call_times(possible, column)
    called = calls[np.isfinite(calls)]
    chance = len(called) / _FUTURES
    if chance < 0.5:
        return Unknown(Reason.CLOSES_BEFORE, chance)
    from_now = max((person.arrived_at - now).total_seconds(), 0.0)
    low, median, high = (float(q) for q in np.quantile(called - from_now, (_LOW, 0.5, _HIGH)))
    return widened(Wait(_time(low), _time(median), _time(high), chance), calibration)


def call_times(possible: Futures, column: int) -> Floats:
    """When the person in `column` is called in each future, in seconds; infinite where never.

    In every future at once: the counter that is free first calls the first of those who are there
    and whom it can serve, as `calling_order` says; where nobody is, it waits for the next to come.
    """
    calls = np.full(len(possible.free), np.inf)
    rows, running = np.arange(len(calls)), _ever(possible.free, axis=1)
    while running.any():
        waiting = _ever(possible.arrives, axis=0)
        waiting[column] = True
        column = int(waiting[:column].sum())
        possible, rows = possible.only(running, waiting), rows[running]
        for _ in range(_STEPS):
            over, moments = _call_next(possible, column)
            calls[rows[over]] = moments
        running = _ever(possible.free, axis=1)
    return calls


def _ever(moments: Floats, axis: int) -> NDArray[np.bool_]:
    """Where something happens at all along an axis."""
    return np.asarray((moments < np.inf).any(axis=axis), dtype=np.bool_)


def _call_next(possible: Futures, column: int) -> tuple[Columns, Floats]:
    """One call, or one wait for somebody, in each future; those in which it was `column`, when."""
    rows = np.arange(len(possible.free))
    counter = possible.free.argmin(axis=1)
    time = possible.free[rows, counter]
    place = _places(possible, counter, time)
    first = place.argmin(axis=1)
    open_still = time < possible.closes[counter]
    called = open_still & np.isfinite(place[rows, first])
    row, who, at = rows[called], first[called], counter[called]
    possible.arrives[row, who] = np.inf
    takes = possible.handling[row, who] * possible.pace[row, at] + possible.around[row, who]
    possible.free[row, at] = time[called] + takes
    possible.free[rows[~called & ~open_still], counter[~called & ~open_still]] = np.inf
    idle = rows[~called & open_still]
    if len(idle):
        possible.free[idle, counter[idle]] = _next_arrival(possible, idle, counter, time)
    over = row[who == column]
    possible.free[over] = np.inf
    return over, time[over]


def _places(possible: Futures, counter: Columns, time: Floats) -> Floats:
    """Everybody's place for the counter that calls; infinite who is not there or not served."""
    moment = time[:, None]
    there = possible.arrives <= moment
    there &= possible.leaves > moment
    there &= possible.able[counter]
    place = possible.place_early.copy()
    np.copyto(place, possible.place_due, where=moment >= possible.due)
    np.copyto(place, np.inf, where=~there)
    return place


def _next_arrival(possible: Futures, idle: Columns, counter: Columns, time: Floats) -> Floats:
    """When the next person comes whom a counter can serve that has nobody."""
    arrives = possible.arrives[idle]
    later = (arrives > time[idle, None]) & possible.able[counter[idle]]
    coming: Floats = np.where(later, arrives, np.inf).min(axis=1)
    return coming


def widened(wait: Wait, calibration: Calibration) -> Wait:
    """The interval as past predictions say it must be; the median stays."""
    below = (wait.median - wait.low).total_seconds() + calibration.margin
    above = (wait.high - wait.median).total_seconds() + calibration.margin
    return Wait(
        low=max(wait.median - _time(calibration.below * below), timedelta(0)),
        median=wait.median,
        high=wait.median + _time(calibration.above * above),
        chance=wait.chance,
    )


def calibrate(outcomes: Sequence[Outcome]) -> Calibration:
    """Learn from past predictions how wide the interval must be (split conformal prediction).

    Each end is moved so that 19 of 20 of these outcomes would have been within it, whatever the
    model got wrong. It never becomes narrower, since a few easy days prove little: the people of
    one day share its luck. Below 100 outcomes nothing is changed. Source: Romano, Patterson,
    Candès, Conformalized Quantile Regression, 2019; here for each end apart.
    """
    if len(outcomes) < _ENOUGH_PREDICTIONS:
        return Calibration()
    below, above = [], []
    for outcome in outcomes:
        guess = outcome.predicted
        error = (outcome.waited - guess.median).total_seconds()
        below.append(-error / ((guess.median - guess.low).total_seconds() + _MARGIN))
        above.append(error / ((guess.high - guess.median).total_seconds() + _MARGIN))
    level = min(_HIGH * (1 + 1 / len(outcomes)), 1.0)
    return Calibration(
        below=max(float(np.quantile(below, level)), 1.0),
        above=max(float(np.quantile(above, level)), 1.0),
        margin=_MARGIN,
    )


def _time(seconds: float) -> timedelta:
    return timedelta(seconds=round(seconds))
