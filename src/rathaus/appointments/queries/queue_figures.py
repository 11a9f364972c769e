"""The figures of one day at one location, from its log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from rathaus.appointments.models import Duty, Location, Offer
from rathaus.appointments.queries.finding import SERVE
from rathaus.appointments.queries.past_days import log_of, never_came
from rathaus.appointments.queue_figures import Capacity, Figures, by_offer, figures, open_minutes
from rathaus.appointments.queue_replay import replayed
from rathaus.core.actor import Actor
from rathaus.core.clock import VIENNA, now
from rathaus.core.localized import Localized


@dataclass(frozen=True)
class DayFigures:
    """All matters together, and each."""

    location: Location
    day: date
    all: Figures
    matters: Sequence[tuple[Localized, Figures]]
    capacity: Capacity


def day_figures(*, by: Actor, location: Location, day: date) -> DayFigures:
    """What the log of that day says. Raises `NotAllowed`."""
    by.require(SERVE, location.department_id)
    log = log_of(location, day)
    visits = [position.visit() for position in replayed(log).tickets.values()]
    visits += never_came(location, day, until=now())
    everything = figures(visits)
    midnight = datetime.combine(day + timedelta(days=1), time(), VIENNA)
    titles: dict[str, Localized] = dict(Offer.objects.values_list("slug", "title"))
    matters = [(titles.get(slug, {"de": slug}), row) for slug, row in by_offer(visits).items()]
    return DayFigures(
        location=location,
        day=day,
        all=everything,
        matters=matters,
        capacity=Capacity(
            planned=_planned(location, day),
            open=open_minutes(log, min(now(), midnight)),
            used=everything.handled_minutes,
        ),
    )


def _planned(location: Location, day: date) -> float:
    rows = Duty.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        counter__location=location,
        weekday=day.weekday(),
        valid_from__lte=day,
    )
    return float(
        sum(
            (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
            for starts, ends in rows.values_list("starts", "ends")
        )
    )
