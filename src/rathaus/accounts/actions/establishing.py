"""People as the data of an installation describes them, not as they come in by themselves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import make_password

from rathaus.accounts.actions.safeguards import department_of, role_of
from rathaus.accounts.administration import MANAGE
from rathaus.accounts.models import Membership, Person
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed
from rathaus.core.transaction import atomic


@dataclass(frozen=True)
class PersonRecord:
    """Somebody as the data describes them; `kind` is guest, citizen or staff.

    Who has no e-mail has an empty one.
    """

    id: UUID
    kind: str
    email: str
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    phone: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    identifier_hash: str | None = None


@atomic
def establish_person(
    *, by: Actor, person: PersonRecord, places: Collection[tuple[int, int | None]] = ()
) -> None:
    """A person, made or brought up to date, with roles as pairs of role and department (or all).

    Nobody gets a password this way, and whose access was closed stays as they are.
    """
    require_everywhere(by)
    if Person.objects.filter(pk=person.id, is_active=False).exists():
        return
    known = {**vars(person), "email": person.email or None, "address": dict(person.address)}
    Person.objects.update_or_create(
        pk=known.pop("id"),
        defaults=known,
        create_defaults={**known, "password": make_password(None)},
    )
    for role, department in places:
        Membership.objects.get_or_create(
            person_id=person.id, role=role_of(role), department=department_of(department)
        )


def require_everywhere(by: Actor) -> None:
    """Raise `NotAllowed` unless the actor may give rights in the whole house."""
    if by.departments(MANAGE) is not None:
        raise NotAllowed
