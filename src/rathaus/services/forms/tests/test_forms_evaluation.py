"""Rows, pages, exits, contradictions, fees, prefilling, schemas, and what the browser is told."""

import pytest

from rathaus.core.money import Money
from rathaus.services.forms.browser import local_condition
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.loading import load_yaml
from rathaus.services.forms.paths import (
    RowChange,
    answer_at,
    file_ids,
    with_answer_at,
    with_rows_changed,
)
from rathaus.services.forms.prefill import prefilled
from rathaus.services.forms.schema import submission_schema
from rathaus.services.forms.tests.written_forms import TODAY


def paths(evaluation) -> list[str]:
    return [problem.path for problem in evaluation.problems]


def test_fields_in_rows_see_their_own_row(example_form):
    rows = [{"stand-gas": True}, {"stand-gas": False}]
    evaluation = example_form.evaluate({"art": "markt", "staende": rows}, today=TODAY)
    assert "staende.0.stand-pruefung" in evaluation.visible
    assert "staende.1.stand-pruefung" not in evaluation.visible
    assert [path for path in paths(evaluation) if path.startswith("staende")] == [
        "staende.0.stand-name",
        "staende.0.stand-pruefung",
        "staende.1.stand-name",
    ]


@pytest.mark.parametrize(("count", "wrong"), [(0, True), (1, False), (30, False), (31, True)])
def test_a_group_has_its_number_of_rows(example_form, count, wrong):
    rows = [{"stand-name": "S", "stand-gas": False}] * count
    evaluation = example_form.evaluate({"art": "markt", "staende": rows}, today=TODAY)
    assert ("staende" in paths(evaluation)) is wrong


def test_a_hidden_page_is_skipped(example_form):
    evaluation = example_form.evaluate({"art": "demo"}, today=TODAY)
    assert evaluation.pages == ("person", "veranstaltung", "abschluss")
    assert evaluation.page_after("veranstaltung") == "abschluss"
    assert evaluation.page_before("person") is None
    assert evaluation.page_after("abschluss") is None
    assert evaluation.first_incomplete == "person"
    assert not evaluation.complete


def test_an_exit_ends_the_form_after_the_page_of_its_question(example_form):
    young = example_form.evaluate({"geburtsdatum": "2010-01-01"}, today=TODAY)
    assert young.exit_until("person").id == "minderjaehrig"
    old = example_form.evaluate({"geburtsdatum": "1985-01-01"}, today=TODAY)
    assert old.exit_until("abschluss") is None


def test_the_birthday_itself_is_of_age(example_form):
    assert example_form.evaluate({"geburtsdatum": "2008-11-22"}, today=TODAY).exits == ()
    assert len(example_form.evaluate({"geburtsdatum": "2008-11-23"}, today=TODAY).exits) == 1


def test_a_contradiction_stands_at_its_field(example_form):
    answers = {"beginn": "2027-01-02", "ende": "2027-01-01"}
    evaluation = example_form.evaluate(answers, today=TODAY)
    [problem] = [problem for problem in evaluation.problems if problem.path == "ende"]
    assert problem.text["de"] == "Der letzte Tag liegt vor dem ersten."


def test_fees_add_up(example_form):
    rows = [{"stand-name": "S", "stand-gas": False}] * 3
    evaluation = example_form.evaluate({"art": "markt", "staende": rows}, today=TODAY)
    assert [(line.id, line.amount) for line in evaluation.fees] == [
        ("grund", Money(4000)),
        ("stand", Money(2250)),
    ]
    assert evaluation.total == Money(6250)
    assert example_form.evaluate({"art": "demo"}, today=TODAY).total == Money(0)


def test_what_the_account_knows_is_filled_in(example):
    account = {"account.given_name": "Ada", "account.email": None, "account.full_name": "Ada L."}
    assert prefilled(example, account) == {"vorname": "Ada"}


def test_the_submission_schema_says_types_and_what_everybody_is_asked(example_form):
    schema = submission_schema(example_form.outline)
    assert schema["required"] == sorted(
        [
            "vorname",
            "nachname",
            "geburtsdatum",
            "anschrift",
            "email",
            "art",
            "bezirk",
            "ort",
            "beginn",
            "ende",
            "personen",
            "beschreibung",
            "lageplan",
            "richtig",
        ]
    )
    properties = schema["properties"]
    assert properties["personen"] == {
        "title": "Wie viele Personen erwarten Sie?",
        "type": "integer",
        "minimum": 1,
        "maximum": 50000,
    }
    assert properties["bezirk"]["enum"] == ["altstadt", "hafen", "sued"]
    assert properties["staende"]["items"]["required"] == ["stand-gas", "stand-name"]
    assert schema["additionalProperties"] is False
    assert "iban" in properties
    assert "kaution" not in properties


def test_the_browser_is_told_only_what_it_can_decide(example_form):
    outline = example_form.outline

    def told(identifier: str, prefix: str = "") -> object:
        return local_condition(outline.by_id[identifier], outline, prefix)

    assert told("zeltflaeche") == {"in": ["anlagen", ["zelt"]]}
    assert told("stand-pruefung", "staende.2.") == {"eq": ["staende.2.stand-gas", True]}
    assert told("staende") is None, "it reads the page before"
    assert told("kaution") is None, "numbers are compared on the server"
    assert told("vorname") is None


def test_rows_come_and_go(example_form):
    outline = example_form.outline
    one = with_rows_changed(outline, {}, RowChange("staende"))
    assert one == {"staende": [{}]}
    assert with_rows_changed(
        outline, {"staende": [{"a": 1}, {"a": 2}]}, RowChange("staende", 0)
    ) == {"staende": [{"a": 2}]}
    full = {"staende": [{}] * 30}
    assert with_rows_changed(outline, full, RowChange("staende")) == full
    assert with_rows_changed(outline, {}, RowChange("vorname")) == {}
    assert with_rows_changed(outline, {}, RowChange("gibtsnicht")) == {}


def test_answers_are_found_and_replaced_by_path():
    answers = {"a": 1, "g": [{"b": 2}, {"b": 3}]}
    assert answer_at(answers, "a") == 1
    assert answer_at(answers, "g.1.b") == 3
    assert answer_at(answers, "g.2.b") is None
    assert answer_at(answers, "g.x.b") is None
    assert with_answer_at(answers, "g.0.b", 9) == {"a": 1, "g": [{"b": 9}, {"b": 3}]}
    assert answers["g"][0] == {"b": 2}
    with pytest.raises(LookupError):
        with_answer_at(answers, "g.2.b", 9)


def test_files_are_found_wherever_they_are():
    file = {"id": "1", "name": "a", "sha256": "x"}
    assert file_ids({"a": [file], "g": [{"f": [{**file, "id": "2"}]}], "t": "x"}) == ["1", "2"]


def test_a_repeating_group_counts_and_zero_is_an_answer():
    form = CompiledForm(
        load_yaml(
            """
schema: 1
form: x
service: x
title: X
pages:
  - id: p
    title: P
    fields:
      - {id: zahl, type: number, label: Z, required: false}
      - id: hunde
        type: group
        label: H
        repeat: {item: Hund}
        fields: [{id: n, type: text, label: N}]
      - {id: null-da, type: text, label: A, show: {present: zahl}}
      - {id: hunde-da, type: text, label: B, show: {present: hunde}}
      - {id: keine, type: text, label: C, show: {eq: [hunde, 0]}}
      - {id: viele, type: text, label: D, show: {ge: [hunde, 2]}}
"""
        )
    )
    none = form.evaluate({"zahl": 0, "hunde": []}, today=TODAY)
    assert none.visible == {"zahl", "hunde", "null-da", "keine"}
    two = form.evaluate({"hunde": [{}, {}]}, today=TODAY)
    assert two.visible == {"zahl", "hunde", "hunde.0.n", "hunde.1.n", "hunde-da", "viele"}
