"""Somebody is away for a while, whatever their duties say; why is nobody's business."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from rathaus.appointments.actions.planning.changing import (
    NOTHING,
    Decided,
    alone,
    require_unchanged,
    watched,
)
from rathaus.appointments.actions.planning.closures import range_of
from rathaus.appointments.models import Absence
from rathaus.appointments.planning_errors import AbsentAlready, UnknownPlan
from rathaus.appointments.queries.planning.places import locations_of_people, planned_people
from rathaus.appointments.time_off import TimeOff
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.transaction import atomic


@dataclass(frozen=True)
class Away:
    """Who is away when."""

    person: UUID
    during: TimeOff


@atomic
def save_absence(
    *,
    by: Actor,
    away: Away,
    absence: int | None = None,
    seen: str = "",
    decided: Decided = NOTHING,
) -> int:
    """Note that somebody is away, or change when; the absence's number.

    Raises `UnknownPlan` for people whom the actor does not plan, the errors of `range_of`,
    `AbsentAlready`, `PlanChanged`, `AppointmentsHit`.
    """
    alone()
    row = Absence() if absence is None else _own(by, absence)
    if absence is not None:
        require_unchanged(seen, row)
    if away.person not in planned_people(by):
        raise UnknownPlan
    during = range_of(away.during)
    others = Absence.objects.filter(person_id=away.person, during__overlap=during)
    if others.exclude(pk=row.pk).exists():
        raise AbsentAlready
    people = {away.person, *([] if absence is None else [row.person_id])}
    with watched(by, locations_of_people(people), decided):
        row.person_id = away.person
        row.during = during
        row.save()
    record(by=by, did="appointments.absence_saved", on=row, details={"during": str(during)})
    return row.pk


@atomic
def remove_absence(*, by: Actor, absence: int, seen: str) -> None:
    """They are there after all. Raises `UnknownPlan`, `PlanChanged`."""
    alone()
    row = _own(by, absence)
    require_unchanged(seen, row)
    record(by=by, did="appointments.absence_removed", on=row, details={"during": str(row.during)})
    row.delete()


def _own(by: Actor, absence: int) -> Absence:
    row = Absence.objects.filter(pk=absence).first()
    if row is None or row.person_id not in planned_people(by):
        raise UnknownPlan
    return row
