"""Who lives and works in Lindenfurt: citizens, guests and staff, always the same ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.actions import PersonRecord, establish_person, guest_for
from rathaus.accounts.identifiers import hashed_identifier
from rathaus.accounts.queries import departments, roles
from rathaus.core.actor import SYSTEM
from rathaus.core.localized import localize

HERE = Path(__file__).parent
CITY = UUID("8f3c2a54-6c1e-4f0b-9d57-0c5b7b8a1d11")
TOWN = {"postcode": "4890", "place": "Lindenfurt", "municipality": "Lindenfurt"}
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


def account_of(slug: str) -> UUID:
    """The account of a demo person; a guest whose matters were taken over gets a new one."""
    for row in _read("people.yaml")["guests"]:
        if row["slug"] == slug:
            guest = guest_for(email=row["email"])
            return guest.pk if guest else person_id(slug)
    return person_id(slug)


def eid_of(slug: str) -> str:
    """By what a demo person's eID is known again."""
    return hashed_identifier(slug, register="id_austria", pepper=settings.IDENTIFIER_PEPPER)


def load() -> None:
    """Make everybody, or bring them back to how they are meant to be; running it twice changes
    nothing.
    """
    people = _read("people.yaml")
    department_ids = {department.slug: department.pk for department in departments()}
    role_ids = {role.slug: role.pk for role in roles(by=SYSTEM)}
    for row in people["citizens"]:
        establish_person(by=SYSTEM, person=_citizen(row))
    for row in people["guests"]:
        guest = PersonRecord(id=person_id(row["slug"]), kind="guest", email=row["email"])
        establish_person(by=SYSTEM, person=guest)
    for row in people["staff"]:
        places = [(role_ids[role], department_ids.get(where)) for role, where in row["places"]]
        establish_person(by=SYSTEM, person=_colleague(row), places=places)


@dataclass(frozen=True)
class Desk:
    """Who handles the matters of a department, and who decides them; both as slugs."""

    clerk: str
    head: str


def desks() -> dict[str, Desk]:
    """The desk of each department, by its slug."""
    found: dict[str, dict[str, str]] = {}
    for row in _read("people.yaml")["staff"]:
        for role, department in row["places"]:
            found.setdefault(department, {})[role] = row["slug"]
    return {
        department: Desk(clerk=roles["sachbearbeitung"], head=roles["leitung"])
        for department, roles in found.items()
        if department
    }


def demo_people() -> list[DemoPerson]:
    """Everybody one can be, citizens first, then department by department."""
    people, city = _read("people.yaml"), _read("city.yaml")
    offices = {entry["slug"]: localize(entry["name"]) for entry in city["departments"]}
    role_names = {entry["slug"]: localize(entry["name"]) for entry in city["roles"]}
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
        known.append(_button(row, role_names[role], group))
    return known


def _button(row: Row, role: str, group: str) -> DemoPerson:
    return DemoPerson(row["slug"], " ".join(row["name"]), role, group)


def _citizen(row: Row) -> PersonRecord:
    parts = ("street", "house_number", "staircase", "door")
    given_name, family_name = row["name"]
    return PersonRecord(
        id=person_id(row["slug"]),
        kind="citizen",
        email=f"{row['slug']}@post.example" if row.get("has_mail", True) else "",
        given_name=given_name,
        family_name=family_name,
        birth_date=row["born"],
        phone=row.get("phone", ""),
        address={**{name: row[name] for name in parts if name in row}, **TOWN},
        identifier_hash=eid_of(row["slug"]),
    )


def _colleague(row: Row) -> PersonRecord:
    given_name, family_name = row["name"]
    return PersonRecord(
        id=person_id(row["slug"]),
        kind="staff",
        email=f"{row['slug']}@lindenfurt.example",
        given_name=given_name,
        family_name=family_name,
    )


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return content
