"""Reading, posting, writing and finding answers: exact at every limit."""

from datetime import date

import pytest

from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.messages import message
from rathaus.services.forms.paths import (
    RowChange,
    answer_at,
    file_ids,
    identifier_of,
    with_answer_at,
    with_rows_changed,
)
from rathaus.services.forms.posting import clean, read_page, rows_of, typed
from rathaus.services.forms.reading import is_blank
from rathaus.services.forms.sheet import Line, Part, sheet

TODAY = date(2026, 11, 22)
ADDRESS = {"street": "Rathausplatz", "number": "5", "postcode": "4890", "place": "Lindenfurt"}
STORED = {**ADDRESS, "door": "", "listed": False}
OPTIONS = [{"value": "x", "label": "X"}, {"value": "y", "label": {"de": "Ypsilon", "en": "Y"}}]
LABEL = {"de": "Frage", "en": "Question"}


def form_of(*fields: dict[str, object], **rest: object) -> CompiledForm:
    page = {"id": "p", "title": {"de": "Seite", "en": "Page"}, "fields": [*fields]}
    plain = {"schema": 1, "form": "x", "service": "x", "title": "X", "pages": [page], **rest}
    return CompiledForm(FormDocument.model_validate(plain))


def one(**field: object) -> CompiledForm:
    return form_of({"id": "f", "label": LABEL, **field})


def told(form: CompiledForm, answer: object) -> tuple[object, object]:
    """What is kept of an answer, and the mistake in both languages."""
    evaluation = form.evaluate({"f": answer}, today=TODAY)
    texts = [problem.text for problem in evaluation.problems]
    assert [(problem.path, problem.page) for problem in evaluation.problems] == [
        ("f", "p") for _ in texts
    ]
    return evaluation.answers.get("f"), texts[0] if texts else None


IN_BOTH = {"de": "1234,5", "en": "1234.5"}
MISTAKES = [
    ({"type": "text"}, None, None, "missing", ""),
    ({"type": "choice", "options": OPTIONS}, None, None, "missing_choice", ""),
    ({"type": "multiple", "options": OPTIONS}, None, None, "missing_choice", ""),
    ({"type": "yesno"}, None, None, "missing_choice", ""),
    ({"type": "files"}, None, None, "missing_file", ""),
    ({"type": "declaration"}, None, None, "missing_declaration", ""),
    ({"type": "declaration"}, "true", None, "missing_declaration", ""),
    ({"type": "text"}, ["a"], None, "unreadable", ""),
    ({"type": "text"}, "\x1f.", None, "unreadable", ""),
    ({"type": "text"}, "a\x7f", None, "unreadable", ""),
    ({"type": "text", "max_length": 3}, "abcd", "abcd", "too_long", 3),
    ({"type": "text", "min_length": 3}, "ab", "ab", "too_short", 3),
    ({"type": "number"}, "x", None, "not_whole", ""),
    ({"type": "number"}, "1.5", None, "not_whole", ""),
    ({"type": "number"}, "1234567890123", None, "not_whole", ""),
    ({"type": "number", "decimals": 1}, True, None, "not_a_number", ""),
    ({"type": "number", "decimals": 1}, "1.55", None, "too_many_decimals", 1),
    ({"type": "number", "min": 2}, 1, 1, "too_small", "2"),
    ({"type": "number", "max": 1500}, 1501, 1501, "too_large", "1500"),
    ({"type": "number", "decimals": 2, "max": "1234.5"}, "1235", "1235.00", "too_large", IN_BOTH),
    ({"type": "date"}, 20_261_122, None, "not_a_day", ""),
    ({"type": "date"}, "2026-W47-7", None, None, ""),
    ({"type": "date", "min": "today"}, "2026-11-21", "2026-11-21", "too_early_by_today", ""),
    ({"type": "date", "max": "today"}, "2026-11-23", "2026-11-23", "too_late_by_today", ""),
    (
        {"type": "date", "min": "2026-12-01"},
        "2026-11-30",
        "2026-11-30",
        "too_early",
        {"de": "01.12.2026", "en": "1 Dec 2026"},
    ),
    (
        {"type": "date", "max": "today+14d"},
        "2026-12-07",
        "2026-12-07",
        "too_late",
        {"de": "06.12.2026", "en": "6 Dec 2026"},
    ),
    ({"type": "date"}, "31. 2. 2026", None, "no_such_day", "31. 2. 2026"),
    ({"type": "date"}, "am 31.02.2026", None, "not_a_day", ""),
    ({"type": "number", "decimals": 2}, "2.500", None, "too_many_decimals", 2),
    ({"type": "choice", "options": OPTIONS}, ["x"], None, "not_an_option", ""),
    ({"type": "choice", "options": OPTIONS}, "X", None, "not_an_option", ""),
    ({"type": "multiple", "options": OPTIONS}, "x", None, "not_an_option", ""),
    ({"type": "multiple", "options": OPTIONS}, ["x", "z"], None, "not_an_option", ""),
    ({"type": "multiple", "options": OPTIONS, "min": 2}, ["x"], ["x"], "too_few_options", 2),
    (
        {"type": "multiple", "options": OPTIONS, "max": 1},
        ["y", "x"],
        ["x", "y"],
        "too_many_options",
        1,
    ),
    ({"type": "yesno"}, 1, None, "not_an_option", ""),
    ({"type": "address"}, "Rathausplatz", None, "unreadable", ""),
    ({"type": "address"}, {**ADDRESS, "door": ["1"]}, None, "unreadable", ""),
    ({"type": "address"}, {**ADDRESS, "door": "1\x00"}, None, "unreadable", ""),
    ({"type": "address"}, {**ADDRESS, "door": "1" * 201}, None, "unreadable", ""),
    ({"type": "iban"}, 5, None, "not_an_iban", ""),
    ({"type": "iban"}, "AT611904300234573200", None, "not_an_iban", ""),
    ({"type": "email"}, "a@b", None, "not_an_email", ""),
    ({"type": "email"}, "a@" + "b" * 250 + ".at", None, "not_an_email", ""),
    ({"type": "phone"}, "12", None, "not_a_phone", ""),
    ({"type": "files"}, "datei", None, "missing_file", ""),
    ({"type": "files"}, ["datei"], None, "missing_file", ""),
    (
        {"type": "files", "max_files": 1},
        [{"id": "1"}, {"id": "2"}],
        [{"id": "1"}, {"id": "2"}],
        "too_many_files",
        1,
    ),
]


@pytest.mark.parametrize(("field", "answer", "kept", "key", "limit"), MISTAKES)
def test_a_mistake_is_told_and_what_was_readable_is_kept(field, answer, kept, key, limit):
    expected = message(key, LABEL, limit=limit) if key else None
    if expected is None:
        assert told(one(**field), answer) == ("2026-11-22", None)
    else:
        assert told(one(**field), answer) == (kept, expected)


@pytest.mark.parametrize("missing", ["street", "number", "postcode", "place"])
def test_an_address_needs_four_parts(missing):
    expected = message("address_incomplete", LABEL)
    assert told(one(type="address"), {**ADDRESS, missing: " "}) == (
        {**STORED, missing: ""},
        expected,
    )
    rest = {key: part for key, part in ADDRESS.items() if key != missing}
    assert told(one(type="address"), rest) == ({**STORED, missing: ""}, expected)


def test_an_address_of_the_city_is_marked_by_the_city():
    listed = one(type="address", only_listed=True)
    assert told(listed, {**ADDRESS, "listed": True}) == ({**STORED, "listed": True}, None)
    assert told(listed, {**ADDRESS, "listed": "true"}) == (
        STORED,
        message("address_not_listed", LABEL),
    )
    assert told(one(type="address"), {**ADDRESS, "postcode": "489"}) == (
        {**STORED, "postcode": "489"},
        message("address_postcode", LABEL),
    )


RIGHT = [
    ({"type": "text", "max_length": 3}, "abc", "abc"),
    ({"type": "text", "min_length": 3}, "abc", "abc"),
    ({"type": "text", "required": False, "min_length": 3}, None, None),
    ({"type": "number", "min": 2, "max": 2}, 2, 2),
    ({"type": "number"}, "123456789012", 123_456_789_012),
    ({"type": "number"}, -3, -3),
    ({"type": "number", "decimals": 1}, 0, "0.0"),
    ({"type": "date", "min": "today", "max": "today"}, "2026-11-22", "2026-11-22"),
    ({"type": "multiple", "options": OPTIONS, "min": 2, "max": 2}, ["y", "x"], ["x", "y"]),
    ({"type": "yesno", "required": False}, False, False),
    ({"type": "declaration", "required": False}, "ja", None),
    ({"type": "address"}, {**ADDRESS, "door": "1" * 200}, {**STORED, "door": "1" * 200}),
    ({"type": "address"}, {**ADDRESS, "door": None, "street": " R "}, {**STORED, "street": "R"}),
    ({"type": "email"}, " a@b.at ", "a@b.at"),
    ({"type": "email"}, "a@" + "b" * 249 + ".at", "a@" + "b" * 249 + ".at"),
    ({"type": "phone"}, "0660  12   3", "0660 12 3"),
    ({"type": "files", "max_files": 1}, [{"id": "1"}], [{"id": "1"}]),
]


@pytest.mark.parametrize(("field", "answer", "kept"), RIGHT)
def test_a_right_answer_at_its_limit(field, answer, kept):
    assert told(one(**field), answer) == (kept, None)


@pytest.mark.parametrize(
    ("answer", "blank"),
    [
        (None, True),
        ("", True),
        (" \t\n", True),
        ("a", False),
        ([], True),
        ([""], False),
        ({}, True),
        ({"listed": True}, True),
        ({"street": " ", "place": None}, True),
        ({"place": "L"}, False),
        (0, False),
        (False, False),
    ],
)
def test_what_is_no_answer(answer, blank):
    assert is_blank(answer) is blank


def test_a_sentence_falls_back_to_the_german_label():
    assert message("too_few_rows", {"de": "Hunde"}, limit=2, item={"de": "Hund"}) == {
        "de": "Bitte fügen Sie bei „Hunde“ mindestens 2 Mal „Hund“ hinzu.",
        "en": "Please add “Hund” at least 2 times to “Hunde”.",
    }
    both = message("too_many_rows", {"de": "Hunde", "en": "Dogs"}, item={"de": "H", "en": "Dog"})
    assert both == {
        "de": "Bei „Hunde“ ist höchstens  Mal „H“ möglich.",
        "en": "“Dog” is possible at most  times in “Dogs”.",
    }
    assert message("too_many_rows", {"de": "Hunde", "en": "Dogs"}, limit=1) == {
        "de": "Bei „Hunde“ ist höchstens 1 Mal „Hunde“ möglich.",
        "en": "“Dogs” is possible at most 1 times in “Dogs”.",
    }


GROUPS = [
    {"id": "v", "type": "text", "label": "V"},
    {
        "id": "g",
        "type": "group",
        "label": "G",
        "fields": [{"id": "a", "type": "number", "label": "A"}],
    },
    {
        "id": "r",
        "type": "group",
        "label": "R",
        "repeat": {"item": "I"},
        "fields": [
            {"id": "b", "type": "yesno", "label": "B"},
            {"id": "c", "type": "address", "label": "C"},
            {"id": "d", "type": "files", "label": "D"},
        ],
    },
    {"id": "m", "type": "multiple", "label": "M", "options": OPTIONS},
    {"id": "t", "type": "declaration", "label": "T"},
]


def posted(names: dict[str, list[str]], earlier: dict[str, object]) -> dict[str, object]:
    return read_page(form_of(*GROUPS).document.pages[0], names, earlier)


def test_a_post_is_read_into_groups_and_rows():
    names = {
        "v": ["vorher"],
        "a": ["1.234,5"],
        "r.count": ["2"],
        "r.0.b": ["true"],
        "r.1.b": ["false"],
        "r.1.c.street": [" Gasse "],
        "r.1.c.door": [""],
        "m": ["", "x"],
        "t": ["", "true"],
    }
    assert posted(names, {}) == {
        "v": "vorher",
        "a": "1234.5",
        "r": [{"b": True}, {"b": False, "c": {"street": "Gasse", "door": "", "listed": False}}],
        "m": ["x"],
        "t": True,
    }


def test_what_was_not_posted_stays_as_it_was():
    earlier = {
        "a": 5,
        "r": [{"b": True, "c": STORED, "d": [{"id": "1"}]}, "kaputt"],
        "m": ["y"],
        "t": True,
        "fremd": 1,
    }
    assert posted({}, earlier) == {key: earlier[key] for key in ("a", "r", "m", "t")}
    assert posted({"r.count": ["2"], "m": [""], "t": [""]}, earlier) == {
        "a": 5,
        "r": [{"b": True, "c": STORED, "d": [{"id": "1"}]}, {}],
        "m": [],
        "t": False,
    }


@pytest.mark.parametrize(
    ("count", "rows"), [("0", 0), ("1", 1), ("100", 100), ("101", 100), ("999", 100)]
)
def test_rows_are_counted_up_to_a_hundred(count, rows):
    assert posted({"r.count": [count]}, {}) == {"r": [{}] * rows}


@pytest.mark.parametrize("count", ["", "x", "-1", "1000", "1x"])
def test_a_count_that_is_no_number_changes_nothing(count):
    assert posted({"r.count": [count]}, {"r": [{"b": True}]}) == {"r": [{"b": True}]}
    assert posted({"r.count": [count]}, {}) == {}


def test_a_listed_address_stays_listed_while_it_is_the_same():
    page = one(type="address").document.pages[0]
    before = {"f": {**STORED, "listed": True}}
    assert read_page(page, {"f.street": ["Rathausplatz"]}, before) == before
    assert read_page(page, {"f.street": ["Gasse"]}, before) == {
        "f": {**STORED, "street": "Gasse", "listed": False}
    }
    assert read_page(page, {"f.door": [""]}, {"f": {**ADDRESS, "listed": True}}) == {
        "f": {**ADDRESS, "door": "", "listed": True}
    }
    assert read_page(page, {"f.place": ["L"]}, {"f": "kaputt"}) == {
        "f": {"place": "L", "listed": False}
    }


TYPED = [
    ("number", "1.234.567", "1234567"),
    ("number", "1234.567", "1234.567"),
    ("number", "-1.234,5", "-1234.5"),
    ("number", "+5", "+5"),
    ("number", "€ 1 234,50", "1234.50"),
    ("number", "€1,234.50", "1234.50"),
    ("number", "-1,234,567", "-1234567"),
    ("number", "2,500", "2.500"),
    ("number", "12,34.50", "12,34.50"),
    ("number", "12a", "12a"),
    ("number", "5 Stück", "5 Stück"),
    ("date", "01.02.2026", "2026-02-01"),
    ("date", "1. 2. 2026", "2026-02-01"),
    ("date", "30.2.2026", "30.2.2026"),
    ("date", "1.2.26", "1.2.26"),
    ("yesno", "false", False),
    ("yesno", "True", None),
    ("text", "  a b  ", "a b"),
    ("iban", "at61", "at61"),
]


@pytest.mark.parametrize(("kind", "text", "answer"), TYPED)
def test_typed_text_becomes_an_answer(kind, text, answer):
    assert read_page(one(type=kind).document.pages[0], {"f": [text]}, {}).get("f") == answer


def test_text_is_cleaned_but_not_changed():
    assert clean("a\r\nb\rc\nd") == "a\nb\nc\nd"
    assert clean(" a\tb\x08\ufeff\u2066 ") == "a\tb"
    assert clean("u\u0308" * 2) == "üü"
    assert clean("a" * 20_001) == "a" * 20_000


@pytest.mark.parametrize(
    ("answer", "rows"), [(None, []), ("x", []), ([{"a": 1}, 5, {}], [{"a": 1}, {}])]
)
def test_rows_are_what_is_a_row(answer, rows):
    assert rows_of(answer) == rows


@pytest.mark.parametrize(
    ("kind", "answer", "text"),
    [
        ("number", "1234.50", "1234,50"),
        ("number", 5, "5"),
        ("number", None, ""),
        ("date", "2026-11-02", "02.11.2026"),
        ("date", "morgen", "morgen"),
        ("text", "2026-11-02", "2026-11-02"),
        ("text", "a.b", "a.b"),
    ],
)
def test_an_answer_as_people_type_it(kind, answer, text):
    assert typed(kind, answer) == text


def test_answers_by_their_path():
    answers = {"a": 1, "g": [{"b": 2}, {"b": 3}]}
    assert [identifier_of(path) for path in ("a", "g.1.b")] == ["a", "b"]
    assert [answer_at(answers, path) for path in ("a", "weg", "g.0.b", "g.1.b", "g.1.c")] == [
        1, None, 2, 3, None,
    ]  # fmt: skip
    assert [answer_at(answers, path) for path in ("g.2.b", "g.-1.b", "a.0.b", "weg.0.b")] == [
        None
    ] * 4
    assert with_answer_at(answers, "a", 5) == {"a": 5, "g": [{"b": 2}, {"b": 3}]}
    assert with_answer_at(answers, "n", 5) == {**answers, "n": 5}
    assert with_answer_at(answers, "g.1.c", 5) == {"a": 1, "g": [{"b": 2}, {"b": 3, "c": 5}]}
    assert answers == {"a": 1, "g": [{"b": 2}, {"b": 3}]}


@pytest.mark.parametrize("path", ["g.2.b", "g.x.b", "a.0.b", "weg.0.b"])
def test_no_answer_where_no_row_is(path):
    with pytest.raises(LookupError) as refused:
        with_answer_at({"a": 1, "g": [{"b": 2}, {"b": 3}]}, path, 5)
    assert refused.value.args == (path,)


def test_rows_are_added_and_taken_away():
    outline = form_of(*GROUPS).outline
    answers = {"a": 1, "r": [{"b": True}, {"b": False}]}
    assert with_rows_changed(outline, answers, RowChange("r")) == {
        "a": 1,
        "r": [{"b": True}, {"b": False}, {}],
    }
    assert with_rows_changed(outline, answers, RowChange("r", 0)) == {"a": 1, "r": [{"b": False}]}
    assert with_rows_changed(outline, answers, RowChange("r", 5)) == answers
    full = {"r": [{}] * 10}
    assert with_rows_changed(outline, full, RowChange("r")) == full
    for other in ("g", "a", "weg"):
        assert with_rows_changed(outline, answers, RowChange(other)) is answers


def test_every_file_is_found_and_nothing_else():
    file = {"id": "1", "sha256": "x"}
    rows = [{"f": [{**file, "id": "2"}], "id": "zeile"}, {"n": [{"id": 5, "sha256": "x"}]}]
    assert file_ids({"a": [file, {"id": "fremd"}], "r": rows, "t": "x"}) == ["1", "2"]


SHEET = (
    {"id": "t", "type": "text", "label": {"de": "Text", "en": "Words"}, "multiline": True},
    {"id": "s", "type": "text", "label": "Kurz"},
    {"id": "z", "type": "number", "label": "Zahl", "unit": {"de": "Stück", "en": "pieces"}},
    {"id": "y", "type": "yesno", "label": "Ja?"},
    {"id": "d", "type": "declaration", "label": "Wahr"},
    {"id": "o", "type": "choice", "label": "Wahl", "options": OPTIONS},
    {"id": "m", "type": "multiple", "label": "Viele", "codelist": "l"},
    {"id": "a", "type": "address", "label": "Ort"},
    {"id": "i", "type": "iban", "label": "Konto"},
    {"id": "e", "type": "files", "label": "Anlagen"},
    {"id": "h", "type": "text", "label": "Versteckt", "show": {"eq": ["y", False]}},
    {
        "id": "g",
        "type": "group",
        "label": "G",
        "fields": [{"id": "n", "type": "date", "label": "Tag"}],
    },
    {
        "id": "r",
        "type": "group",
        "label": "R",
        "repeat": {"item": {"de": "Hund", "en": "Dog"}},
        "fields": [{"id": "w", "type": "text", "label": {"de": "Name", "en": "Called"}}],
    },
)
CODELISTS = {"l": [*OPTIONS, {"value": "z", "label": "Zett"}]}
ANSWERS = {
    "t": "Lang",
    "z": 1500,
    "y": True,
    "d": True,
    "o": "y",
    "m": ["z", "y"],
    "a": {**ADDRESS, "door": "2"},
    "i": "AT611904300234573201",
    "e": [{"id": "1", "name": "a.pdf"}, {"id": "2", "name": "b.pdf"}],
    "n": "2026-11-02",
    "r": [{"w": "Bello"}, {}],
}


def sheet_in(language: str) -> tuple[Part, ...]:
    form = form_of(*SHEET, codelists=CODELISTS)
    return sheet(form.outline, form.evaluate(ANSWERS, today=TODAY), language)


def test_a_sheet_is_written_in_german():
    assert sheet_in("de") == (
        Part(
            "p",
            "Seite",
            (
                Line("t", "Text", "Lang", is_long=True),
                Line("s", "Kurz", ""),
                Line("z", "Zahl", "1500 Stück"),
                Line("y", "Ja?", "Ja"),
                Line("d", "Wahr", "Ja"),
                Line("o", "Wahl", "Ypsilon"),
                Line("m", "Viele", "Ypsilon, Zett"),
                Line("a", "Ort", "Rathausplatz 5/2, 4890 Lindenfurt"),
                Line("i", "Konto", "AT61 1904 3002 3457 3201"),
                Line("e", "Anlagen", "a.pdf\nb.pdf", is_files=True),
                Line("n", "Tag", "02.11.2026"),
                Line("r.0.w", "Hund 1: Name", "Bello"),
                Line("r.1.w", "Hund 2: Name", ""),
            ),
        ),
    )


def test_a_sheet_is_written_in_english_where_it_can_be():
    [part] = sheet_in("en")
    assert part.title == "Page"
    written = {line.path: (line.label, line.text) for line in part.lines}
    assert written["t"] == ("Words", "Lang")
    assert written["z"] == ("Zahl", "1500 pieces")
    assert written["y"] == ("Ja?", "Yes")
    assert written["m"] == ("Viele", "Y, Zett")
    assert written["r.1.w"] == ("Dog 2: Called", "")


def test_a_sheet_in_another_language_is_german():
    assert sheet_in("fr") == sheet_in("de")


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ({"street": "Gasse", "number": "1"}, "Gasse 1"),
        ({"postcode": "4890", "place": "L"}, "4890 L"),
        ({"street": "Gasse", "door": "3", "place": "L"}, "Gasse/3, L"),
        ({"number": "1", "postcode": "4890"}, "1, 4890"),
    ],
)
def test_half_an_address_is_written_as_it_is(address, text):
    form = one(type="address")
    [part] = sheet(form.outline, form.evaluate({"f": address}, today=TODAY), "de")
    assert part.lines == (Line("f", "Frage", text),)
