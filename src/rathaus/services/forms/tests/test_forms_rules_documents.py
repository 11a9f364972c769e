"""Loading, schemas and the check from the command line: exact lines, words and values."""

from datetime import date

import pytest

from rathaus.core.documents.source import (
    DEEPEST,
    LARGEST,
    BadDocument,
    Mistake,
    read_json,
    read_yaml,
)
from rathaus.services.forms.__main__ import check
from rathaus.services.forms.browser import is_local, local_condition
from rathaus.services.forms.days import day_from
from rathaus.services.forms.document import (
    FormDocument,
    as_json,
    canonical,
    fingerprint,
    meta_schema,
)
from rathaus.services.forms.loading import load_json, load_yaml
from rathaus.services.forms.outline import Outline
from rathaus.services.forms.schema import submission_schema

HEAD = """schema: 1
form: x
service: x
title: X
pages:
  - id: p
    title: P
    fields:
"""
OPTIONS = [{"value": "x", "label": "X"}, {"value": "y", "label": "Y"}]


def mistakes(text: str, load=load_yaml) -> list[tuple[int, str]]:
    with pytest.raises(BadDocument) as bad:
        load(text)
    return [(mistake.line, mistake.reason) for mistake in bad.value.mistakes]


BROKEN = [
    (
        "a: 1\nb: c: d\n",
        2,
        "kein gültiges YAML: ein Doppelpunkt zu viel, oder Anführungszeichen fehlen",
    ),
    ("a: 1\nb\nc: 2\n", 3, "kein gültiges YAML: hier fehlt ein Doppelpunkt"),
    ("a:\n  - 1\n b: 2\n", 3, "kein gültiges YAML: die Einrückung passt nicht"),
    (
        "a: [1\nb: 2\n",
        2,
        "kein gültiges YAML: es fehlt eine eckige Klammer, oder es fehlen Anführungszeichen",
    ),
    (
        "a: {b: 1\n",
        2,
        "kein gültiges YAML: es fehlt eine geschweifte Klammer, oder es fehlen Anführungszeichen",
    ),
    ("a: 1\n\tb: 2\n", 2, "kein gültiges YAML: statt Tabulatoren bitte Leerzeichen"),
    ("a: 'x\n", 2, "kein gültiges YAML: ein Anführungszeichen wird nicht geschlossen"),
    ("a: 1\n---\nb: 2\n", 2, "kein gültiges YAML: in einer Datei steht genau ein Dokument"),
    ("a: *x\n", 1, "Anker und Verweise (&, *) sind nicht erlaubt"),
    ("a: 1\nb: &x 1\n", 2, "Anker und Verweise (&, *) sind nicht erlaubt"),
    ("a: 1\nb: &x {}\n", 2, "Anker und Verweise (&, *) sind nicht erlaubt"),
    ("a: 1\nb: !!int 1\n", 2, "Typangaben mit ! sind nicht erlaubt"),
    ("a: 1\nb: ! {}\n", 2, "Typangaben mit ! sind nicht erlaubt"),
    ("a: 1\nb: \x08\n", 2, "ein Steuerzeichen ist hier nicht erlaubt"),
    ("\x08", 1, "ein Steuerzeichen ist hier nicht erlaubt"),
    ("a: 1\n? [b]\n: c\n", 2, "ein Schlüssel ist immer ein Wort"),
    ("a: 1\nb:\n  - c: 1\n    c: 2\n", 4, "der Schlüssel „c“ steht doppelt"),
    ("# nichts\n", 1, "das Dokument ist leer"),
    ("- 1\n", 1, "ein Formular beginnt mit Schlüsseln wie „schema: 1“"),
    ("a" * (LARGEST + 1), 1, "das Dokument hat mehr als 2.000.000 Zeichen"),
]


@pytest.mark.parametrize(("text", "line", "reason"), BROKEN)
def test_broken_yaml_has_one_line_and_one_sentence(text, line, reason):
    assert mistakes(text) == [(line, reason)]


def test_what_we_have_no_german_for_stays_english():
    assert mistakes("a: 1\nb: @x\n") == [
        (2, "kein gültiges YAML: found character '@' that cannot start any token")
    ]


def test_keys_are_doubled_only_beside_one_another():
    assert mistakes("a: 1\nb: {a: 1, a: 1}\n? [x]\n: 1\na: 3\n") == [
        (2, "der Schlüssel „a“ steht doppelt"),
        (3, "ein Schlüssel ist immer ein Wort"),
        (5, "der Schlüssel „a“ steht doppelt"),
    ]
    assert mistakes("- {a: 1, a: 1}\n- {b: 1, b: 1}\n- {}\n") == [
        (1, "der Schlüssel „a“ steht doppelt"),
        (2, "der Schlüssel „b“ steht doppelt"),
    ]
    assert read_yaml("a: {a: 1}\nb: [{a: 1}, {a: 2}]\n").values == {
        "a": {"a": 1},
        "b": [{"a": 1}, {"a": 2}],
    }


def nested(depth: int) -> str:
    return "\n" + "[" * depth + "]" * depth


def test_depth_has_a_limit():
    assert read_yaml(nested(DEEPEST)).values is not None
    assert mistakes(nested(DEEPEST + 1)) == [(2, "zu tief verschachtelt")]
    steps = "[" * DEEPEST + "]" * (DEEPEST - 1) + ", " + "[" * (DEEPEST - 1) + "]" * DEEPEST
    assert len(read_yaml(steps).values) == 2
    too_deep = steps.replace(", ", ", [").replace("]" * DEEPEST, "]" * (DEEPEST + 1))
    assert mistakes(too_deep.replace(", ", ",\n"))[0] == (2, "zu tief verschachtelt")
    side_by_side = "[" + ", ".join(["{}"] * (DEEPEST + 5)) + "]"
    assert read_yaml(side_by_side).values == [{}] * (DEEPEST + 5)


def test_yaml_knows_what_json_knows_and_nothing_else():
    text = "[true, false, null, ~, 5, -3, +4, 1.5, -0.25, 007, 0x1f, yes, on, 1e5, .5, 2026-01-01]"
    assert read_yaml(text).values == [
        True, False, None, None, 5, -3, 4, 1.5, -0.25, "007", "0x1f", "yes", "on", "1e5", ".5",
        "2026-01-01",
    ]  # fmt: skip


JSON = [
    ('{"a": 1,\n "b": }', 2, "kein gültiges JSON: Expecting value"),
    ('{"a": Infinity}', 1, "Infinity ist keine Zahl"),
    ("[" * 100_000, 1, "zu tief verschachtelt"),
    ('{"a": 1,\n"a": 2}', 2, "der Schlüssel „a“ steht doppelt"),
    (" " * (LARGEST + 1), 1, "das Dokument hat mehr als 2.000.000 Zeichen"),
    ("[]", 1, "ein Formular beginnt mit Schlüsseln wie „schema: 1“"),
]


@pytest.mark.parametrize(("text", "line", "reason"), JSON)
def test_broken_json_has_one_line_and_one_sentence(text, line, reason):
    assert mistakes(text, load_json) == [(line, reason)]


def test_the_largest_document_is_still_read():
    assert read_json('"' + "a" * (LARGEST - 2) + '"').values == "a" * (LARGEST - 2)
    with pytest.raises(BadDocument):
        read_json(" " * LARGEST + "1")


def test_lines_are_those_of_the_value_or_of_what_is_around_it():
    source = read_yaml("a: 1\nb:\n  - c\n  - d:\n      e: 1\n")
    lines = {
        (): 1,
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 3,
        ("b", 1): 4,
        ("b", 1, "d"): 4,
        ("b", 1, "d", "e"): 5,
        ("b", 1, "d", "weg"): 4,
        ("b", 2): 2,
        ("b", "x"): 2,
        ("weg",): 1,
    }
    assert {place: source.line_of(place) for place in lines} == lines
    assert read_json('{\n\t"a": [\n\t1,\n\t2]}').line_of(("a", 1)) == 4


def test_a_step_that_is_no_part_of_the_document_is_passed_over():
    assert read_yaml("a: 1\nb:\n  c: 1\n").line_of(("b", "text", "c")) == 3


def test_mistakes_are_sorted_and_said_once():
    error = BadDocument(Mistake(3, "c"), Mistake(1, "b"), Mistake(3, "c"), Mistake(1, "a"))
    assert error.mistakes == (Mistake(1, "a"), Mistake(1, "b"), Mistake(3, "c"))
    assert str(error) == "Zeile 1: a\nZeile 1: b\nZeile 3: c"


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


DOCUMENT = {
    "schema": 1,
    "form": "x",
    "service": "x",
    "title": {"de": "Ü"},
    "pages": [
        {"id": "p", "title": {"de": "P"}, "fields": [{"id": "a", "type": "text", "label": "A"}]}
    ],
}


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


def form_with(*fields: dict[str, object]) -> Outline:
    page = {"id": "p", "title": "P", "fields": [*fields]}
    hidden = {
        "id": "q",
        "title": "Q",
        "show": {"present": fields[0]["id"]},
        "fields": [{"id": "spaeter", "type": "text", "label": "SPAETER"}],
    }
    plain = {**DOCUMENT, "title": {"de": "Titel", "en": "Title"}, "pages": [page, hidden]}
    return Outline(FormDocument.model_validate(plain))


def field(identifier: str, kind: str, **given: object) -> dict[str, object]:
    return {"id": identifier, "type": kind, "label": identifier.upper(), **given}


KINDS = [
    (field("a", "text"), {"type": "string", "minLength": 1, "maxLength": 200}),
    (
        field("a", "text", min_length=2, max_length=9, pattern="[a-z]+", pattern_message="M"),
        {"type": "string", "minLength": 2, "maxLength": 9, "pattern": "^(?:[a-z]+)$"},
    ),
    (field("a", "number"), {"type": "integer"}),
    (field("a", "number", min=1, max=9), {"type": "integer", "minimum": 1, "maximum": 9}),
    (
        field("a", "number", min=1, decimals=2),
        {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"},
    ),
    (field("a", "choice", options=OPTIONS), {"enum": ["x", "y"]}),
    (
        field("a", "multiple", options=OPTIONS),
        {"type": "array", "items": {"enum": ["x", "y"]}, "uniqueItems": True, "minItems": 1},
    ),
    (
        field("a", "multiple", options=OPTIONS, min=2, max=2),
        {
            "type": "array",
            "items": {"enum": ["x", "y"]},
            "uniqueItems": True,
            "minItems": 2,
            "maxItems": 2,
        },
    ),
    (
        field("a", "files", max_files=3),
        {
            "type": "array",
            "items": {"type": "object", "required": ["id", "name"]},
            "minItems": 1,
            "maxItems": 3,
        },
    ),
    (field("a", "declaration"), {"const": True}),
    (field("a", "yesno"), {"type": "boolean"}),
    (field("a", "date"), {"type": "string", "format": "date"}),
]


@pytest.mark.parametrize(("described", "schema"), KINDS)
def test_a_field_has_its_schema(described, schema):
    assert submission_schema(form_with(described)) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Titel",
        "type": "object",
        "properties": {
            "a": {"title": "A", **schema},
            "spaeter": {"title": "SPAETER", "type": "string", "minLength": 1, "maxLength": 200},
        },
        "additionalProperties": False,
        "required": ["a"],
    }


def test_groups_are_flat_and_rows_are_lists():
    rows = field(
        "r",
        "group",
        repeat={"item": "I", "min": 1, "max": 3},
        fields=[
            field("b", "yesno"),
            field("c", "yesno", required=False),
            field("d", "yesno", show={"eq": ["b", True]}),
        ],
    )
    flat = field("g", "group", fields=[field("e", "yesno"), field("f", "yesno", required=False)])
    shown = field("h", "group", show={"eq": ["e", True]}, fields=[field("i", "yesno")])
    schema = submission_schema(form_with(rows, flat, shown))
    assert schema["required"] == ["e", "r"]
    properties = schema["properties"]
    assert list(properties) == ["r", "e", "f", "i", "spaeter"]
    assert properties["r"] == {
        "title": "R",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "b": {"title": "B", "type": "boolean"},
                "c": {"title": "C", "type": "boolean"},
                "d": {"title": "D", "type": "boolean"},
            },
            "additionalProperties": False,
            "required": ["b"],
        },
        "minItems": 1,
        "maxItems": 3,
    }


def told(condition: dict[str, object], prefix: str = "r.2.") -> object:
    outline = form_with(
        field("t", "text"),
        field("o", "address"),
        field("z", "number"),
        field("n", "date"),
        field("l", "files"),
        field(
            "r",
            "group",
            repeat={"item": "I"},
            fields=[field("u", "yesno"), field("f", "text", show=condition)],
        ),
        field("s", "group", repeat={"item": "I"}, fields=[field("v", "yesno")]),
    )
    place = outline.by_id["f"]
    shown = local_condition(place, outline, prefix)
    assert is_local(place.field.show, place, outline) is (shown is not None)
    return shown


LOCAL = [
    ({"eq": ["t", "x"]}, {"eq": ["t", "x"]}),
    ({"present": "t"}, {"present": "t"}),
    ({"present": "u"}, {"present": "r.2.u"}),
    ({"in": ["o.place", ["x", "y"]]}, {"in": ["o.place", ["x", "y"]]}),
    ({"not_in": ["t", ["x"]]}, {"not_in": ["t", ["x"]]}),
    ({"ne": ["u", {"field": "u"}]}, {"ne": ["r.2.u", {"field": "r.2.u"}]}),
    ({"eq": ["t", {"field": "o.place"}]}, {"eq": ["t", {"field": "o.place"}]}),
    (
        {"all": [{"present": "t"}, {"any": [{"not": {"eq": ["u", True]}}]}]},
        {"all": [{"present": "t"}, {"any": [{"not": {"eq": ["r.2.u", True]}}]}]},
    ),
]


@pytest.mark.parametrize(("condition", "shown"), LOCAL)
def test_the_browser_decides_what_stands_before_it(condition, shown):
    assert told(condition) == shown


@pytest.mark.parametrize(
    "condition",
    [
        {"present": "spaeter"},
        {"present": "v"},
        {"present": "z"},
        {"present": "n"},
        {"present": "l"},
        {"present": "s"},
        {"eq": ["o.listed", True]},
        {"all": [{"present": "t"}, {"present": "z"}]},
    ],
)
def test_the_browser_does_not_decide_the_rest(condition):
    assert told(condition) is None


def test_without_a_row_names_are_plain():
    outline = form_with(field("t", "text"), field("f", "text", show={"present": "t"}))
    assert local_condition(outline.by_id["f"], outline) == {"present": "t"}
    assert local_condition(outline.by_id["t"], outline) is None


def test_the_command_line_names_what_is_wrong(tmp_path, capsys):
    good, broken, other = tmp_path / "gut.yaml", tmp_path / "schlecht.yaml", tmp_path / "b.json"
    good.write_text(f"{HEAD}      - {{id: a, type: text, label: Ä}}\n", encoding="utf-8")
    broken.write_text(f"{HEAD}      - {{id: a, type: text}}\n      - {{id: b, label: B}}\n")
    other.write_bytes(canonical(as_json(load_yaml(good.read_text(encoding="utf-8")))))
    name = fingerprint(as_json(load_yaml(good.read_text(encoding="utf-8"))))

    assert [check(path) for path in (good, broken, other, tmp_path / "weg.yaml")] == [
        True,
        False,
        True,
        False,
    ]
    assert capsys.readouterr().out == (
        f"{good}: in Ordnung, 1 Felder, 0 Bedingungen, {name}\n"
        f"{broken}:9: „label“ fehlt\n"
        f"{broken}:10: „type“ fehlt\n"
        f"{other}: in Ordnung, 1 Felder, 0 Bedingungen, {name}\n"
        f"{tmp_path}/weg.yaml: diese Datei gibt es nicht\n"
    )


def test_the_command_line_reads_json_by_its_ending_and_counts_conditions(tmp_path, capsys):
    path = tmp_path / "a.json"
    path.write_text("a: 1\n")
    assert check(path) is False
    assert capsys.readouterr().out == f"{path}:1: kein gültiges JSON: Expecting value\n"
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xff")
    assert check(path) is False
    assert capsys.readouterr().out.startswith(f"{path}: kein Text in UTF-8")
    path.write_text(
        f"{HEAD}      - {{id: a, type: text, label: A}}\n"
        "      - {id: b, type: text, label: B, show: {present: a}}\n"
        "fees: [{id: f, label: F, amount: '5.00', when: {present: a}}]\n"
    )
    assert check(path) is True
    assert capsys.readouterr().out.startswith(f"{path}: in Ordnung, 2 Felder, 2 Bedingungen, ")


def test_the_meta_schema_speaks_the_words_of_the_file():
    schema = meta_schema()
    assert {"schema", "pages"} <= set(schema["properties"])
    assert set(schema["$defs"]["Not"]["properties"]) == {"not"}
    assert set(schema["$defs"]["In"]["properties"]) == {"in"}
