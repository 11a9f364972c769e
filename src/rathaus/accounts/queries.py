"""Who is who, for everybody above."""

from django.db.models import Q

from rathaus.accounts.models import Department, Membership, Person
from rathaus.core.actor import ANONYMOUS, Actor, ActorKind, Grant
from rathaus.core.localized import localize


def actor_of(person: Person) -> Actor:
    """The person at work: for staff with all grants in one query, for citizens without any."""
    if not person.is_active:
        return ANONYMOUS
    if person.kind != Person.Kind.STAFF:
        return Actor(kind=ActorKind(person.kind), person=person.pk, name=person.full_name)
    memberships = list(Membership.objects.filter(person=person).select_related("role", "department").order_by("pk"))
    office = next((localize(held.department.name, "de") for held in memberships if held.department), "")
    grants = frozenset(
        Grant(right=right, department=held.department_id) for held in memberships for right in held.role.rights
    )
    return Actor(kind=ActorKind.STAFF, person=person.pk, name=person.full_name, office=office, grants=grants)


def department_named(slug: str) -> Department | None:
    """The department of that slug."""
    return Department.objects.filter(slug=slug).first()


def departments() -> list[Department]:
    """All departments by slug."""
    return list(Department.objects.order_by("slug"))


def staff_holding(right: str, department: int) -> list[Person]:
    """Active staff who hold a right in a department (or in all), by family name."""
    held = Membership.objects.filter(
        Q(department=department) | Q(department=None), role__rights__contains=[right]
    )
    return list(
        Person.objects.filter(
            kind=Person.Kind.STAFF, is_active=True, pk__in=held.values("person")
        ).order_by("family_name", "given_name")
    )
