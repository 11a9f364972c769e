"""Every bad document is named with line and reason."""

import pytest

from rathaus.services.forms.document import as_json, canonical, meta_schema
from rathaus.services.forms.loading import load_json, load_yaml
from rathaus.services.forms.tests.written_documents import HEAD, mistakes

FIELDS = [
    ("{id: a, type: tex, label: A}", "den Typ „tex“ gibt es nicht"),
    ("{id: a, label: A}", "„type“ fehlt"),
    ("{id: a, type: text}", "„label“ fehlt"),
    ("{id: Ä, type: text, label: A}", "„Ä“ passt nicht zur Schreibweise"),
    ("{id: a, type: text, label: A, farbe: rot}", "den Schlüssel „farbe“ gibt es hier nicht"),
    ("{id: a, type: text, label: {en: A}}", "der deutsche Text (de) fehlt"),
    ("{id: a, type: text, label: 5}", "hier stehen Schlüssel und Werte"),
    ("{id: a, type: text, label: A, required: ja}", "hier steht true oder false"),
    ("{id: a, type: text, label: A, max_length: viel}", "hier steht eine ganze Zahl"),
    ("{id: a, type: text, label: A, pattern: '('}", "das Muster ist ungültig"),
    ("{id: a, type: text, label: A, pattern: 'a'}", "zu pattern gehört pattern_message"),
    ("{id: a, type: text, label: A, pattern: '(a+)+', pattern_message: B}", "im Muster darf"),
    ("{id: a, type: text, label: A, min_length: 9, max_length: 3}", "min_length ist größer"),
    ("{id: a, type: number, label: A, min: 3, max: 2}", "min ist größer als max"),
    ("{id: a, type: number, label: A, min: x}", "hier steht eine Zahl"),
    ("{id: a, type: date, label: A, min: gestern}", "„gestern“ passt nicht zur Schreibweise"),
    ("{id: a, type: date, label: A, min: '2026-02-30'}", "„2026-02-30“ ist kein Tag"),
    ("{id: a, type: choice, label: A}", "entweder options oder codelist"),
    ("{id: a, type: choice, label: A, codelist: b}", "die Liste „b“ gibt es nicht"),
    (
        "{id: a, type: choice, label: A, options: [{value: x, label: X}, {value: x, label: Y}]}",
        "der Wert „x“ steht 2 Mal da",
    ),
    ("{id: a, type: text, label: A, show: {eq: [b, c]}}", "das Feld „b“ gibt es nicht"),
    ("{id: a, type: text, label: A, show: {eqq: [b, c]}}", "das ist keine Bedingung"),
    ("{id: a, type: text, label: A, show: {eq: [a, c], ne: [a, d]}}", "das ist keine Bedingung"),
    ("{id: a, type: text, label: A, show: {all: []}}", "hier fehlen Einträge"),
    ("{id: a, type: text, label: A, show: {eq: [a, x]}}", "Bedingungen im Kreis: a → a"),
    ("{id: a, type: group, label: A, fields: []}", "hier fehlen Einträge"),
    (
        "{id: a, type: group, label: A, repeat: {item: I, min: 5, max: 2},"
        " fields: [{id: b, type: text, label: B}]}",
        "min ist größer als max",
    ),
    (
        "{id: a, type: group, label: A, repeat: {item: I}, fields: [{id: b, type: group, label: B,"
        " repeat: {item: I}, fields: [{id: c, type: text, label: C}]}]}",
        "eine Wiederholung darf nicht in einer anderen stehen",
    ),
]


@pytest.mark.parametrize(("field", "reason"), FIELDS)
def test_a_bad_field_is_named_with_its_line(field, reason):
    found = mistakes(f"{HEAD}      - {{id: ok, type: text, label: OK}}\n      - {field}\n")
    assert [line for line, _ in found] == [10] * len(found)
    assert any(said.startswith(reason) or reason in said for _, said in found), found


WITH_TWO = (
    HEAD
    + """      - {id: ja, type: yesno, label: J}
      - {id: zahl, type: number, label: Z}
      - {id: tag, type: date, label: T}
      - {id: wahl, type: choice, label: W, options: [{value: x, label: X}]}
      - {id: viele, type: multiple, label: V, options: [{value: x, label: X}]}
      - {id: ort, type: address, label: O}
      - {id: datei, type: files, label: D}
      - {id: g, type: group, label: G, fields: [{id: in-g, type: text, label: I}]}
      - {id: r, type: group, label: R, repeat: {item: I}, fields: [{id: in-r, type: iban,label: I}]}
"""
)
CONDITIONS = [
    ("{eq: [ja, vielleicht]}", "„ja“ ist Ja oder Nein: verglichen wird damit true oder false"),
    ("{gt: [ja, true]}", "„ja“ ist Ja oder Nein: gt ist damit nicht möglich"),
    ("{gt: [zahl, viel]}", "„zahl“ ist Zahl: verglichen wird damit eine Zahl"),
    ("{gt: [zahl, true]}", "„zahl“ ist Zahl"),
    ("{gt: [tag, morgen]}", "„tag“ ist Datum"),
    ("{eq: [wahl, y]}", "einer der Werte x, nicht 'y'"),
    ("{eq: [viele, x]}", "„viele“ ist Mehrfachauswahl: eq ist damit nicht möglich"),
    ("{eq: [ort, x]}", "„ort“ ist Adresse"),
    ("{eq: [ort.hof, x]}", "eine Adresse hat keinen Teil „hof“"),
    ("{eq: [ja.hof, x]}", "„ja“ ist keine Adresse"),
    ("{eq: [ort.postcode, 4890]}", "verglichen wird damit ein Text"),
    ("{eq: [datei, x]}", "„datei“ ist Dateien"),
    ("{present: g}", "„g“ ist Gruppe ohne Wiederholung"),
    ("{eq: [in-r, x]}", "steht in der Wiederholung „r“"),
    ("{lt: [zahl, {field: tag}]}", "das lässt sich nicht vergleichen"),
    ("{lt: [zahl, {field: weg}]}", "das Feld „weg“ gibt es nicht"),
]


@pytest.mark.parametrize(("condition", "reason"), CONDITIONS)
def test_a_condition_of_the_wrong_type_is_refused(condition, reason):
    found = mistakes(
        f"{WITH_TWO}      - id: f\n        type: text\n"
        f"        label: F\n        show: {condition}\n"
    )
    assert len(found) == 1
    assert found[0][0] == 21
    assert reason in found[0][1]


RULES = [
    (
        "checks: [{id: c, when: {eq: [ja, true]}, at: weg, message: M}]",
        "„weg“ ist kein Feld außerhalb",
    ),
    ("fees: [{id: f, label: F, amount: 5}]", "hier muss ein Text stehen"),
    ("fees: [{id: f, label: F, amount: '5'}]", "passt nicht zur Schreibweise"),
    ("fees: [{id: f, label: F, amount: '5.00', per: ja}]", "weder eine ganze Zahl noch"),
    (
        "fees: [{id: f, label: F, amount: '5.00'}, {id: f, label: G, amount: '5.00'}]",
        "Gebühr „f“ gibt es schon",
    ),
    ("prefill: {ja: account.email}", "account.email passt nicht zu einem Feld vom Typ yesno"),
    ("prefill: {weg: account.email}", "„weg“ ist kein Feld außerhalb"),
    ("prefill: {ja: account.password}", "erlaubt ist hier: 'account.given_name'"),
    ("codelists: {l: [{value: x, label: X}, {value: x, label: X}]}", "der Wert „x“ steht 2 Mal da"),
    ("anonymous: vielleicht", "erlaubt ist hier: 'allowed' or 'refused'"),
    ("anonymous_when: {eq: [weg, x]}", "das Feld „weg“ gibt es nicht"),
    ("farbe: rot", "den Schlüssel „farbe“ gibt es hier nicht"),
]


@pytest.mark.parametrize(("rule", "reason"), RULES)
def test_a_bad_rule_is_named_with_its_line(rule, reason):
    found = mistakes(f"{WITH_TWO}{rule}\n")
    assert [line for line, _ in found] == [18]
    assert reason in found[0][1]


SYNTAX = [
    ("schema: 1\n\tform: x\n", 2, "statt Tabulatoren bitte Leerzeichen"),
    ("schema: 1\nform: a: b\n", 2, "ein Doppelpunkt zu viel"),
    ("schema: 1\nform: {a: b\n", 3, "es fehlt eine geschweifte Klammer"),
    ("schema: 1\nform: 'x\n", 3, "ein Anführungszeichen wird nicht geschlossen"),
    ("schema: 1\nschema: 1\n", 2, "der Schlüssel „schema“ steht doppelt"),
    ("a: &x 1\nb: *x\n", 1, "Anker und Verweise"),
    ("a: !!python/object/apply:os.system [ls]\n", 1, "Typangaben mit ! sind nicht erlaubt"),
    ("[" * 200 + "]" * 200, 1, "zu tief verschachtelt"),
    ("? [a]\n: b\n", 1, "ein Schlüssel ist immer ein Wort"),
    ("schema: 1\n\x07", 2, "ein Steuerzeichen"),
    ("", 1, "das Dokument ist leer"),
    ("- 1\n", 1, "ein Formular beginnt mit Schlüsseln"),
    ("a: 1\n---\nb: 2\n", 2, "in einer Datei steht genau ein Dokument"),
]


@pytest.mark.parametrize(("text", "line", "reason"), SYNTAX)
def test_broken_yaml_is_named_with_its_line(text, line, reason):
    found = mistakes(text)
    assert (found[0][0], reason in found[0][1]) == (line, True), found


JSON = [
    ('{"schema": 1,\n "form": }', 2, "kein gültiges JSON"),
    ('{"schema": 1,\n "schema": 1}', 2, "der Schlüssel „schema“ steht doppelt"),
    ('{"schema": NaN}', 1, "NaN ist keine Zahl"),
    ("[" * 100_000, 1, "zu tief verschachtelt"),
    ('{\n\t"schema": 2\n}', 2, "erlaubt ist hier: 1"),
    ("[]", 1, "ein Formular beginnt mit Schlüsseln"),
]


@pytest.mark.parametrize(("text", "line", "reason"), JSON)
def test_broken_json_is_named_with_its_line(text, line, reason):
    found = mistakes(text, load_json)
    assert any(where == line and reason in said for where, said in found), found


def test_a_document_that_is_too_large_is_refused():
    assert mistakes("a: " + "x" * 2_000_001) == [(1, "das Dokument hat mehr als 2.000.000 Zeichen")]


def test_all_mistakes_are_reported_at_once():
    found = mistakes(f"{HEAD}      - {{id: a, type: text}}\n      - {{id: b, type: yesno}}\n")
    assert found == [(9, "„label“ fehlt"), (10, "„label“ fehlt")]


def test_ids_are_unique_wherever_they_stand():
    text = f"{WITH_TWO}      - {{id: in-r, type: text, label: I}}\n"
    assert mistakes(text) == [(18, "Feld „in-r“ gibt es schon: jede id nur einmal")]


CIRCLES = [
    (
        "a → b → a",
        "      - {id: a, type: text, label: A, show: {eq: [b, x]}}\n"
        "      - {id: b, type: text, label: B, show: {eq: [a, x]}}\n",
    ),
    (
        "g → a → g",
        "      - {id: g, type: group, label: G, show: {present: a},"
        " fields: [{id: a, type: text, label: A}]}\n",
    ),
]


@pytest.mark.parametrize(("path", "fields"), CIRCLES)
def test_circles_are_refused_with_the_path_named(path, fields):
    [(line, reason)] = mistakes(HEAD + fields)
    names = reason.removeprefix("Bedingungen im Kreis: ").split(" → ")
    assert names[0] == names[-1]
    assert set(names) == set(path.split(" → "))
    assert line in (9, 10)


def test_a_page_that_depends_on_itself_is_refused():
    text = HEAD.replace("    title: P\n", "    title: P\n    show: {present: a}\n")
    [(line, reason)] = mistakes(f"{text}      - {{id: a, type: text, label: A}}\n")
    assert reason.startswith("Bedingungen im Kreis: ")
    assert line in (8, 10)


def test_words_like_no_and_days_stay_text():
    document = load_yaml(
        HEAD
        + "      - {id: a, type: choice, label: no, options: [{value: no, label: 2026-01-01}]}\n"
    )
    [field] = document.pages[0].fields
    assert (field.label, field.options[0].value) == ({"de": "no"}, "no")
    assert field.options[0].label == {"de": "2026-01-01"}


def test_json_and_yaml_say_the_same(example):
    assert load_json(canonical(as_json(example)).decode()) == example


def test_the_meta_schema_names_every_kind_of_field():
    schema = meta_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"TextField", "AddressField", "Group", "Equal", "Not"} <= set(schema["$defs"])
