"""The sheet that shows what was answered, in the reader's language."""

import pytest

from rathaus.services.forms.sheet import Line, Part, sheet
from rathaus.services.forms.tests.written_answers import ADDRESS, OPTIONS, form_of, one
from rathaus.services.forms.tests.written_forms import TODAY

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
