"""Who is at which counter on which weekdays, from which day on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from rathaus.appointments.actions.planning.changing import (
    NOTHING,
    Decided,
    alone,
    planned_location,
    require_unchanged,
    watched,
)
from rathaus.appointments.actions.planning.weekly_rows import (
    Times,
    check_times,
    clashes,
    end_row,
    to_fill_in,
    weekly_of,
)
from rathaus.appointments.models import Counter, Duty
from rathaus.appointments.planning_errors import (
    BeginsInThePast,
    DutiesOverlap,
    NoDayChosen,
    UnknownPlan,
)
from rathaus.appointments.queries.planning.places import planned_people
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.transaction import atomic


@dataclass(frozen=True)
class AtCounter:
    """Who is at which counter when."""

    person: UUID
    counter: int
    times: Times


@atomic
def add_duties(*, by: Actor, weekdays: Collection[int], wanted: AtCounter) -> None:
    """Let somebody be at a counter on these weekdays, from today or a later day on.

    Raises `UnknownPlan`, `NoDayChosen`, `DutiesOverlap`, the errors of `check_times`.
    """
    alone()
    if not weekdays:
        raise NoDayChosen
    check_times(wanted.times, weekdays)
    if wanted.times.valid_from < today():
        raise BeginsInThePast
    for weekday in sorted(weekdays):
        row = Duty(weekday=weekday)
        _fill_in(by, row, wanted)
        _save(row)
        record(by=by, did="appointments.duty_saved", on=row, details=_details(row))


@atomic
def change_duty(
    *, by: Actor, duty: int, wanted: AtCounter, seen: str, decided: Decided = NOTHING
) -> None:
    """Let another duty hold from a day on; what was until then stays as it was.

    Raises `UnknownPlan`, `PlanChanged`, `BeginsInThePast`, `DutiesOverlap`, `AppointmentsHit`.
    """
    alone()
    row = _own(by, duty)
    require_unchanged(seen, row)
    check_times(wanted.times, [row.weekday])
    same = (row.person_id, row.counter_id, row.starts, row.ends) == (
        wanted.person,
        wanted.counter,
        wanted.times.starts,
        wanted.times.ends,
    )
    locations = {row.counter.location_id, _counter(by, wanted.counter).location_id}
    with watched(by, locations, decided):
        row, times = to_fill_in(row, wanted.times, only_ends=same)
        _fill_in(by, row, replace(wanted, times=times))
        _save(row)
    record(by=by, did="appointments.duty_saved", on=row, details=_details(row))


@atomic
def end_duty(*, by: Actor, duty: int, last: date, seen: str, decided: Decided = NOTHING) -> None:
    """Let it be somebody's duty until that day, and not any more. Raises `UnknownPlan`,
    `PlanChanged`, `OverAlready`, `AppointmentsHit`.
    """
    alone()
    row = _own(by, duty)
    require_unchanged(seen, row)
    record(by=by, did="appointments.duty_ended", on=row, details={"last": last.isoformat()})
    with watched(by, [row.counter.location_id], decided):
        end_row(row, last)


def _own(by: Actor, duty: int) -> Duty:
    row = Duty.objects.select_related("counter").filter(pk=duty).first()
    if row is None:
        raise UnknownPlan
    planned_location(by, row.counter.location_id)
    return row


def _counter(by: Actor, counter: int) -> Counter:
    found = Counter.objects.filter(pk=counter, active=True).first()
    if found is None:
        raise UnknownPlan
    planned_location(by, found.location_id)
    return found


def _fill_in(by: Actor, row: Duty, wanted: AtCounter) -> None:
    if wanted.person != row.person_id and wanted.person not in planned_people(by):
        raise UnknownPlan
    row.person_id = wanted.person
    row.counter = _counter(by, wanted.counter)
    row.starts, row.ends = wanted.times.starts, wanted.times.ends
    row.valid_from, row.valid_until = wanted.times.valid_from, wanted.times.valid_until


def _save(row: Duty) -> None:
    others = Duty.objects.filter(person_id=row.person_id, weekday=row.weekday)
    if clashes(weekly_of(row), map(weekly_of, others.exclude(pk=row.pk))):
        raise DutiesOverlap
    row.save()


def _details(row: Duty) -> dict[str, object]:
    hours = f"{row.weekday} {row.starts}–{row.ends}"
    return {"counter": row.counter_id, "hours": hours, "from": row.valid_from.isoformat()}
