import io
from datetime import date

import pytest
from pypdf import PdfReader

from rathaus.cases import actions, queries
from rathaus.cases.decision_texts import placeholder_values
from rathaus.cases.models import Case
from rathaus.cases.tests.conftest import PROCEDURE
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.notation import address_lines


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ({}, []),
        (
            {
                "street": "Lindengasse",
                "house_number": "12",
                "staircase": "2",
                "door": "7",
                "postcode": "4890",
                "place": "Lindenfurt",
            },
            ["Lindengasse 12/2/7", "4890 Lindenfurt"],
        ),
        ({"street": "Am Hof", "house_number": "", "door": "7"}, ["Am Hof 7"]),
        ({"place": "Linz", "postcode": None}, ["Linz"]),
    ],
)
def test_an_address_as_on_an_envelope(address: dict[str, str], lines: list[str]) -> None:
    assert address_lines(address) == lines


def test_what_the_placeholders_stand_for(case: Case) -> None:
    case.applicant_address = {"street": "Am Hof", "house_number": "1", "postcode": "4890"}

    values = placeholder_values(case, [], date(2026, 11, 22))

    assert values == {
        "abteilung": "Buergerservice",
        "aktenzeichen": case.number,
        "anschrift": "Am Hof 1, 4890",
        "behörde": "Magistrat",
        "eingelangt_am": "12.09.2026",
        "heute": "22.11.2026",
        "name": "Çağla Öztürk",
        "stadt": "Rathaus",
        "titel": "Hund anmelden: Bello",
        "verfahren": "Anmeldung eines Hundes",
    }


def test_a_procedure_may_be_led_by_another_authority_of_the_city(case: Case) -> None:
    text = PROCEDURE + "authority: Bürgermeister der Stadt\n"
    actions.install_procedures(by=SYSTEM, text=text)
    case = Case.objects.get(pk=case.pk)

    assert placeholder_values(case, [], date(2026, 11, 22))["behörde"] == "Bürgermeister der Stadt"
    words = queries.proposed_decision(by=SYSTEM, case=case.pk, template="bewilligung")
    assert words is not None
    assert "bei uns ein: Bürgermeister der Stadt." in words.remedy
    pdf = actions.preview(by=SYSTEM, case=case.pk, text=words)
    (first, *_others) = PdfReader(io.BytesIO(pdf)).pages
    assert "Bürgermeister der Stadt" in first.extract_text().split("Aktenzeichen")[0]


def test_a_template_proposes_and_an_unknown_one_does_not(case: Case, clerk: Actor) -> None:
    letter = queries.proposed_decision(by=clerk, case=case.pk, template="brief")

    assert letter is not None
    assert (letter.outcome, letter.remedy) == ("settled", "")
    assert letter.ruling == f"Ihr Anliegen {case.number} ist erledigt."
    assert queries.proposed_decision(by=clerk, case=case.pk, template="gibtsnicht") is None


def test_letter_and_decision_are_both_tagged(case: Case) -> None:
    for template in ("brief", "bewilligung"):
        words = queries.proposed_decision(by=SYSTEM, case=case.pk, template=template)
        assert words is not None
        pdf = actions.preview(by=SYSTEM, case=case.pk, text=words)
        assert b"/StructTreeRoot" in pdf
