"""An answer to a question: right, wrong, or none."""

import pytest

from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.messages import message
from rathaus.services.forms.reading import is_blank
from rathaus.services.forms.tests.written_answers import ADDRESS, LABEL, OPTIONS, STORED, one
from rathaus.services.forms.tests.written_forms import TODAY


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
