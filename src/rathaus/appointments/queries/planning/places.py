"""What somebody plans: their locations, the people who serve there, and whether a row is theirs."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from rathaus.accounts.queries import staff_holding
from rathaus.appointments.models import Absence, Counter, Duty, Location, Offer, StaffSkill
from rathaus.appointments.queries.finding import SERVE
from rathaus.core.actor import Actor
from rathaus.core.localized import localize

PLAN = "appointments.plan"


def planned_locations(by: Actor) -> list[Location]:
    """The active locations in whose departments somebody plans, by name."""
    rows = Location.objects.filter(active=True).select_related("department")
    departments = by.departments(PLAN)
    if departments is not None:
        rows = rows.filter(department_id__in=departments)
    return sorted(rows, key=lambda place: localize(place.name).casefold())


def planned_people(by: Actor) -> dict[UUID, str]:
    """The staff whom somebody plans, by name: who may serve in their departments, or has a duty."""
    places = planned_locations(by)
    found = {
        person.pk: person.full_name
        for department in {place.department_id for place in places}
        for person in staff_holding(SERVE, department)
    }
    duties = Duty.objects.filter(counter__location__in=places).select_related("person")
    found |= {duty.person_id: duty.person.full_name for duty in duties}
    return dict(sorted(found.items(), key=lambda entry: entry[1].casefold()))


def locations_of_people(people: Collection[UUID]) -> set[int]:
    """Where these people have duties."""
    rows = Duty.objects.filter(person_id__in=list(people))
    return set(rows.values_list("counter__location_id", flat=True))


def people_able(offer: Offer) -> Q:
    """Which duties belong to people who can serve an offer, at counters of its kind."""
    able = Q(counter__active=True, counter__kind__in=offer.kinds, person__is_active=True)
    if offer.skill_id is None:
        return able
    holders = StaffSkill.objects.filter(skill_id=offer.skill_id)
    return able & Q(person__in=holders.values("person"))


def locations_of_offer(offer: Offer) -> set[int]:
    """Where somebody is who can serve an offer."""
    rows = Duty.objects.filter(people_able(offer))
    return set(rows.values_list("counter__location_id", flat=True))


def may_plan_offer(by: Actor, offer: Offer) -> bool:
    """An offer is changed by whoever plans a location where it is served; by any planner while it
    is served nowhere.
    """
    own = {place.pk for place in planned_locations(by)}
    served_at = locations_of_offer(offer)
    return bool(own & served_at) or (not served_at and by.may(PLAN))


def absences_of(people: Collection[UUID]) -> QuerySet[Absence]:
    """The absences of these people, the first first."""
    rows = Absence.objects.filter(person_id__in=list(people)).select_related("person")
    return rows.order_by("during", "pk")


def counters_of(places: Collection[Location]) -> list[Counter]:
    """The counters of these locations, closed down or not."""
    rows = Counter.objects.filter(location__in=places).select_related("location")
    return list(rows.order_by("location__slug", "number"))
