"""People who come in for the first time, or again with news about themselves."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.models import GroupGrant, Membership, Person
from rathaus.accounts.providers.id_austria import Citizen
from rathaus.accounts.providers.staff_directory import Colleague
from rathaus.core.clock import now
from rathaus.core.errors import NotAllowed
from rathaus.core.transaction import atomic

TIME_TO_COME_IN = timedelta(days=1)


class NoRole(NotAllowed):
    """The directory knows the person, but none of its groups opens anything here."""

    message = _(
        "Ihr Konto ist für keine Rolle freigeschaltet. "
        "Bitte wenden Sie sich an die Administration Ihres Hauses."
    )


@atomic
def guest_for(*, email: str) -> Person | None:
    """The guest of that address, made where there is none; nobody where the address belongs to a
    member of staff.

    A guest who never enters the code is swept away by `jobs.sweep_unconfirmed_guests`.
    """
    address = email.strip().lower()
    known = _by_address(address)
    if known is None:
        try:
            with transaction.atomic():
                known = Person.objects.create_user(address, kind=Person.Kind.GUEST)
        except IntegrityError:  # the same address asked for a code twice at once
            known = _by_address(address)
    return known if known and known.kind == Person.Kind.GUEST and known.is_active else None


@atomic
def admit_citizen(*, citizen: Citizen, identifier_hash: str) -> Person:
    """The citizen behind an eID, with the name, birth date and address that the register holds
    today.
    """
    person, _made = Person.objects.select_for_update().get_or_create(
        identifier_hash=identifier_hash,
        defaults={"kind": Person.Kind.CITIZEN, "password": make_password(None)},
    )
    person.given_name, person.family_name = citizen.given_name, citizen.family_name
    person.birth_date = citizen.birth_date or person.birth_date
    person.address = citizen.address or person.address
    person.save()
    return person


@atomic
def admit_colleague(*, colleague: Colleague, identifier_hash: str) -> Person:
    """The member of staff behind an account of the directory, with the roles that its groups stand
    for today.

    The first time, an invited person is found by address. Raises `NoRole` where neither groups nor
    hand-given roles open anything; nothing has changed then.
    """
    person = _colleague(colleague, identifier_hash)
    person.given_name, person.family_name = colleague.given_name, colleague.family_name
    person.save()
    _follow_groups(person, colleague.groups)
    if not person.memberships.exists():
        raise NoRole
    return person


@atomic
def sweep_unconfirmed_guests() -> int:
    """Forget guests who asked for a code more than a day ago and never came in; how many."""
    waiting = Person.objects.filter(
        kind=Person.Kind.GUEST, last_login=None, created_at__lt=now() - TIME_TO_COME_IN
    )
    gone, _by_model = waiting.delete()
    return gone


def sweep_ended_sessions() -> None:
    """Forget sessions that are over; a row less that says who was here when."""
    Session.objects.filter(expire_date__lt=now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def _by_address(address: str) -> Person | None:
    return Person.objects.filter(
        email=address, kind__in=[Person.Kind.GUEST, Person.Kind.STAFF]
    ).first()


def _colleague(colleague: Colleague, identifier_hash: str) -> Person:
    people = Person.objects.select_for_update().filter(kind=Person.Kind.STAFF)
    known = people.filter(identifier_hash=identifier_hash).first()
    if known is None:
        known = people.filter(email=colleague.email, identifier_hash=None).first()
    if known is None:
        known = Person(kind=Person.Kind.STAFF, email=colleague.email)
        known.set_unusable_password()
    known.identifier_hash = identifier_hash
    return known


def _follow_groups(person: Person, groups: frozenset[str]) -> None:
    """Make the roles from the directory match today's groups; what was given by hand stays."""
    granted = set(
        GroupGrant.objects.filter(group__in=groups).values_list("role_id", "department_id")
    )
    for held in Membership.objects.filter(person=person):
        place = (held.role_id, held.department_id)
        if held.from_directory and place not in granted:
            held.delete()
        granted.discard(place)
    Membership.objects.bulk_create(
        Membership(person=person, role_id=role, department_id=department, from_directory=True)
        for role, department in granted
    )
