"""What kind of document each decision of Lindenfurt is, and how it can be fought."""

from datetime import date

import pytest
import yaml

from rathaus.cases.deadlines import last_day
from rathaus.cases.procedures import ProcedureDocument, parse_procedures
from rathaus.demo.lindenfurt.catalogue import HERE

DELIVERED = date(2027, 1, 29)
FOUR_WEEKS = "§ 7 Abs. 4 VwGVG"
A_MONTH = "§ 245 Abs. 1 BAO"
TWO_WEEKS = "§ 63 Abs. 5 AVG"
LETTER = ""

REMEDIES = {
    "balkonkraftwerk-foerderung": {"zusage": LETTER, "absage": LETTER, "unvollstaendig": LETTER},
    "bauanzeige": {
        "kenntnisnahme": LETTER,
        "untersagung": FOUR_WEEKS,
        "zurueckweisung": FOUR_WEEKS,
    },
    "baumfaellung": {
        "bewilligung": FOUR_WEEKS,
        "abweisung": FOUR_WEEKS,
        "zurueckweisung": FOUR_WEEKS,
    },
    "beschwerde": {"antwort": LETTER},
    "bewohnerparken": {
        "bewilligung": TWO_WEEKS,
        "abweisung": TWO_WEEKS,
        "zurueckweisung": TWO_WEEKS,
    },
    "fundgegenstand": {"gefunden": LETTER, "nicht-gefunden": LETTER},
    "gewerbe-anmelden": {
        "eintragung": LETTER,
        "untersagung": FOUR_WEEKS,
        "zurueckweisung": FOUR_WEEKS,
    },
    "hund-abmelden": {"abmeldung": LETTER},
    "hund-anmelden": {
        "anmeldung-familie": A_MONTH,
        "anmeldung-wache": A_MONTH,
        "anmeldung-assistenz": LETTER,
        "untersagung": FOUR_WEEKS,
        "zurueckweisung": FOUR_WEEKS,
    },
    "kindergartenplatz": {"zusage": LETTER, "absage": LETTER, "unvollstaendig": LETTER},
    "meldebestaetigung": {
        "bestaetigung": LETTER,
        "abweisung": FOUR_WEEKS,
        "zurueckweisung": FOUR_WEEKS,
    },
    "urkunde-bestellen": {
        "ausgestellt": LETTER,
        "abweisung": FOUR_WEEKS,
        "zurueckweisung": FOUR_WEEKS,
    },
    "veranstaltung-anmelden": {
        "kenntnisnahme": LETTER,
        "auflagen": FOUR_WEEKS,
        "strasse": TWO_WEEKS,
        "untersagung": FOUR_WEEKS,
        "zurueckweisung": FOUR_WEEKS,
    },
    "wohnkostenzuschuss": {"zuschuss": LETTER, "absage": LETTER},
    "wohnung-beantragen": {"aufnahme": LETTER, "absage": LETTER, "unvollstaendig": LETTER},
}
PRIVATE_LAW = {
    "balkonkraftwerk-foerderung",
    "kindergartenplatz",
    "wohnkostenzuschuss",
    "wohnung-beantragen",
}
ENDS = {
    FOUR_WEEKS: date(2027, 2, 26),
    A_MONTH: date(2027, 3, 1),  # no 29 February 2027, and the 28th is a Sunday
    TWO_WEEKS: date(2027, 2, 12),
}


def procedures() -> dict[str, ProcedureDocument]:
    files = sorted((HERE / "procedures").glob("*.yaml"))
    read = (parse_procedures(file.read_text(encoding="utf-8")) for file in files)
    return {document.procedure: document for (document,) in read}


@pytest.mark.parametrize("slug", sorted(REMEDIES))
def test_a_decision_is_what_its_law_makes_of_it(slug: str) -> None:
    document = procedures()[slug]
    found = {}
    for template in document.templates:
        period = document.remedy_on(DELIVERED, template.slug).period
        found[template.slug] = period.basis if template.remedy else LETTER
        if template.remedy:
            assert last_day(DELIVERED, period) == ENDS[period.basis]

    assert found == REMEDIES[slug]


def test_every_procedure_is_in_the_table() -> None:
    assert procedures().keys() == REMEDIES.keys()


def test_only_what_can_be_fought_is_called_a_bescheid() -> None:
    wrong = [
        (slug, template.slug, template.title)
        for slug, document in procedures().items()
        for template in document.templates
        if template.title.startswith("Bescheid") != bool(template.remedy)
    ]

    assert wrong == []


@pytest.mark.parametrize("slug", sorted(PRIVATE_LAW))
def test_what_the_city_gives_as_a_private_person_is_under_no_law_of_procedure(slug: str) -> None:
    document = procedures()[slug]

    assert document.deadline is not None
    assert document.correction is not None
    said = (HERE / "procedures" / f"{slug}.yaml").read_text(encoding="utf-8")
    assert [word for word in ("AVG", "abgewiesen", "zurückgewiesen") if word in said] == []


def test_the_dog_tax_is_the_same_in_the_form_and_in_the_bescheid() -> None:
    form = yaml.safe_load((HERE / "forms" / "hund-anmelden.yaml").read_text(encoding="utf-8"))
    document = procedures()["hund-anmelden"]

    fees = {fee["when"]["eq"][1]: fee["amount"] for fee in form["fees"]}
    assert fees == {"familie": "40.00", "wache": "20.00"}
    [levy, _market] = yaml.safe_load((HERE / "levies.yaml").read_text(encoding="utf-8"))["levies"]
    assert {rate["slug"]: rate["amounts"][-1]["amount"] for rate in levy["rates"]} == fees
    for purpose, amount in fees.items():
        template = document.template(f"anmeldung-{purpose}")
        assert template is not None
        assert f"€ {amount.replace('.', ',')}" in template.ruling


def test_no_law_is_named_that_is_no_longer_in_force() -> None:
    """Dogs have a law of 2024; registering a trade has cost nothing since 2017."""
    said = {
        f"{folder}/{file.name}": file.read_text(encoding="utf-8")
        for folder in ("services", "forms", "procedures", "stories")
        for file in (HERE / folder).glob("*.yaml")
    }
    gone = ("Hundehaltegesetz 2002", "NeuFöG")
    assert [(name, word) for name, text in said.items() for word in gone if word in text] == []
    form = yaml.safe_load((HERE / "forms" / "gewerbe-anmelden.yaml").read_text(encoding="utf-8"))
    assert "fees" not in form
