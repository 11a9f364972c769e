"""What a browser posts, read into answers."""

import pytest

from rathaus.services.forms.posting import clean, read_page, rows_of, typed
from rathaus.services.forms.tests.written_answers import ADDRESS, GROUPS, STORED, form_of, one


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
