"""A form's document: its shape, its one spelling, its days."""

from datetime import date

import pytest

from rathaus.services.forms.days import day_from
from rathaus.services.forms.document import (
    FormDocument,
    as_json,
    canonical,
    fingerprint,
)
from rathaus.services.forms.loading import load_yaml
from rathaus.services.forms.tests.written_documents import DOCUMENT, HEAD, mistakes

SHAPES = [
    ("{id: a, type: text}", [(9, "„label“ fehlt")]),
    ("{id: a, label: A}", [(9, "„type“ fehlt")]),
    ("{id: a, type: group, label: A, fields: []}", [(9, "hier fehlen Einträge")]),
    (
        "{id: a, type: group, label: A, fields: [{id: b, type: text}]}",
        [(9, "„label“ fehlt")],
    ),
    ("{id: a, type: text, label: A, fim: 5}", [(9, "hier stehen Schlüssel und Werte")]),
    ("{id: a, type: text, label: ''}", [(9, "der Text ist leer")]),
    ("{id: a, type: text, label: A, max_length: 0}", [(9, "der Wert muss größer als 0 sein")]),
    (
        "{id: a, type: text, label: A, min_length: -1}",
        [(9, "der Wert muss mindestens 0 sein")],
    ),
    ("{id: a, type: files, label: A, max_files: 21}", [(9, "der Wert darf höchstens 20 sein")]),
    ("{id: a, type: choice, label: A, options: 5}", [(9, "hier steht eine Liste")]),
    ("{id: a, type: number, label: A, min: true}", [(9, "hier muss eine Zahl stehen")]),
    (
        "{id: a, type: text, label: A, pattern: '('}",
        [
            (
                9,
                "das Muster ist ungültig: missing ), unterminated subpattern at position 0",
            )
        ],
    ),
    (
        "{id: a, type: text, label: A, pattern: '(a)+', pattern_message: B}",
        [(9, "im Muster darf hinter einer Klammer kein *, +, ? oder { stehen")],
    ),
    (
        "{id: a, type: text, label: A, pattern: 'a'}",
        [(9, "zu pattern gehört pattern_message: ein Satz, der sagt, was erwartet wird")],
    ),
    ("{id: a, type: text, label: {en: A}}", [(9, "der deutsche Text (de) fehlt")]),
]


@pytest.mark.parametrize(("field", "expected"), SHAPES)
def test_a_wrong_shape_has_one_sentence(field, expected):
    assert mistakes(f"{HEAD}      - {field}\n") == expected


def test_an_escaped_bracket_may_be_repeated():
    pattern = r"{id: a, type: text, label: A, pattern: '\(\)?', pattern_message: B}"
    [field] = load_yaml(f"{HEAD}      - {pattern}\n").pages[0].fields
    assert field.pattern == r"\(\)?"


def test_a_decimal_keeps_its_digits():
    [field] = (
        load_yaml(f"{HEAD}      - {{id: a, type: number, label: A, min: 0.1}}\n").pages[0].fields
    )
    assert str(field.min) == "0.1"


def test_a_flaw_is_reported_with_its_line():
    fields = "      - {id: a, type: choice, label: A}\n      - {id: a, type: text, label: A}\n"
    assert mistakes(HEAD + fields) == [(10, "Feld „a“ gibt es schon: jede id nur einmal")]


def test_a_document_has_one_spelling_and_one_name():
    stored = as_json(FormDocument.model_validate(DOCUMENT))
    written = canonical(stored).decode()
    assert written.startswith('{"anonymous":"refused","checks":[],"codelists":{},"exits":[]')
    assert '"title":{"de":"Ü"}' in written
    assert '"schema":1' in written
    assert "null" not in written
    assert written.index('"fields"') < written.index('"id":"p"') < written.index('"schema"')
    assert fingerprint(stored) == fingerprint(dict(reversed(stored.items())))
    assert fingerprint({"a": 1}) == (
        "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
    )
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})


@pytest.mark.parametrize("text", ["today+9999y", "today-9999y", "today-2027y"])
def test_days_outside_the_calendar_are_refused(text):
    with pytest.raises(ValueError, match=r"."):
        day_from(text, today=date(2026, 11, 22))


def test_the_last_day_of_the_calendar_is_the_limit():
    assert day_from("today+1d", today=date(9999, 12, 30)) == date(9999, 12, 31)
    with pytest.raises(ValueError, match=r"^today\+1d lies outside the calendar$"):
        day_from("today+1d", today=date(9999, 12, 31))
