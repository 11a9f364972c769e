"""What an installation starts from: departments, roles and people as its data describes them.

Each may be run again: what is there is brought to how it is described.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import make_password

from rathaus.accounts.actions.safeguards import department_of, role_of
from rathaus.accounts.administration import MANAGE
from rathaus.accounts.models import Department, Membership, Person, Role
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed
from rathaus.core.transaction import atomic


@dataclass(frozen=True)
class PersonRecord:
    """Somebody as the data describes them; `kind` is guest, citizen or staff. No e-mail is empty."""

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
def establish_department(
    *,
    by: Actor,
    slug: str,
    name: Mapping[str, str],
    number_prefix: str,
    email: str = "",
    phone: str = "",
    address: str = "",
) -> int:
    """The id of the department with that slug, made or brought up to date."""
    _require_everywhere(by)
    known = {"name": dict(name), "number_prefix": number_prefix, "email": email}
    department, _made = Department.objects.update_or_create(
        slug=slug, defaults={**known, "phone": phone, "address": address}
    )
    return department.pk


@atomic
def establish_role(
    *, by: Actor, slug: str, name: Mapping[str, str], rights: Collection[str]
) -> int:
    """The id of the role with that slug, made or brought up to date."""
    _require_everywhere(by)
    known = {"name": dict(name), "rights": sorted(rights)}
    role, _made = Role.objects.update_or_create(slug=slug, defaults=known)
    return role.pk


@atomic
def establish_person(
    *, by: Actor, person: PersonRecord, places: Collection[tuple[int, int | None]] = ()
) -> None:
    """A person, made or brought up to date, with roles as pairs of role and department (or all).

    Nobody gets a password this way.
    """
    _require_everywhere(by)
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


def _require_everywhere(by: Actor) -> None:
    if by.departments(MANAGE) is not None:
        raise NotAllowed
