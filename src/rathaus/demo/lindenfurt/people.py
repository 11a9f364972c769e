"""Who lives and works in Lindenfurt: departments, roles, citizens, guests and staff, always the
same ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.identifiers import hashed_identifier
from rathaus.accounts.models import Department, Membership, Person, Role
from rathaus.core.localized import localize

HERE = Path(__file__).parent
CITY = UUID("8f3c2a54-6c1e-4f0b-9d57-0c5b7b8a1d11")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class DemoPerson:
    """A button on the sign-in page of the demo."""

    slug: str
    name: str
    role: str
    group: str


def person_id(slug: str) -> UUID:
    """The id of a demo person, the same in every installation."""
    return uuid5(CITY, slug)


def load() -> None:
    """Make everybody, or bring them back to how they are meant to be; running it twice changes
    nothing.
    """
    people = _read("people.yaml")
    departments = {office["slug"]: _department(office, people["prefixes"]) for office in _offices()}
    roles = {slug: _role(slug, row) for slug, row in people["roles"].items()}
    for row in people["citizens"]:
        _citizen(row)
    for row in people["guests"]:
        _person(row["slug"], kind=Person.Kind.GUEST, email=row["email"])
    for row in people["staff"]:
        person = _person(row["slug"], kind=Person.Kind.STAFF, **_named(row))
        for role, department in row["places"]:
            Membership.objects.get_or_create(
                person=person, role=roles[role], department=departments.get(department)
            )


def demo_people() -> list[DemoPerson]:
    """Everybody one can be, citizens first, then department by department."""
    people = _read("people.yaml")
    offices = {office["slug"]: localize(office["name"]) for office in _offices()}
    known = [
        _button(row, str(_("Bürgerin oder Bürger")), str(_("Privat"))) for row in people["citizens"]
    ]
    known += [
        DemoPerson(row["slug"], row["email"], str(_("Gast")), str(_("Privat")))
        for row in people["guests"]
    ]
    for row in people["staff"]:
        role, department = row["places"][0]
        group = offices.get(department, str(_("Ganzes Haus")))
        known.append(_button(row, localize(people["roles"][role]["name"]), group))
    return known


def _button(row: Row, role: str, group: str) -> DemoPerson:
    return DemoPerson(row["slug"], " ".join(row["name"]), role, group)


def _department(office: Row, prefixes: Mapping[str, str]) -> Department:
    address = f"{office['street']}\n{office['postal_code']} {office['town']}"
    return Department.objects.update_or_create(
        slug=office["slug"],
        defaults={
            "name": office["name"],
            "number_prefix": prefixes[office["slug"]],
            "email": office["email"],
            "phone": office["phone"],
            "address": address,
        },
    )[0]


def _role(slug: str, row: Row) -> Role:
    known = {"name": row["name"], "rights": sorted(row["rights"])}
    return Role.objects.update_or_create(slug=slug, defaults=known)[0]


def _citizen(row: Row) -> Person:
    address = {
        name: row[name] for name in ("street", "house_number", "staircase", "door") if name in row
    }
    return _person(
        row["slug"],
        kind=Person.Kind.CITIZEN,
        birth_date=row["born"],
        phone=row.get("phone", ""),
        address={
            **address,
            "postcode": "4890",
            "place": "Lindenfurt",
            "municipality": "Lindenfurt",
        },
        identifier_hash=hashed_identifier(
            row["slug"], register="id_austria", pepper=settings.IDENTIFIER_PEPPER
        ),
        **{**_named(row), "email": f"{row['slug']}@post.example"},
    )


def _named(row: Row) -> dict[str, str]:
    given_name, family_name = row["name"]
    email = f"{row['slug']}@lindenfurt.example"
    return {"given_name": given_name, "family_name": family_name, "email": email}


def _person(slug: str, **fields: Any) -> Person:
    person, made = Person.objects.update_or_create(pk=person_id(slug), defaults=fields)
    if made:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    return person


def _offices() -> list[Row]:
    offices: list[Row] = _read("services/01-offices.yaml")["offices"]
    return offices


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return content
