"""What past days teach about a queue: how long matters take, who comes, who leaves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from rathaus.appointments.calling_order import Turn
from rathaus.appointments.queue_log import PastDay, Visit, gaps
from rathaus.appointments.spread import Spread, constant, spread_of, without_outliers

_SHRINK_OFFER = 15.0  # what the plan weighs for an offer, in observations
_SHRINK_CLERK = 20.0
_SHRINK_SHARE = 20.0
_EXTREME = 1.5  # a visit counts at most as e^1.5 times longer or shorter than usual
_LONGEST_GAP = 3600.0


@dataclass(frozen=True)
class Learnt:
    """What the estimate knows. Times in seconds, shares from 0 to 1, `*_hourly` per hour.

    `pace` is how much slower than usual the day is and `pace_deviation` how unsure that is;
    deviations are of logarithms.
    """

    handling: Mapping[str, Spread]
    any_offer: Spread
    clerks: Mapping[str, float]
    clerk_deviation: float
    pace: float
    pace_deviation: float
    visit_middle: float
    visit_deviation: float
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
    excess = _excess(visits, handling)
    middle = float(np.mean([log for log, _ in excess])) if excess else 0.0
    clerks = _clerk_factors(excess, middle)
    logs = [_without_clerks(_excess(day.visits, handling), middle, clerks) for day in days]
    calls = [gap for day in days for gap in gaps(day) if gap.seconds < _LONGEST_GAP]
    return Learnt(
        handling=handling,
        any_offer=_any_offer(handling, visits),
        clerks=clerks,
        clerk_deviation=float(np.std(np.log(list(clerks.values())))) if clerks else 0.0,
        pace=1.0,
        pace_deviation=_day_deviation(logs),
        visit_middle=middle,
        visit_deviation=float(np.std([log for some in logs for log in some])) if excess else 0.0,
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


def as_today(learnt: Learnt, visits: Sequence[Visit]) -> Learnt:
    """What was learnt, for a day of which some visits are over already.

    Slow days are slow from the morning on: the mean of today's visits moves the pace, as far as
    days differ more than the luck of so few visits explains (normal prior and likelihood).
    """
    logs = _without_clerks(_excess(visits, learnt.handling), learnt.visit_middle, learnt.clerks)
    prior = learnt.pace_deviation**2
    if not logs or prior <= 0:
        return learnt
    noise = learnt.visit_deviation**2 / len(logs)
    weight = prior / (prior + noise)
    return replace(
        learnt,
        pace=float(np.exp(weight * np.mean(logs))),
        pace_deviation=float(np.sqrt(weight * noise)),
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


Excess = tuple[float, Visit]


def _excess(visits: Iterable[Visit], handling: Mapping[str, Spread]) -> list[Excess]:
    """The logarithm of how much longer than usual each served visit took, without extremes."""
    found = []
    for visit in visits:
        usual = sum(handling[offer].median for offer in visit.offers if offer in handling)
        if usual > 0 and visit.began_at is not None and visit.finished_at is not None:
            took = (visit.finished_at - visit.began_at).total_seconds()
            log = float(np.log(max(took, 1.0) / usual))
            found.append((min(max(log, -_EXTREME), _EXTREME), visit))
    return found


def _clerk_factors(excess: Sequence[Excess], middle: float) -> dict[str, float]:
    by_clerk: dict[str, list[float]] = defaultdict(list)
    for log, visit in excess:
        by_clerk[visit.clerk].append(log - middle)
    return {
        clerk: float(np.exp(sum(logs) / (len(logs) + _SHRINK_CLERK)))
        for clerk, logs in by_clerk.items()
    }


def _without_clerks(
    excess: Iterable[Excess], middle: float, clerks: Mapping[str, float]
) -> list[float]:
    return [log - middle - float(np.log(clerks.get(visit.clerk, 1.0))) for log, visit in excess]


def _day_deviation(logs_of_days: Iterable[Sequence[float]]) -> float:
    """How much whole days differ beyond what the luck of single visits explains."""
    some = [logs for logs in logs_of_days if len(logs) > 1]
    if len(some) < 2:
        return 0.0
    between = float(np.var([np.mean(logs) for logs in some]))
    by_luck = float(np.mean([np.var(logs) / len(logs) for logs in some]))
    return float(np.sqrt(max(between - by_luck, 0.0)))


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
