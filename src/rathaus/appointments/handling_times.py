"""What past days teach about a queue: how long matters take, who comes, who leaves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from rathaus.appointments.calling_order import Turn
from rathaus.appointments.queue_log import PastDay, Visit, gaps
from rathaus.appointments.spread import Spread, constant, spread_of, without_outliers

_SHRINK_OFFER = 15.0  # what the plan weighs for an offer, in observations
_SHRINK_CLERK = 20.0
_SHRINK_SHARE = 20.0
_LONGEST_GAP = 3600.0


@dataclass(frozen=True)
class Learnt:
    """What the estimate knows. Times in seconds, shares from 0 to 1, `*_hourly` per hour."""

    handling: Mapping[str, Spread]
    any_offer: Spread
    clerks: Mapping[str, float]
    clerk_deviation: float
    day_deviation: float
    gap: Spread
    reaction: Spread
    walk: Spread
    lost_on_missed: Spread
    earliness: Spread
    no_show: float
    missed: float
    leaving_hourly: float
    overtaking_hourly: float

    def handling_of(self, offer: str) -> Spread:
        """The spread of an offer; one that nobody planned takes as long as any."""
        return self.handling.get(offer, self.any_offer)


def learn(days: Sequence[PastDay], planned: Mapping[str, timedelta]) -> Learnt:
    """Learn from past days of one location, in any order.

    Each offer has the spread of its observed times, mixed with a prior that weighs 15 observations:
    its planned time, multiplied by how much longer or shorter than planned all matters took. So an
    offer nobody has seen follows the plan as well as the house does. A visit with several matters
    counts for each, in proportion to the plan. Clerks have a factor, shrunk towards 1 by 20
    observations; how much whole days and clerks differ widens the estimate.
    """
    visits = [visit for day in days for visit in day.visits]
    ratios = _ratios(visits, planned)
    everything = [ratio for ratio, _ in ratios] or [1.0]
    pool = without_outliers(everything)
    handling = _handling(ratios, pool, planned)
    clerks, clerk_deviation = _clerk_factors(ratios, handling, planned)
    calls = [gap for day in days for gap in gaps(day) if gap.seconds < _LONGEST_GAP]
    return Learnt(
        handling=handling,
        any_offer=_any_offer(handling, visits),
        clerks=clerks,
        clerk_deviation=clerk_deviation,
        day_deviation=_day_deviation(days, handling, planned),
        gap=_observed(gap.seconds for gap in calls if not gap.idle),
        reaction=_observed(gap.seconds for gap in calls if gap.idle),
        walk=_observed(_between(visits, "called_at", "began_at")),
        lost_on_missed=_observed(_between(visits, "called_at", "missed_at")),
        earliness=_observed(_between(visits, "arrived_at", "appointment_at")),
        no_show=_no_show(visits),
        missed=_missed(visits),
        leaving_hourly=_leaving_hourly(visits),
        overtaking_hourly=_overtaking_hourly(days),
    )


Ratios = Sequence[tuple[float, Visit]]


def _ratios(visits: Iterable[Visit], planned: Mapping[str, timedelta]) -> Ratios:
    """How long each served visit took, as a multiple of its planned time."""
    found = []
    for visit in visits:
        plan = sum(planned[offer].total_seconds() for offer in visit.offers if offer in planned)
        if plan > 0 and visit.began_at is not None and visit.finished_at is not None:
            took = (visit.finished_at - visit.began_at).total_seconds()
            if took > 0:
                found.append((took / plan, visit))
    return found


def _handling(
    ratios: Ratios, pool: Sequence[float], planned: Mapping[str, timedelta]
) -> dict[str, Spread]:
    observed: dict[str, list[float]] = defaultdict(list)
    for ratio, visit in ratios:
        for offer in visit.offers:
            observed[offer].append(ratio)
    prior = spread_of(pool).quantiles
    spreads = {}
    for offer, plan in planned.items():
        own = without_outliers(observed[offer])
        weights = [1.0] * len(own) + [_SHRINK_OFFER / len(prior)] * len(prior)
        seconds = plan.total_seconds()
        spreads[offer] = spread_of([seconds * ratio for ratio in (*own, *prior)], weights)
    return spreads


def _any_offer(handling: Mapping[str, Spread], visits: Iterable[Visit]) -> Spread:
    """The time of a matter of which nothing is known: as frequent as on past days."""
    counts = dict.fromkeys(handling, 1.0)
    for visit in visits:
        for offer in visit.offers:
            counts[offer] = counts.get(offer, 0.0) + 1.0
    values = [value for offer in handling for value in handling[offer].quantiles]
    weights = [counts[offer] for offer in handling for _ in handling[offer].quantiles]
    return spread_of(values, weights) if values else constant(0.0)


def _excess(
    ratios: Ratios, handling: Mapping[str, Spread], planned: Mapping[str, timedelta]
) -> list[tuple[float, Visit]]:
    """The logarithm of how much longer than usual for its first matter each visit took."""
    found = []
    for ratio, visit in ratios:
        usual = handling[visit.offers[0]].quantiles if visit.offers[0] in handling else None
        if usual is not None:
            plan = planned[visit.offers[0]].total_seconds()
            log = float(np.log(ratio * plan / max(usual[len(usual) // 2], 1.0)))
            found.append((min(max(log, -1.5), 1.5), visit))
    return found


def _clerk_factors(
    ratios: Ratios, handling: Mapping[str, Spread], planned: Mapping[str, timedelta]
) -> tuple[dict[str, float], float]:
    by_clerk: dict[str, list[float]] = defaultdict(list)
    for log, visit in _excess(ratios, handling, planned):
        by_clerk[visit.clerk].append(log)
    if not by_clerk:
        return {}, 0.0
    middle = float(np.mean([log for logs in by_clerk.values() for log in logs]))
    shrunk = {
        clerk: float(np.mean(logs) - middle) * len(logs) / (len(logs) + _SHRINK_CLERK)
        for clerk, logs in by_clerk.items()
    }
    factors = {clerk: float(np.exp(value)) for clerk, value in shrunk.items()}
    return factors, float(np.std(list(shrunk.values())))


def _day_deviation(
    days: Sequence[PastDay], handling: Mapping[str, Spread], planned: Mapping[str, timedelta]
) -> float:
    """How much whole days differ beyond what the luck of single visits explains."""
    means, noise = [], []
    for day in days:
        logs = [log for log, _ in _excess(_ratios(day.visits, planned), handling, planned)]
        if len(logs) > 1:
            means.append(float(np.mean(logs)))
            noise.append(float(np.var(logs)) / len(logs))
    if len(means) < 2:
        return 0.0
    return float(np.sqrt(max(float(np.var(means)) - float(np.mean(noise)), 0.0)))


def _observed(values: Iterable[float]) -> Spread:
    """What was observed; nothing, where nothing was."""
    found = sorted(values)
    return spread_of(found) if found else constant(0.0)


def _between(visits: Iterable[Visit], first: str, then: str) -> Iterable[float]:
    for visit in visits:
        begin, end = getattr(visit, first), getattr(visit, then)
        if begin is not None and end is not None:
            seconds = (end - begin).total_seconds()
            if abs(seconds) < _LONGEST_GAP:
                yield seconds


def _share(count: int, of: int) -> float:
    """A share of past cases, shrunk towards none where there are few."""
    return count / (of + _SHRINK_SHARE)


def _no_show(visits: Iterable[Visit]) -> float:
    booked = [visit for visit in visits if visit.appointment_at is not None]
    return _share(sum(visit.arrived_at is None for visit in booked), len(booked))


def _missed(visits: Iterable[Visit]) -> float:
    called = [visit for visit in visits if visit.called_at is not None]
    return _share(sum(visit.missed_at is not None for visit in called), len(called))


def _leaving_hourly(visits: Iterable[Visit]) -> float:
    """How many leave in an hour that one person waits; nobody where nobody waited."""
    left, waited = 0, 0.0
    for visit in visits:
        end = visit.called_at or visit.left_at
        if visit.arrived_at is not None and end is not None:
            waited += (end - visit.arrived_at).total_seconds() / 3600.0
            left += visit.left_at is not None
    return left / (waited + 1.0)


def _overtaking_hourly(days: Iterable[PastDay]) -> float:
    """How many people without an appointment come per hour that are called before the others."""
    came, hours = 0, 0.0
    for day in days:
        came += sum(
            visit.turn < Turn.NORMAL
            and visit.appointment_at is None
            and visit.arrived_at is not None
            for visit in day.visits
        )
        if day.openings:
            first = min(opening.opens for opening in day.openings)
            last = max(opening.closes for opening in day.openings)
            hours += (last - first).total_seconds() / 3600.0
    return came / (hours + 1.0)
