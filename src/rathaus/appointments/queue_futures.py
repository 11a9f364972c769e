"""Many possible futures of a queue, drawn from what past days taught.

Rows are futures, columns people or openings of counters; times are seconds from now. Every number
is drawn from the person's own ticket number, never from the place in the queue: the same state has
the same futures, and one more person in it changes nobody else's luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from rathaus.appointments.calling_order import Turn, Waiting
from rathaus.appointments.handling_times import Learnt
from rathaus.appointments.queue_log import Opening
from rathaus.appointments.queue_state import Counter, Expected, QueueState, Serving
from rathaus.appointments.spread import Floats, Spread, spread_of

_STEP = float(100_000_000)  # more seconds than lie between two places of one class
_HORIZON_HOURS = 2.0
_MOST_OVERTAKING = 12
_OVERTAKING_NUMBER = 1_000_000_000  # numbers of people who are not there yet; after all others
_SEED_PERSON, _SEED_LUCK = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03)
_MIX_FIRST, _MIX_SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)

_HANDLING, _WALK, _GAP, _MISSED, _COMES, _LEAVES, _DAY, _LOST, _CLERK, _NOW = range(0, 1000, 100)


@dataclass
class Futures:
    """What happens to each person and counter in each future, but for who is called when.

    `able[opening, person]`; the others are `[future, person]` or `[future, opening]`. `place` is
    the class and time of `calling_order` as one number, before and from `due` on.
    """

    arrives: Floats
    leaves: Floats
    due: Floats
    place_early: Floats
    place_due: Floats
    handling: Floats
    around: Floats
    able: NDArray[np.bool_]
    free: Floats
    closes: Floats
    pace: Floats

    def only(self, rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> "Futures":
        """A copy of some futures with some of the people."""
        some, who = np.flatnonzero(rows), np.flatnonzero(columns)

        def both(table: Floats) -> Floats:
            return table.take(some, axis=0).take(who, axis=1)

        return Futures(
            arrives=both(self.arrives),
            leaves=both(self.leaves),
            due=self.due[who],
            place_early=both(self.place_early),
            place_due=both(self.place_due),
            handling=both(self.handling),
            around=both(self.around),
            able=self.able[:, who],
            free=self.free[some],
            closes=self.closes,
            pace=self.pace[some],
        )


@dataclass(frozen=True)
class _Crowd:
    """Those who wait and those who may come, in the order of their numbers."""

    people: Sequence[Waiting | Expected]
    numbers: NDArray[np.uint64]
    count: int


def luck(numbers: NDArray[np.uint64], purpose: int, count: int) -> Floats:
    """Evenly spread chances between 0 and 1, `[count, number]`, by hashing (splitmix64)."""
    rows = np.arange(1, count + 1, dtype=np.uint64)[:, None]
    seed = numbers[None, :] * np.uint64(4096) + np.uint64(purpose)
    mixed = seed * _SEED_PERSON + rows * _SEED_LUCK
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX_FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_SECOND
    mixed ^= mixed >> np.uint64(31)
    chance: Floats = ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / float(1 << 53)
    return chance


def futures(
    state: QueueState, learnt: Learnt, now: datetime, person: Waiting, count: int
) -> tuple[Futures, int]:
    """`count` futures, and the column of `person`, who stays until called."""
    others = [one for one in state.waiting if one.number != person.number]
    everybody: list[Waiting | Expected] = [*others, *state.expected, person]
    people = sorted(everybody, key=lambda one: one.number)
    column = people.index(person)
    strangers = _strangers(learnt)
    numbers = [one.number for one in people]
    numbers += range(_OVERTAKING_NUMBER, _OVERTAKING_NUMBER + strangers)
    crowd = _Crowd(people, np.asarray(numbers, dtype=np.uint64), count)
    doubt = ndtri(luck(np.zeros(1, np.uint64), _DAY, count))
    day = learnt.pace * np.exp(learnt.pace_deviation * doubt)
    arrives = _arrivals(crowd, learnt, now)
    leaves = np.maximum(arrives, 0.0) + _patience(crowd, learnt)
    leaves[:, column] = np.inf
    openings = _openings(state.counters, now)
    early, due, due_from = _places(crowd, state, arrives, now)
    missed = luck(crowd.numbers, _MISSED, count) < learnt.missed
    gap = learnt.gap.draw(luck(crowd.numbers, _GAP, count))
    walk = learnt.walk.draw(luck(crowd.numbers, _WALK, count))
    lost = learnt.lost_on_missed.draw(luck(crowd.numbers, _LOST, count))
    pace = _pace(openings, learnt, count) * day
    return Futures(
        arrives=arrives,
        leaves=leaves,
        due=due_from,
        place_early=early,
        place_due=due,
        handling=np.where(missed, 0.0, _handling(crowd, learnt)),
        around=gap + np.where(missed, lost, walk),
        able=_able(openings, crowd),
        free=_free(openings, pace, learnt, (now, [*others, person]), count),
        closes=np.asarray([_after(opening.closes, now) for _, opening in openings]),
        pace=pace,
    ), column


def _after(moment: datetime, now: datetime) -> float:
    return (moment - now).total_seconds()


def _strangers(learnt: Learnt) -> int:
    """How many of those who are called before others may still come while somebody waits."""
    expected = learnt.overtaking_hourly * _HORIZON_HOURS
    return min(int(np.ceil(expected + 2 * np.sqrt(expected))), _MOST_OVERTAKING)


def _arrivals(crowd: _Crowd, learnt: Learnt, now: datetime) -> Floats:
    """When each comes; never, where somebody with an appointment does not."""
    chance = luck(crowd.numbers, _COMES, crowd.count)
    arrives = np.empty_like(chance)
    for column, one in enumerate(crowd.people):
        if isinstance(one, Waiting):
            arrives[:, column] = _after(one.arrived_at, now)
        else:
            appointment = _after(one.appointment_at, now)
            arrives[:, column] = _late_arrival(chance[:, column], appointment, learnt)
    strangers = chance[:, len(crowd.people) :]
    if strangers.shape[1]:
        between = -np.log(strangers) * 3600.0 / learnt.overtaking_hourly
        arrives[:, len(crowd.people) :] = np.cumsum(between, axis=1)
    return arrives


def _late_arrival(chance: Floats, appointment: float, learnt: Learnt) -> Floats:
    """When somebody comes who has not come yet: the longer overdue, the likelier never."""
    still_to_come = learnt.earliness.share_below(appointment)
    comes = (1.0 - learnt.no_show) * still_to_come
    share_coming = comes / (comes + learnt.no_show) if comes > 0 else 0.0
    scaled = np.minimum(chance / max(share_coming, 1e-9), 1.0)
    arrives = appointment - learnt.earliness.draw(scaled * still_to_come)
    return np.where(chance < share_coming, np.maximum(arrives, 0.0), np.inf)


def _patience(crowd: _Crowd, learnt: Learnt) -> Floats:
    """How much longer each stays uncalled; who has waited long is no more likely to leave."""
    if learnt.leaving_hourly <= 0:
        return np.full((crowd.count, len(crowd.numbers)), np.inf)
    chance = luck(crowd.numbers, _LEAVES, crowd.count)
    patience: Floats = -np.log(chance) * 3600.0 / learnt.leaving_hourly
    return patience


def _places(
    crowd: _Crowd, state: QueueState, arrives: Floats, now: datetime
) -> tuple[Floats, Floats, Floats]:
    """`calling_order.place` in numbers: before the appointment is due, after, and from when."""
    known = len(crowd.people)
    early = int(Turn.PREFERRED) * _STEP + arrives  # strangers keep this
    due, due_from = early.copy(), np.full(len(crowd.numbers), -np.inf)
    for column, one in enumerate(crowd.people[:known]):
        walk_in = int(one.turn) * _STEP + arrives[:, column]
        early[:, column] = due[:, column] = walk_in
        if one.appointment_at is not None:
            at = _after(one.appointment_at, now)
            in_time = arrives[:, column] <= at + state.punctuality.late.total_seconds()
            urgent = one.turn is Turn.URGENT
            first = Turn.URGENT if urgent else Turn.TOO_EARLY
            then = min(one.turn, Turn.PREFERRED)
            early[:, column] = np.where(in_time, int(first) * _STEP + at, walk_in)
            due[:, column] = np.where(in_time, int(then) * _STEP + at, walk_in)
            due_from[column] = at - state.punctuality.early.total_seconds()
    return early, due, due_from


def _handling(crowd: _Crowd, learnt: Learnt) -> Floats:
    """How long each person takes at a clerk of the usual pace."""
    takes = np.zeros((crowd.count, len(crowd.numbers)))
    columns: dict[tuple[int, Spread], list[int]] = {}
    for column, one in enumerate(crowd.people):
        for order, offer in enumerate(one.offers):
            columns.setdefault((order, learnt.handling_of(offer)), []).append(column)
    strangers = range(len(crowd.people), len(crowd.numbers))
    columns.setdefault((0, learnt.any_offer), []).extend(strangers)
    for (order, spread), chosen in columns.items():
        chance = luck(crowd.numbers[chosen], _HANDLING + order, crowd.count)
        takes[:, chosen] += spread.draw(chance)
    return takes


def _openings(counters: Sequence[Counter], now: datetime) -> list[tuple[Counter, Opening]]:
    """Every opening that is not over, those of counters with few skills first."""
    found = [
        (counter, opening)
        for counter in counters
        for opening in counter.openings
        if opening.closes > now
    ]
    return sorted(
        found,
        key=lambda one: (len(one[0].skills), one[0].free_since or now, one[0].name, one[1].opens),
    )


def _able(openings: Sequence[tuple[Counter, Opening]], crowd: _Crowd) -> NDArray[np.bool_]:
    able = np.ones((len(openings), len(crowd.numbers)), dtype=np.bool_)
    for row, (counter, _) in enumerate(openings):
        for column, one in enumerate(crowd.people):
            able[row, column] = one.skills <= counter.skills
    return able


def _counter_numbers(openings: Sequence[tuple[Counter, Opening]]) -> NDArray[np.uint64]:
    """A number for each counter that its name alone decides."""
    return np.asarray(
        [int.from_bytes(one.name.encode()[-6:]) for one, _ in openings], dtype=np.uint64
    )


def _pace(openings: Sequence[tuple[Counter, Opening]], learnt: Learnt, count: int) -> Floats:
    """How much slower than usual each clerk is; of a stranger one knows only how clerks differ."""
    chance = luck(_counter_numbers(openings), _CLERK, count)
    pace = np.exp(learnt.clerk_deviation * ndtri(chance))
    for column, (counter, _) in enumerate(openings):
        if counter.clerk in learnt.clerks:
            pace[:, column] = learnt.clerks[counter.clerk]
    return pace


def _free(
    openings: Sequence[tuple[Counter, Opening]],
    pace: Floats,
    learnt: Learnt,
    present: tuple[datetime, Sequence[Waiting]],
    count: int,
) -> Floats:
    """When each counter first calls somebody, if somebody is there."""
    now, waiting = present
    numbers = _counter_numbers(openings)
    chance, then = luck(numbers, _NOW, count), luck(numbers, _NOW + 1, count)
    free = np.empty((count, len(openings)))
    for column, (counter, opening) in enumerate(openings):
        starts = _after(opening.opens, now)
        if counter.serving is not None:
            rest = _rest(counter.serving, learnt, (now, pace[:, column]), chance[:, column])
            free[:, column] = np.maximum(starts, rest + learnt.gap.draw(then[:, column]))
        elif starts > 0:
            free[:, column] = starts + learnt.gap.draw(chance[:, column])
        else:
            ready = max(counter.free_since or opening.opens, opening.opens)
            able = [one.arrived_at for one in waiting if one.skills <= counter.skills]
            free[:, column] = _until_call(ready, able, learnt, now, chance[:, column])
    return free


def _rest(serving: Serving, learnt: Learnt, at: tuple[datetime, Floats], chance: Floats) -> Floats:
    """How long somebody at a counter still takes, given how long it has been."""
    now, pace = at
    spread = _together(serving.offers, learnt)
    if serving.began_at is None:
        walk = learnt.walk.still(1.0 - chance, _after(now, serving.called_at))
        return walk + pace * spread.draw(chance)
    elapsed = _after(now, serving.began_at)
    usual = float(np.mean(pace))
    return pace * spread.still(chance, elapsed / usual)


def _together(offers: Sequence[str], learnt: Learnt) -> Spread:
    """The spread of several matters of one visit, each drawn by itself."""
    spreads = [learnt.handling_of(offer) for offer in offers]
    if len(spreads) == 1:
        return spreads[0]
    draws = luck(np.arange(1, len(spreads) + 1, dtype=np.uint64), _HANDLING, 400)
    total = sum((spread.draw(draws[:, n]) for n, spread in enumerate(spreads)), np.zeros(400))
    return spread_of([float(value) for value in total])


def _until_call(
    ready: datetime, arrivals: Sequence[datetime], learnt: Learnt, now: datetime, chance: Floats
) -> Floats:
    """When a free counter calls: one that people wait for is in a gap, else it only reacts."""
    first = min(arrivals, default=now)
    if first > ready:
        return learnt.reaction.still(chance, _after(now, first))
    return learnt.gap.still(chance, _after(now, ready))
