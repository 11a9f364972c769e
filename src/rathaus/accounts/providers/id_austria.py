"""What ID Austria says about somebody, read from the id_token: there is no userinfo endpoint.

Claim names: https://www.id-austria.gv.at/de/developer/registrieren/personenmerkmale. Which of them
are delivered is decided at the registration of the service, not by scopes.
"""

import binascii
import json
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rathaus.accounts.providers.id_token import Claims

BPK = "urn:pvpgvat:oidc.bpk"
MAIN_ADDRESS = "urn:eidgvat:attributes.mainAddress"
MANDATE = ("urn:pvpgvat:oidc.mandate_type", "urn:pvpgvat:oidc.mandate_type_oid")

# Our words for the fields of the Base64-coded JSON object in the claim mainAddress.
ADDRESS_FIELDS = {
    "street": "Strasse",
    "house_number": "Hausnummer",
    "staircase": "Stiege",
    "door": "Tuer",
    "postcode": "Postleitzahl",
    "place": "Ortschaft",
    "municipality": "Gemeindebezeichnung",
    "municipality_code": "Gemeindekennziffer",
}


class MissingClaim(Exception):
    """ID Austria did not say enough; `name` is the claim that is missing or unreadable."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


class ActsForSomebody(Exception):
    """Somebody signed in with a mandate for a person or a company, which the house does not know
    yet.
    """


@dataclass(frozen=True)
class Citizen:
    """Who stands at the door. `identifier` is the bPK in plain: hash it and let go of it."""

    identifier: str = field(repr=False)
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    address: dict[str, str] = field(repr=False)


def read_citizen(claims: Claims) -> Citizen:
    """The person behind the claims.

    Raises `ActsForSomebody` for a mandate, `MissingClaim` without bPK or name, or with an
    unreadable birth date or address. Birth date and address may be absent: a service registered
    without them still knows who it is.
    """
    if any(claims.get(name) for name in MANDATE):
        raise ActsForSomebody
    return Citizen(
        identifier=_text(claims, BPK),
        given_name=_text(claims, "given_name"),
        family_name=_text(claims, "family_name"),
        birth_date=_birth_date(claims.get("birthdate")),
        address=_address(claims.get(MAIN_ADDRESS)),
    )


def _text(claims: Claims, name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value.strip():
        raise MissingClaim(name)
    return value.strip()[:200]


def _birth_date(value: Any) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise MissingClaim("birthdate") from error


def _address(encoded: Any) -> dict[str, str]:
    if not encoded:
        return {}
    try:
        fields = json.loads(b64decode(encoded, validate=True))
        found = {
            ours: str(fields.get(theirs) or "").strip()[:200]
            for ours, theirs in ADDRESS_FIELDS.items()
        }
    except (TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise MissingClaim(MAIN_ADDRESS) from error
    return {name: value for name, value in found.items() if value}
