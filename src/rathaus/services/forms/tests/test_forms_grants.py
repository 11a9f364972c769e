"""What the city gives: the share of a price, the lines of a form, and what may be published."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from rathaus.core.documents.source import BadDocument
from rathaus.core.money import ZERO, Money
from rathaus.services.forms.checking import flaws_of
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.grants import grant_for
from rathaus.services.forms.loading import load_yaml
from rathaus.services.forms.tests.written_forms import TODAY

PRICES = st.decimals(min_value=-1000, max_value=1_000_000, places=2)
PERCENTS = st.integers(1, 100)
CAPS = st.integers(0, 100_000).map(Money)

FORM = """
schema: 1
form: balkon
service: balkon
title: Balkonkraftwerk
pages:
  - id: anlage
    title: Anlage
    fields:
      - {id: gekauft, type: yesno, label: Gekauft}
      - {id: preis, type: number, label: Preis, decimals: 2, min: 1, show: {eq: [gekauft, true]}}
      - {id: pass, type: yesno, label: Sozialpass, required: false}
      - {id: genau, type: number, label: Genau, decimals: 3, required: false}
      - id: rechnungen
        type: group
        label: Rechnungen
        repeat: {item: Rechnung}
        fields:
          - {id: betrag, type: number, label: Betrag, decimals: 2}
grants:
  - {id: halb, budget: balkon, label: 30 Prozent, of: preis, percent: 30, cap: "250.00",
     when: {not: {eq: [pass, true]}}}
  - {id: voll, budget: balkon, label: 60 Prozent, of: preis, percent: 60, cap: "500.00",
     when: {eq: [pass, true]}}
"""


@pytest.fixture(scope="module")
def form() -> CompiledForm:
    return CompiledForm(load_yaml(FORM))


@given(price=PRICES, percent=PERCENTS, cap=CAPS)
def test_a_grant_is_never_negative_and_never_above_its_cap(
    price: Decimal, percent: int, cap: Money
) -> None:
    assert ZERO <= grant_for(price, percent=percent, cap=cap) <= cap


@given(prices=st.tuples(PRICES, PRICES), percent=PERCENTS, cap=CAPS)
def test_who_pays_more_never_gets_less(
    prices: tuple[Decimal, Decimal], percent: int, cap: Money
) -> None:
    lower, higher = sorted(prices)
    assert grant_for(lower, percent=percent, cap=cap) <= grant_for(higher, percent=percent, cap=cap)


@given(cents=st.integers(0, 10**9), percent=PERCENTS)
def test_the_share_is_exact_to_half_a_cent(cents: int, percent: int) -> None:
    """Compared in hundredths of a cent, in whole numbers."""
    given_cents = grant_for(Decimal(cents) / 100, percent=percent, cap=Money(10**12)).cents
    assert -50 < given_cents * 100 - cents * percent <= 50


@pytest.mark.parametrize(
    ("price", "percent", "cents"),
    [
        ("649.00", 30, 19470),
        ("0.05", 30, 2),  # one and a half cents
        ("0.15", 30, 5),  # four and a half cents: up, not to the even number
        ("0.01", 30, 0),
        ("833.33", 30, 25000),
        ("833.32", 30, 25000),
        ("833.31", 30, 24999),
        ("10000.00", 30, 25000),
        ("0.00", 30, 0),
        ("-5.00", 30, 0),
        ("12", 100, 1200),
    ],
)
def test_golden_amounts(price: str, percent: int, cents: int) -> None:
    assert grant_for(Decimal(price), percent=percent, cap=Money.of("250.00")) == Money(cents)


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        ({"gekauft": True, "preis": "649.00", "pass": False}, [("halb", Money(19470))]),
        ({"gekauft": True, "preis": "649.00"}, [("halb", Money(19470))]),
        ({"gekauft": True, "preis": "649.00", "pass": True}, [("voll", Money(38940))]),
        ({"gekauft": True, "preis": "9999.00", "pass": True}, [("voll", Money(50000))]),
        ({"gekauft": False, "preis": "649.00"}, []),
        ({"gekauft": True}, []),
        ({"gekauft": True, "preis": "viel"}, []),
    ],
)
def test_hidden_and_unanswered_prices_give_no_line(
    form: CompiledForm, answers: dict[str, JsonValue], lines: list[tuple[str, Money]]
) -> None:
    evaluation = form.evaluate(answers, today=TODAY)

    assert [(line.id, line.amount) for line in evaluation.grants] == lines
    assert evaluation.granted == sum((amount for _id, amount in lines), ZERO)
    assert {line.budget for line in evaluation.grants} <= {"balkon"}


def test_a_line_carries_its_label_in_all_languages() -> None:
    bilingual = FORM.replace("label: 30 Prozent", "label: {de: 30 Prozent, en: 30 per cent}")
    evaluation = CompiledForm(load_yaml(bilingual)).evaluate(
        {"gekauft": True, "preis": "10.00"}, today=TODAY
    )
    assert evaluation.grants[0].label == {"de": "30 Prozent", "en": "30 per cent"}


@pytest.mark.parametrize("field", ["gekauft", "betrag", "rechnungen", "genau", "nie"])
def test_only_a_price_outside_of_rows_can_be_shared(field: str) -> None:
    flawed = FORM.replace("of: preis, percent: 30", f"of: {field}, percent: 30")

    with pytest.raises(BadDocument) as refused:
        load_yaml(flawed)

    assert [str(mistake) for mistake in refused.value.mistakes] == [
        f"Zeile 21: „{field}“ ist kein Zahlenfeld mit 0 oder 2 Nachkommastellen"
        " außerhalb einer Wiederholung"
    ]


def test_a_whole_number_is_a_price_too() -> None:
    whole = FormDocument.model_validate(
        {
            "schema": 1,
            "form": "x",
            "service": "x",
            "title": "X",
            "pages": [
                {
                    "id": "p",
                    "title": "P",
                    "fields": [{"id": "preis", "type": "number", "label": "Preis"}],
                }
            ],
            "grants": [
                {"id": "g", "budget": "b", "label": "G", "of": "preis", "percent": 1, "cap": "1.00"}
            ],
        }
    )
    assert flaws_of(whole) == ()


@pytest.mark.parametrize(
    ("line", "old", "new", "reason"),
    [
        (21, "percent: 30", "percent: 0", "der Wert muss mindestens 1 sein"),
        (21, "percent: 30", "percent: 101", "der Wert darf höchstens 100 sein"),
        (21, "percent: 30", "percent: 2.5", "hier steht eine ganze Zahl"),
        (21, 'cap: "250.00"', "cap: 250.00", "hier muss ein Text stehen"),
        (23, "id: voll", "id: halb", "Förderung „halb“ gibt es schon: jede id nur einmal"),
        (24, "when: {eq: [pass, true]}", "when: {eq: [nie, true]}", "das Feld „nie“ gibt es nicht"),
        (
            21,
            "budget: balkon, label: 30",
            "budget: Balkon, label: 30",
            "passt nicht zur Schreibweise",
        ),
    ],
)
def test_what_is_wrong_about_a_grant_is_said(line: int, old: str, new: str, reason: str) -> None:
    with pytest.raises(BadDocument, match=reason) as refused:
        load_yaml(FORM.replace(old, new))
    [mistake] = refused.value.mistakes
    assert mistake.line == line
