"""The rows of the plan, as its pages list and change them; each begins at what somebody plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q

from rathaus.appointments.models import (
    Absence,
    Closure,
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Quota,
    Skill,
    StaffSkill,
)
from rathaus.appointments.planning_errors import UnknownPlan
from rathaus.appointments.queries.planning.places import (
    PLAN,
    locations_of_offer,
    may_plan_offer,
    people_able,
    planned_locations,
    planned_people,
)
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.localized import localize

Row = TypeVar("Row", bound=Model)


def hours_of(place: Location) -> list[OpeningHours]:
    """What holds now or later, by weekday."""
    rows = place.hours.filter(Q(valid_until=None) | Q(valid_until__gte=today()))
    return list(rows.order_by("weekday", "valid_from", "opens"))


def closures_of(place: Location) -> list[Closure]:
    """What is closed now or later, the first first."""
    rows = Closure.objects.filter(Q(location=place) | Q(counter__location=place))
    coming = rows.filter(during__endswith__gt=now()).select_related("counter")
    return list(coming.order_by("during", "pk"))


def duties_of(place: Location) -> list[Duty]:
    """Who is at which counter now or later, by counter and weekday."""
    rows = Duty.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today()))
    rows = rows.filter(counter__location=place).select_related("person", "counter")
    return list(rows.order_by("counter__number", "weekday", "starts", "valid_from"))


def coming_absences(by: Actor) -> list[Absence]:
    """Who is away now or later, of those whom somebody plans."""
    rows = Absence.objects.filter(person_id__in=planned_people(by), during__endswith__gt=now())
    return list(rows.select_related("person").order_by("during", "pk"))


def quotas_of(place: Location) -> list[Quota]:
    """The limits of the channels that have one."""
    return list(Quota.objects.filter(location=place).order_by("pk"))


def skills() -> list[Skill]:
    """Everything that one can be able to do, by name."""
    return sorted(Skill.objects.all(), key=lambda skill: localize(skill.name).casefold())


def skills_of(person: UUID) -> list[StaffSkill]:
    """What somebody is able to do."""
    return list(StaffSkill.objects.filter(person_id=person).order_by("pk"))


@dataclass(frozen=True)
class Colleague:
    """Somebody whom one plans, and what they can do."""

    person: UUID
    name: str
    skills: Sequence[Skill]


def colleagues(by: Actor) -> list[Colleague]:
    """The people whom somebody plans, by name."""
    people = planned_people(by)
    held: dict[UUID, list[Skill]] = {person: [] for person in people}
    for row in StaffSkill.objects.filter(person_id__in=people).select_related("skill"):
        held[row.person_id].append(row.skill)
    return [
        Colleague(person, name, sorted(held[person], key=lambda skill: localize(skill.name)))
        for person, name in people.items()
    ]


@dataclass(frozen=True)
class OfferRow:
    """An offer, whether anybody can serve it, and whether this planner may change it."""

    offer: Offer
    is_served: bool
    may_change: bool


def offers(by: Actor) -> list[OfferRow]:
    """Everything that can be booked, by title; what is not offered any more comes last."""
    own = {place.pk for place in planned_locations(by)}
    found = []
    for offer in Offer.objects.select_related("skill"):
        served_at = locations_of_offer(offer)
        found.append(OfferRow(offer, bool(served_at), bool(own & served_at) or not served_at))
    return sorted(
        found, key=lambda row: (not row.offer.active, localize(row.offer.title).casefold())
    )


def is_served(offer: int) -> bool:
    """Whether anybody has a duty who can serve it."""
    return Duty.objects.filter(people_able(Offer.objects.get(pk=offer))).exists()


def one_hours(by: Actor, hours: int) -> OpeningHours:
    """Hours of a location that somebody plans. Raises `UnknownPlan`."""
    row = OpeningHours.objects.select_related("location").filter(pk=hours).first()
    return _own(by, row, row.location if row else None)


def one_closure(by: Actor, closure: int) -> Closure:
    """A closure of such a location or its counter. Raises `UnknownPlan`."""
    rows = Closure.objects.select_related("location", "counter__location")
    row = rows.filter(pk=closure).first()
    place = None
    if row is not None:
        place = row.counter.location if row.counter else row.location
    return _own(by, row, place)


def one_duty(by: Actor, duty: int) -> Duty:
    """A duty at such a location. Raises `UnknownPlan`."""
    row = Duty.objects.select_related("person", "counter__location").filter(pk=duty).first()
    return _own(by, row, row.counter.location if row else None)


def one_counter(by: Actor, counter: int) -> Counter:
    """A counter of such a location. Raises `UnknownPlan`."""
    row = Counter.objects.select_related("location").filter(pk=counter).first()
    return _own(by, row, row.location if row else None)


def one_absence(by: Actor, absence: int) -> Absence:
    """An absence of somebody who is planned. Raises `UnknownPlan`."""
    row = Absence.objects.select_related("person").filter(pk=absence).first()
    if row is None or row.person_id not in planned_people(by):
        raise UnknownPlan
    return row


def one_skill(skill: int) -> Skill:
    """A skill. Raises `UnknownPlan`."""
    row = Skill.objects.filter(pk=skill).first()
    if row is None:
        raise UnknownPlan
    return row


def one_offer(by: Actor, offer: int) -> Offer:
    """An offer that this planner may change. Raises `UnknownPlan`."""
    row = Offer.objects.filter(pk=offer).first()
    if row is None or not may_plan_offer(by, row):
        raise UnknownPlan
    return row


def counter_names(counters: Iterable[Counter]) -> Mapping[int, str]:
    """The names of counters, with their location where there are several."""
    found = list(counters)
    several = len({counter.location_id for counter in found}) > 1
    return {
        counter.pk: f"{localize(counter.location.name)}: {counter.name}"
        if several
        else counter.name
        for counter in found
    }


def _own(by: Actor, row: Row | None, place: Location | None) -> Row:
    if row is None or place is None or not place.active:
        raise UnknownPlan
    if not by.may(PLAN, place.department_id):
        raise UnknownPlan
    return row
