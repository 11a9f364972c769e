"""What each kind of answer means, what is wrong with it, and how it is typed and written."""

from datetime import date

import pytest

from rathaus.core.iban import compact, is_iban
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.days import day_from
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.posting import clean, read_page, typed
from rathaus.services.forms.sheet import sheet
from rathaus.services.forms.tests.written_answers import ADDRESS, OPTIONS
from rathaus.services.forms.tests.written_forms import TODAY


def form_with(**field: object) -> CompiledForm:
    one = {"id": "f", "label": "Frage", **field}
    page = {"id": "p", "title": "P", "fields": [one]}
    plain = {"schema": 1, "form": "x", "service": "x", "title": "X", "pages": [page]}
    return CompiledForm(FormDocument.model_validate(plain))


def outcome(form: CompiledForm, answer: object) -> object:
    """The stored answer if it is right, else the German sentence."""
    evaluation = form.evaluate({"f": answer}, today=TODAY)
    if evaluation.problems:
        [problem] = evaluation.problems
        assert set(problem.text) >= {"de"}
        return problem.text["de"]
    return evaluation.answers.get("f")


RIGHT = [
    ({"type": "text"}, " Ada ", "Ada"),
    ({"type": "text", "pattern": "[0-9]{3}", "pattern_message": "M"}, "123", "123"),
    ({"type": "number"}, 12, 12),
    ({"type": "number"}, "12.0", 12),
    ({"type": "number", "decimals": 2}, "12.5", "12.50"),
    ({"type": "number", "min": 1, "max": 3}, 3, 3),
    ({"type": "date", "min": "today", "max": "today+14d"}, "2026-12-06", "2026-12-06"),
    ({"type": "choice", "options": OPTIONS}, "x", "x"),
    ({"type": "multiple", "options": OPTIONS}, ["y", "x"], ["x", "y"]),
    ({"type": "yesno"}, False, False),
    ({"type": "declaration"}, True, True),
    ({"type": "declaration", "required": False}, False, None),
    ({"type": "address"}, ADDRESS, {**ADDRESS, "door": "", "listed": False}),
    ({"type": "iban"}, "at61 1904 3002 3457 3201", "AT611904300234573201"),
    ({"type": "email"}, "a.b+c@example.co.at", "a.b+c@example.co.at"),
    ({"type": "phone"}, "+43  660 123 45 67", "+43 660 123 45 67"),
    ({"type": "files"}, [{"id": "1", "name": "a.pdf"}], [{"id": "1", "name": "a.pdf"}]),
    ({"type": "text", "required": False}, "", None),
]


@pytest.mark.parametrize(("field", "answer", "stored"), RIGHT)
def test_a_right_answer_is_kept_in_one_notation(field, answer, stored):
    assert outcome(form_with(**field), answer) == stored


UNREADABLE = "Bitte geben Sie „Frage“ noch einmal ein: Da sind Zeichen, die wir nicht lesen können."
NUMBER = "Bitte geben Sie bei „Frage“ eine Zahl ein, zum Beispiel 12,50."
WHOLE = "Bitte geben Sie bei „Frage“ eine ganze Zahl ein, zum Beispiel 12."
DECIMALS = "Bitte geben Sie „Frage“ mit höchstens 2 Stellen nach dem Komma an."
WRONG = [
    ({"type": "text"}, "", "Bitte füllen Sie „Frage“ aus."),
    ({"type": "text"}, " \n", "Bitte füllen Sie „Frage“ aus."),
    ({"type": "text"}, 5, UNREADABLE),
    ({"type": "text"}, "a\x00b", UNREADABLE),
    ({"type": "text"}, "\ud800", UNREADABLE),
    ({"type": "text"}, "A" * 10_000, "Bitte kürzen Sie „Frage“ auf höchstens 200 Zeichen."),
    ({"type": "text", "min_length": 3}, "ab", "„Frage“ braucht mindestens 3 Zeichen."),
    (
        {"type": "text", "pattern": "[0-9]{3}", "pattern_message": "Drei Ziffern."},
        "1234",
        "Drei Ziffern.",
    ),
    ({"type": "number"}, "12.5", WHOLE),
    ({"type": "number"}, True, WHOLE),
    ({"type": "number", "decimals": 2}, "viel", NUMBER),
    (
        {"type": "number", "decimals": 2},
        "1.005",
        DECIMALS,
    ),
    ({"type": "number", "decimals": 2}, "1e5", NUMBER),
    ({"type": "number", "decimals": 2}, "2.500", DECIMALS),
    ({"type": "number"}, "2.000", WHOLE),
    (
        {"type": "number", "decimals": 2, "max": 10_000, "unit": "€"},
        "10000.01",
        "„Frage“ darf höchstens € 10.000,00 sein.",
    ),
    ({"type": "number", "min": 1000}, 999, "„Frage“ muss mindestens 1000 sein."),
    ({"type": "number", "decimals": 1, "max": "2.5"}, 3, "„Frage“ darf höchstens 2,5 sein."),
    (
        {"type": "date"},
        "31.02.2026",
        "Den 31.02.2026 gibt es nicht. Bitte prüfen Sie „Frage“.",
    ),
    (
        {"type": "date"},
        "20260101",
        "Bitte geben Sie bei „Frage“ ein Datum mit vier Ziffern für das Jahr ein, "
        "zum Beispiel 22.11.2026.",
    ),
    (
        {"type": "date", "min": "today"},
        "2026-11-21",
        "„Frage“ darf nicht in der Vergangenheit liegen.",
    ),
    (
        {"type": "date", "max": "today"},
        "2026-11-23",
        "„Frage“ darf nicht in der Zukunft liegen.",
    ),
    ({"type": "choice", "options": OPTIONS}, None, "Bitte wählen Sie bei „Frage“ eine Antwort."),
    (
        {"type": "choice", "options": OPTIONS},
        "z",
        "Bitte wählen Sie bei „Frage“ eine der Antworten.",
    ),
    ({"type": "multiple", "options": OPTIONS}, [], "Bitte wählen Sie bei „Frage“ eine Antwort."),
    (
        {"type": "multiple", "options": OPTIONS},
        ["z"],
        "Bitte wählen Sie bei „Frage“ eine der Antworten.",
    ),
    (
        {"type": "multiple", "options": OPTIONS, "min": 2},
        ["x"],
        "Zu wenige Antworten bei „Frage“: Bitte wählen Sie mindestens 2.",
    ),
    (
        {"type": "multiple", "options": OPTIONS, "max": 1},
        ["x", "y"],
        "Zu viele Antworten bei „Frage“: Bitte wählen Sie höchstens 1.",
    ),
    ({"type": "yesno"}, "ja", "Bitte wählen Sie bei „Frage“ eine der Antworten."),
    ({"type": "declaration"}, False, "Bitte bestätigen Sie: Frage"),
    ({"type": "address"}, {"street": " "}, "Bitte füllen Sie „Frage“ aus."),
    (
        {"type": "address"},
        {"street": "A"},
        "Bitte geben Sie bei „Frage“ Straße, Hausnummer, Postleitzahl und Ort an.",
    ),
    (
        {"type": "address"},
        {**ADDRESS, "postcode": "A-1"},
        "Bitte prüfen Sie die Postleitzahl bei „Frage“: Sie hat vier oder fünf Ziffern.",
    ),
    (
        {"type": "address"},
        {**ADDRESS, "street": ["A"]},
        UNREADABLE,
    ),
    (
        {"type": "address", "only_listed": True},
        ADDRESS,
        "Bitte suchen Sie „Frage“ im Adressverzeichnis der Stadt und wählen Sie einen Treffer.",
    ),
    (
        {"type": "iban"},
        "AT611904300234573202",
        "Bitte prüfen Sie „Frage“. So sieht eine IBAN aus: AT61 1904 3002 3457 3201.",
    ),
    (
        {"type": "email"},
        "ada@lokal",
        "Bitte geben Sie bei „Frage“ eine E-Mail-Adresse ein, zum Beispiel name@beispiel.at.",
    ),
    (
        {"type": "phone"},
        "anrufen",
        "Bitte geben Sie bei „Frage“ eine Telefonnummer ein, zum Beispiel +43 660 1234567.",
    ),
    ({"type": "files"}, [], "Bitte laden Sie bei „Frage“ eine Datei hoch."),
    (
        {"type": "files", "max_files": 1},
        [{"id": "1"}, {"id": "2"}],
        "Zu viele Dateien bei „Frage“: Bitte lassen Sie höchstens 1 stehen.",
    ),
]


@pytest.mark.parametrize(("field", "answer", "sentence"), WRONG)
def test_a_wrong_answer_is_told_in_one_sentence(field, answer, sentence):
    assert outcome(form_with(**field), answer) == sentence


IBANS = [
    ("AT611904300234573201", True),
    ("DE89370400440532013000", True),
    ("CH9300762011623852957", True),
    ("MT84MALT011000012345MTLCAST001S", True),
    ("AT611904300234573210", False),
    ("AT61190430023457320", False),
    ("XX611904300234573201", False),
    ("at611904300234573201", False),
    ("", False),
]


@pytest.mark.parametrize(("number", "valid"), IBANS)
def test_ibans(number, valid):
    assert is_iban(number) is valid


def test_an_iban_is_written_without_spaces():
    assert compact("at61 1904\t3002 3457 3201") == "AT611904300234573201"


DAYS = [
    ("2026-02-28", date(2026, 2, 28)),
    ("today", TODAY),
    ("today+14d", date(2026, 12, 6)),
    ("today-2w", date(2026, 11, 8)),
    ("today+3m", date(2027, 2, 22)),
    ("today-18y", date(2008, 11, 22)),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_days_are_counted_from_today(text, day):
    assert day_from(text, today=TODAY) == day


@pytest.mark.parametrize("text", ["today+9999y", "today+", "morgen", "today+9999999d"])
def test_other_words_are_no_days(text):
    with pytest.raises(ValueError, match=r".+"):
        day_from(text, today=TODAY)


def test_a_leap_day_moves_to_the_last_of_february():
    assert day_from("today+1y", today=date(2024, 2, 29)) == date(2025, 2, 28)


TYPED = [
    ("number", "1.234,50 €", "1234.50"),
    ("number", "1.234", "1234"),
    ("number", "12,5", "12.5"),
    ("number", "12.5", "12.5"),
    ("number", "1.2.3", "1.2.3"),
    ("number", "-3", "-3"),
    ("date", "1.2.2026", "2026-02-01"),
    ("date", "22. 11. 2026", "2026-11-22"),
    ("date", "31.2.2026", "31.2.2026"),
    ("date", "2026-11-22", "2026-11-22"),
    ("yesno", "true", True),
    ("yesno", "vielleicht", None),
    ("declaration", "true", True),
    ("declaration", "", False),
    ("text", "a\u202eb\r\nc\x07", "ab\nc"),
    ("text", "a\u0308", "ä"),
]


@pytest.mark.parametrize(("kind", "text", "answer"), TYPED)
def test_what_is_typed_becomes_an_answer(kind, text, answer):
    form = form_with(type=kind)
    read = read_page(form.document.pages[0], {"f": [text]}, {})
    assert read.get("f") == answer


def test_what_was_not_posted_stays():
    page = form_with(type="yesno").document.pages[0]
    assert read_page(page, {}, {"f": True}) == {"f": True}


def test_a_listed_address_loses_its_mark_when_it_is_changed():
    page = form_with(type="address").document.pages[0]
    before = {"f": {**ADDRESS, "door": "", "listed": True}}
    same = {f"f.{key}": [part] for key, part in ADDRESS.items()}
    assert read_page(page, same, before) == before
    assert read_page(page, {**same, "f.number": ["6"]}, before)["f"]["listed"] is False
    assert read_page(page, {**same, "f.listed": ["true"]}, {})["f"]["listed"] is False


def test_a_post_cannot_bring_files():
    page = form_with(type="files").document.pages[0]
    assert read_page(page, {"f": ["1"]}, {}) == {}


def test_text_is_cut_before_it_costs_anything():
    assert len(clean("a" * 1_000_000)) == 20_000


@pytest.mark.parametrize(
    ("kind", "answer", "text"),
    [("number", "1234.50", "1234,50"), ("date", "2026-11-22", "22.11.2026"), ("text", None, "")],
)
def test_an_answer_is_typed_again(kind, answer, text):
    assert typed(kind, answer) == text


def test_answers_are_written_for_people(example_form):
    answers = {
        "vorname": "Ada",
        "geburtsdatum": "1985-12-10",
        "anschrift": {**ADDRESS, "door": "2/3"},
        "art": "markt",
        "personen": 600,
        "umsatz": "1234.50",
        "iban": "AT611904300234573201",
        "anlagen": ["zelt", "buehne"],
        "ausschank": True,
        "staende": [{"stand-name": "Most", "stand-gas": False}],
        "lageplan": [{"id": "1", "name": "plan.pdf"}],
    }
    evaluation = example_form.evaluate(answers, today=TODAY)
    parts = sheet(example_form.outline, evaluation, "de")
    written = {line.path: line.text for part in parts for line in part.lines if line.text}
    assert written == {
        "vorname": "Ada",
        "geburtsdatum": "10.12.1985",
        "anschrift": "Rathausplatz 5/2/3, 4890 Lindenfurt",
        "art": "Markt",
        "personen": "600",
        "umsatz": "€ 1.234,50",
        "anlagen": "Bühne, Zelt",
        "ausschank": "Ja",
        "staende.0.stand-name": "Most",
        "staende.0.stand-gas": "Nein",
        "lageplan": "plan.pdf",
        "iban": "AT61 1904 3002 3457 3201",
    }
    english = sheet(example_form.outline, evaluation, "en")
    labels = {line.path: line.label for part in english for line in part.lines}
    texts = {line.path: line.text for part in english for line in part.lines}
    assert labels["staende.0.stand-gas"] == "Stall 1: Is liquid gas used?"
    assert (texts["umsatz"], texts["geburtsdatum"]) == ("€1,234.50", "10 Dec 1985")
