"""When a location is open, from which day on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

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
from rathaus.appointments.models import OpeningHours
from rathaus.appointments.planning_errors import (
    BeginsInThePast,
    HoursOverlap,
    NoDayChosen,
    UnknownPlan,
)
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.transaction import atomic


@dataclass(frozen=True)
class Open:
    """When, and for whom: the channels by which people come then."""

    times: Times
    channels: Sequence[str]


@atomic
def add_hours(*, by: Actor, location: int, weekdays: Collection[int], wanted: Open) -> None:
    """Be open on these weekdays, from today or a later day on.

    Raises `UnknownPlan`, `NoDayChosen`, `HoursOverlap`, the errors of `check_times`.
    """
    alone()
    place = planned_location(by, location)
    if not weekdays:
        raise NoDayChosen
    check_times(wanted.times, weekdays)
    if wanted.times.valid_from < today():
        raise BeginsInThePast
    for weekday in sorted(weekdays):
        row = OpeningHours(location=place, weekday=weekday)
        _fill_in(row, wanted)
        _save(row)
        record(by=by, did="appointments.hours_saved", on=row, details={"hours": str(row)})


@atomic
def change_hours(
    *, by: Actor, hours: int, wanted: Open, seen: str, decided: Decided = NOTHING
) -> None:
    """Let other hours hold from a day on; those that held until then stay as they were.

    Raises `UnknownPlan`, `PlanChanged`, `BeginsInThePast`, `HoursOverlap`, `AppointmentsHit`.
    """
    alone()
    row = _own(by, hours)
    require_unchanged(seen, row)
    check_times(wanted.times, [row.weekday])
    same = (row.opens, row.closes, row.channels) == (
        wanted.times.starts,
        wanted.times.ends,
        list(wanted.channels),
    )
    with watched(by, [row.location_id], decided):
        row, times = to_fill_in(row, wanted.times, only_ends=same)
        _fill_in(row, replace(wanted, times=times))
        _save(row)
    record(by=by, did="appointments.hours_saved", on=row, details={"hours": str(row)})


@atomic
def end_hours(*, by: Actor, hours: int, last: date, seen: str, decided: Decided = NOTHING) -> None:
    """Be open then until that day, and not any more. Raises `UnknownPlan`, `PlanChanged`,
    `OverAlready`, `AppointmentsHit`.
    """
    alone()
    row = _own(by, hours)
    require_unchanged(seen, row)
    record(by=by, did="appointments.hours_ended", on=row, details={"last": last.isoformat()})
    with watched(by, [row.location_id], decided):
        end_row(row, last)


def _own(by: Actor, hours: int) -> OpeningHours:
    row = OpeningHours.objects.filter(pk=hours).first()
    if row is None:
        raise UnknownPlan
    planned_location(by, row.location_id)
    return row


def _fill_in(row: OpeningHours, wanted: Open) -> None:
    row.opens, row.closes = wanted.times.starts, wanted.times.ends
    row.valid_from, row.valid_until = wanted.times.valid_from, wanted.times.valid_until
    row.channels = list(wanted.channels)


def _save(row: OpeningHours) -> None:
    """Save hours that clash with none for the same people."""
    others = OpeningHours.objects.filter(
        location_id=row.location_id, weekday=row.weekday, channels__overlap=row.channels
    )
    if clashes(weekly_of(row), map(weekly_of, others.exclude(pk=row.pk))):
        raise HoursOverlap
    row.save()
