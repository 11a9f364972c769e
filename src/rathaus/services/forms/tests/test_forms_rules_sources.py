"""A form's file: what is wrong in it, at which line, in one sentence."""

import pytest

from rathaus.core.documents.source import (
    DEEPEST,
    LARGEST,
    BadDocument,
    Mistake,
    read_json,
    read_yaml,
)
from rathaus.services.forms.loading import load_json
from rathaus.services.forms.tests.written_documents import mistakes

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
