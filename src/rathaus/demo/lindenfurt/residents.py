"""The people of Lindenfurt without a button on the sign-in page: invented, always the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unicodedata import normalize

import yaml
from pydantic import JsonValue

from rathaus.accounts.actions import PersonRecord, establish_person
from rathaus.core.actor import SYSTEM
from rathaus.demo.lindenfurt.people import eid_of, person_id
from rathaus.services.actions.addresses import NumberedStreet

NAMES = Path(__file__).parent / "residents.yaml"
WITHOUT_MAIL_BORN_BEFORE = 1946
SPELLINGS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "đ": "d", "ł": "l", " ": "-"}
)


@dataclass(frozen=True)
class Resident:
    """Somebody who lives here; `address` is as forms ask for it."""

    slug: str
    given_name: str
    family_name: str
    born: date
    address: Mapping[str, str]
    phone: str
    is_guest: bool = False

    @property
    def name(self) -> str:
        """As on a letter."""
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str:
        """Where mail goes; the oldest have none."""
        return "" if self.born.year < WITHOUT_MAIL_BORN_BEFORE else f"{self.slug}@post.example"

    @property
    def account(self) -> dict[str, JsonValue]:
        """What the account fills into forms, under the names that forms use."""
        return {
            "account.given_name": self.given_name,
            "account.family_name": self.family_name,
            "account.full_name": self.name,
            "account.email": self.email,
            "account.phone": self.phone,
            "account.birth_date": self.born.isoformat(),
            "account.address": {**self.address, "listed": True},
        }


@dataclass
class Neighbourhood:
    """Draws addresses that are on the city's list."""

    streets: Sequence[NumberedStreet]
    luck: Random = field(default_factory=lambda: Random("Lindenfurt, Straßen"))

    def address(self) -> dict[str, str]:
        """A house of the city; every other one has doors."""
        street = self.luck.choice(self.streets)
        number = self.luck.randint(street.first, street.last)
        door = str(self.luck.randint(1, 24)) if self.luck.random() < 0.5 else ""
        known = {"street": street.street, "number": str(number), "door": door}
        return {**known, "postcode": street.postcode, "place": street.place}


def residents(streets: Sequence[NumberedStreet]) -> list[Resident]:
    """Everybody, always with the same birthday, address and telephone number."""
    luck, houses = Random("Lindenfurt, Menschen"), Neighbourhood(streets)
    names = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    return [
        _resident(row, luck, houses, is_guest=kind == "guests")
        for kind in ("citizens", "guests")
        for row in names[kind]
    ]


def settle(everybody: Sequence[Resident]) -> None:
    """Make them people of this house; running it twice changes nothing."""
    for resident in everybody:
        establish_person(by=SYSTEM, person=_record(resident))


def _resident(row: Sequence[Any], luck: Random, houses: Neighbourhood, **kind: bool) -> Resident:
    given_name, family_name, year = row
    return Resident(
        slug=_slug(f"{given_name}.{family_name}"),
        given_name=given_name,
        family_name=family_name,
        born=date(year, 1, 1) + timedelta(days=luck.randrange(365)),
        address=houses.address(),
        phone=f"+43 7000 2{luck.randrange(10**5):05}",
        **kind,
    )


def _slug(name: str) -> str:
    plain = normalize("NFKD", name.casefold().translate(SPELLINGS))
    return plain.encode("ascii", "ignore").decode()


def _record(resident: Resident) -> PersonRecord:
    """Of a guest nothing is known but the address to which the code was sent."""
    if resident.is_guest:
        return PersonRecord(id=person_id(resident.slug), kind="guest", email=resident.email)
    known = {"house_number" if part == "number" else part: is_
             for part, is_ in resident.address.items() if is_}  # fmt: skip
    return PersonRecord(
        id=person_id(resident.slug),
        kind="citizen",
        email=resident.email,
        given_name=resident.given_name,
        family_name=resident.family_name,
        birth_date=resident.born,
        phone=resident.phone,
        address={**known, "municipality": "Lindenfurt"},
        identifier_hash=eid_of(resident.slug),
    )
