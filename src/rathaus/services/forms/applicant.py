"""Who applies, in the form's own answers: the fields that an account would have filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.evaluation import Answers

_PARTS = {
    "street": "street",
    "number": "house_number",
    "door": "door",
    "postcode": "postcode",
    "place": "place",
}


@dataclass(frozen=True)
class Applicant:
    """A name and an address in the parts that accounts know; empty where nobody asked."""

    name: str
    address: Mapping[str, str]


def applicant_in(document: FormDocument, answers: Answers) -> Applicant:
    """What the answers say about the person who applies."""
    said = {
        source: answers[field] for field, source in document.prefill.items() if answers.get(field)
    }
    both = " ".join(
        str(said[part]) for part in ("account.given_name", "account.family_name") if part in said
    )
    return Applicant(
        name=str(said.get("account.full_name", both)),
        address=_address(said.get("account.address")),
    )


def _address(answer: JsonValue) -> dict[str, str]:
    given = answer if isinstance(answer, dict) else {}
    return {known: str(given[part]) for part, known in _PARTS.items() if given.get(part)}
