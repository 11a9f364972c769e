"""Who applies, as the answers say."""

import pytest
from pydantic import JsonValue

from rathaus.services.forms.applicant import Applicant, applicant_in
from rathaus.services.forms.document import FormDocument

ADDRESS: JsonValue = {
    "street": "Am Hof",
    "number": "1",
    "door": "2/7",
    "postcode": "4890",
    "place": "Lindenfurt",
    "listed": True,
}


def document(**prefill: str) -> FormDocument:
    fields = [
        {"id": "vor", "type": "text", "label": "V"},
        {"id": "nach", "type": "text", "label": "N"},
        {"id": "wer", "type": "text", "label": "W"},
        {"id": "wo", "type": "address", "label": "O"},
        {"id": "mail", "type": "email", "label": "M"},
    ]
    page = {"id": "p", "title": "P", "fields": fields}
    return FormDocument.model_validate(
        {
            "schema": 1,
            "form": "x",
            "service": "x",
            "title": "X",
            "pages": [page],
            "prefill": {field: f"account.{source}" for field, source in prefill.items()},
        }
    )


PARTS = {"vor": "given_name", "nach": "family_name"}


@pytest.mark.parametrize(
    ("prefill", "answers", "name"),
    [
        (PARTS, {"vor": "Ada", "nach": "Lovelace"}, "Ada Lovelace"),
        (PARTS, {"nach": "Lovelace"}, "Lovelace"),
        (PARTS, {"vor": "Ada", "nach": ""}, "Ada"),
        (PARTS, {"wer": "Ada"}, ""),
        ({"wer": "full_name"}, {"wer": "Ada Lovelace"}, "Ada Lovelace"),
        ({"wer": "full_name", **PARTS}, {"wer": "Countess", "vor": "Ada"}, "Countess"),
        ({"mail": "email"}, {"mail": "ada@example.org", "wer": "Ada"}, ""),
        ({}, {"wer": "Ada"}, ""),
    ],
)
def test_the_name_stands_where_an_account_would_have_filled_it_in(
    prefill: dict[str, str], answers: dict[str, JsonValue], name: str
) -> None:
    assert applicant_in(document(**prefill), answers) == Applicant(name, {})


def test_the_address_comes_in_the_parts_of_accounts() -> None:
    assert applicant_in(document(wo="address"), {"wo": ADDRESS}).address == {
        "street": "Am Hof",
        "house_number": "1",
        "door": "2/7",
        "postcode": "4890",
        "place": "Lindenfurt",
    }
    without_door = {"street": "Am Hof", "number": "1", "door": "", "postcode": "4890"}
    assert applicant_in(document(wo="address"), {"wo": without_door}).address == {
        "street": "Am Hof",
        "house_number": "1",
        "postcode": "4890",
    }
    assert applicant_in(document(wo="address"), {"wo": None}).address == {}
    assert applicant_in(document(), {"wo": ADDRESS}).address == {}
