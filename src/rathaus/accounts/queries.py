"""Who is who: the person at work, colleagues and their rights, and what is kept about oneself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from rathaus.accounts.administration import MANAGE
from rathaus.accounts.devices import device_name
from rathaus.accounts.eid import require_eid
from rathaus.accounts.models import Department, GroupGrant, Membership, Person, Role
from rathaus.accounts.names import may_be_the_same
from rathaus.accounts.second_factor import has_authenticator
from rathaus.core.actor import ANONYMOUS, Actor, ActorKind, Grant
from rathaus.core.city import current_city
from rathaus.core.domain import DashboardCard, ExportSection, Matter, matters_of
from rathaus.core.errors import NotFound
from rathaus.core.localized import localize
from rathaus.core.status.report import Overall, status_report


@dataclass(frozen=True)
class Contact:
    """What a form may be prefilled with; empty where nothing is known."""

    given_name: str
    family_name: str
    email: str
    phone: str
    birth_date: date | None
    address: Mapping[str, str]


@dataclass(frozen=True)
class OwnSession:
    """One of one's own sign-ins that is still open."""

    pk: int
    device: str
    since: datetime
    is_this_one: bool


def actor_of(person: Person) -> Actor:
    """The person at work: for staff with all grants in one query, for citizens without any."""
    if not person.is_active:
        return ANONYMOUS
    if person.kind != Person.Kind.STAFF:
        return Actor(kind=ActorKind(person.kind), person=person.pk, name=person.full_name)
    held = Membership.objects.filter(person=person).select_related("role", "department")
    memberships = list(held.order_by("pk"))
    departments = (localize(held.department.name, "de") for held in memberships if held.department)
    office = next(departments, "") or current_city().authority
    grants = frozenset(
        Grant(right=right, department=held.department_id)
        for held in memberships
        for right in held.role.rights
    )
    return Actor(
        kind=ActorKind.STAFF, person=person.pk, name=person.full_name, office=office, grants=grants
    )


def actor_by_id(person: UUID) -> Actor:
    """The person with that id at work, for programs that act in somebody's name; or `NotFound`."""
    found = Person.objects.filter(pk=person).first()
    if found is None:
        raise NotFound
    return actor_of(found)


def contact(*, by: Actor) -> Contact:
    """What is known about the person themselves. Raises `NotFound` for whoever is not signed in."""
    person = _oneself(by)
    return Contact(
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email or "",
        phone=person.phone,
        birth_date=person.birth_date,
        address=person.address,
    )


@dataclass(frozen=True)
class GuestMatter:
    """A matter of a guest, for whoever may take it over; `is_named_otherwise` where the answers
    name somebody else than the eID does.
    """

    matter: Matter
    is_named_otherwise: bool


def guest_matters(*, by: Actor, email: str) -> list[GuestMatter]:
    """What the guest with that address has; the caller has proved that it is the citizen's own.

    Raises `OnlyWithEid`.
    """
    require_eid(by)
    guests = Person.objects.filter(kind=Person.Kind.GUEST, email=email, is_active=True)
    return [
        GuestMatter(matter, bool(matter.name) and not may_be_the_same(matter.name, by.name))
        for guest in guests.values_list("pk", flat=True)
        for matter in matters_of(guest)
    ]


def own_sessions(*, by: Actor, current: str) -> list[OwnSession]:
    """One's own open sessions, the newest first; `current` is the key of this one."""
    person = _oneself(by)
    found = sorted(
        UserSession.objects.purge_and_list(person), key=lambda kept: kept.created_at, reverse=True
    )
    return [
        OwnSession(
            kept.pk, device_name(kept.user_agent), kept.created_at, kept.session_key == current
        )
        for kept in found
    ]


def colleagues(*, by: Actor, words: str = "") -> QuerySet[Person]:
    """The staff whom the actor may administer, by name; `words` narrows by name and address."""
    by.require(MANAGE)
    people = Person.objects.filter(kind=Person.Kind.STAFF)
    places = by.departments(MANAGE)
    if places is not None:
        people = people.filter(memberships__department__in=places).distinct()
    for word in words.split():
        people = people.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(email__icontains=word)
        )
    return people.order_by("family_name", "given_name").prefetch_related(
        "memberships__role", "memberships__department"
    )


def cards(by: Actor) -> Iterable[DashboardCard]:
    """What administrators should see first in the morning: is the house well, and who may enter."""
    if not by.may(MANAGE):
        return
    is_well = status_report().overall is Overall.OK
    yield DashboardCard(
        _("Betriebszustand"),
        _("gut") if is_well else _("gestört"),
        reverse("core:status"),
        "success" if is_well else "danger",
    )
    people = colleagues(by=by).filter(is_active=True).count()
    yield DashboardCard(_("Offene Zugänge"), str(people), reverse("accounts:people"))


def colleague(*, by: Actor, person: UUID) -> Person:
    """One of them, or `NotFound`."""
    found = colleagues(by=by).filter(pk=person).first()
    if found is None:
        raise NotFound
    return found


def has_second_factor_set_up(*, by: Actor, person: UUID) -> bool:
    """Whether a colleague has set up a second factor."""
    return has_authenticator(colleague(by=by, person=person))


def roles(*, by: Actor) -> list[Role]:
    """All roles, by name."""
    by.require(MANAGE)
    return sorted(Role.objects.all(), key=lambda role: localize(role.name, "de").casefold())


def role(*, by: Actor, slug: str) -> Role:
    """One role, or `NotFound`."""
    by.require(MANAGE)
    found = Role.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def group_grants(*, by: Actor) -> QuerySet[GroupGrant]:
    """What the groups of the directory stand for."""
    by.require(MANAGE)
    return GroupGrant.objects.select_related("role", "department").order_by("group", "pk")


def managed_departments(*, by: Actor) -> list[Department]:
    """The departments in which the actor may give rights, by name."""
    places = by.departments(MANAGE)
    found = Department.objects.all() if places is None else Department.objects.filter(pk__in=places)
    return sorted(found, key=lambda department: localize(department.name, "de").casefold())


def personal_data(person: UUID) -> Iterable[ExportSection]:
    """Everything kept here about somebody, for the export that they may ask for."""
    found = Person.objects.filter(pk=person).first()
    if found is None:
        return
    yield ExportSection(_("Person"), [_own_row(found)])
    sessions = UserSession.objects.filter(user=found).order_by("created_at")
    yield ExportSection(
        _("Anmeldungen"),
        [
            {_("seit"): kept.created_at, _("Gerät"): device_name(kept.user_agent)}
            for kept in sessions
        ],
    )


def _oneself(by: Actor) -> Person:
    found = Person.objects.filter(pk=by.person).first() if by.person else None
    if found is None:
        raise NotFound
    return found


def _own_row(person: Person) -> dict[str, object]:
    return {
        _("Art"): person.get_kind_display(),
        _("Vorname"): person.given_name,
        _("Nachname"): person.family_name,
        _("Geburtsdatum"): person.birth_date,
        _("E-Mail"): person.email,
        _("Telefon"): person.phone,
        _("Anschrift"): person.address,
        _("angelegt"): person.created_at,
    }


def email_of(person: UUID) -> str | None:
    """Where a person gets their mail, if anywhere."""
    found = Person.objects.filter(pk=person, is_active=True).values_list("email", "subject_id")
    return next((email for email, _subject in found), None)


@dataclass(frozen=True)
class Recipient:
    """Where letters and mails for somebody go; empty where nothing is known."""

    name: str
    email: str
    address: Mapping[str, str]


def recipient(person: UUID) -> Recipient:
    """The person as a letter addresses them; who is not active gets no mail. Raises `NotFound`."""
    found = recipients([person])
    if person not in found:
        raise NotFound
    return found[person]


def recipients(people: Iterable[UUID]) -> dict[UUID, Recipient]:
    """The same for several people at once, by their id; who is not there is missing."""
    return {row.pk: _recipient(row) for row in Person.objects.filter(pk__in=set(people))}


def _recipient(person: Person) -> Recipient:
    email = person.email if person.is_active and not person.is_nameless else ""
    return Recipient(person.full_name, email or "", person.address)


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
