"""A location, or one of its counters, is closed for a while."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from rathaus.appointments.actions.planning.changing import (
    NOTHING,
    Decided,
    alone,
    planned_location,
    require_unchanged,
    watched,
)
from rathaus.appointments.models import Closure, Counter
from rathaus.appointments.planning_errors import (
    EndsBeforeItBegins,
    LastBeforeFirst,
    OverAlready,
    UnknownPlan,
)
from rathaus.appointments.time_off import TimeOff
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.localized import Localized
from rathaus.core.transaction import atomic


@dataclass(frozen=True)
class Closed:
    """What is closed when, and why; without a counter the whole location."""

    location: int
    counter: int | None
    during: TimeOff
    reason: Localized


def range_of(during: TimeOff) -> DateTimeTZRange:
    """From when until when. Raises `LastBeforeFirst`, `EndsBeforeItBegins`, `OverAlready`."""
    if during.last < during.first:
        raise LastBeforeFirst
    begin, end = during.moments()
    if end <= begin:
        raise EndsBeforeItBegins
    if end <= now():
        raise OverAlready
    return DateTimeTZRange(begin, end)


@atomic
def save_closure(
    *,
    by: Actor,
    closed: Closed,
    closure: int | None = None,
    seen: str = "",
    decided: Decided = NOTHING,
) -> int:
    """Close something, or change when and why it is closed; the closure's number.

    Raises `UnknownPlan` without `appointments.plan` there, the errors of `range_of`, `PlanChanged`
    where the row is not what `seen` stands for, `AppointmentsHit`.
    """
    alone()
    row = Closure() if closure is None else _own(by, closure)
    if closure is not None:
        require_unchanged(seen, row)
    place = planned_location(by, closed.location)
    locations = {place.pk, *([] if closure is None else [_location_of(row)])}
    with watched(by, locations, decided, closed.reason):
        counter = _counter(place.pk, closed.counter)
        row.location = None if counter else place
        row.counter = counter
        row.during = range_of(closed.during)
        row.reason = closed.reason
        row.save()
    record(by=by, did="appointments.closure_saved", on=row, details={"during": str(row.during)})
    return row.pk


@atomic
def remove_closure(*, by: Actor, closure: int, seen: str) -> None:
    """Open again. Raises `UnknownPlan`, `PlanChanged`."""
    alone()
    row = _own(by, closure)
    require_unchanged(seen, row)
    record(by=by, did="appointments.closure_removed", on=row, details={"during": str(row.during)})
    row.delete()


def _own(by: Actor, closure: int) -> Closure:
    rows = Closure.objects.select_related("location", "counter__location")
    row = rows.filter(pk=closure).first()
    if row is None:
        raise UnknownPlan
    planned_location(by, _location_of(row))
    return row


def _location_of(row: Closure) -> int:
    if row.location_id is not None:
        return row.location_id
    if row.counter is None:
        raise UnknownPlan
    return row.counter.location_id


def _counter(location: int, counter: int | None) -> Counter | None:
    if counter is None:
        return None
    found = Counter.objects.filter(pk=counter, location_id=location).first()
    if found is None:
        raise UnknownPlan
    return found
