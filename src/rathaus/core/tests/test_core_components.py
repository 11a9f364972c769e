"""The building blocks escape what people wrote, and say what forms and error pages need."""

from datetime import date

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation

from rathaus.core.domain import MenuItem
from rathaus.core.error_texts import ERROR_TEXTS, error_text
from rathaus.core.money import Money
from rathaus.core.templatetags import kern
from rathaus.core.templatetags.rathaus import money

EVIL = '"><script>alert(1)</script>'


class Passed:
    """Stands for the undeclared attributes of a component."""

    def __init__(self, **given: object) -> None:
        self.given = given

    def attrs_dict(self) -> dict[str, object]:
        return self.given


class Registration(forms.Form):
    email = forms.EmailField(label="E-Mail")
    remark = forms.CharField(label="Anmerkung", required=False)


def test_undeclared_attributes_are_escaped_and_empty_ones_left_out() -> None:
    given = Passed(autocomplete="name", required=True, disabled=False, title=EVIL, id=None)

    assert kern.attributes(given) == (
        'autocomplete="name" required title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"'
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [("email", "id_email"), ("hund.name", "id_hund-name"), ("id_email", "id_email")],
)
def test_element_ids_can_be_linked_to(name: str, expected: str) -> None:
    assert kern.element_id(name) == expected


def test_error_summary_links_each_error_to_its_field() -> None:
    form = Registration({"email": "keine"})
    form.add_error(None, "Bitte später.")

    assert kern.error_list(form) == [
        kern.FieldError("Bitte später."),
        kern.FieldError(f"E-Mail: {form['email'].errors[0]}", "#id_email"),
    ]
    assert kern.error_list(Registration()) == []
    assert kern.error_list([{"text": "Fehlt.", "href": "#id_x"}, "Auch."]) == [
        kern.FieldError("Fehlt.", "#id_x"),
        kern.FieldError("Auch."),
    ]


def test_a_question_in_the_error_summary_needs_no_colon() -> None:
    form = Registration({"email": "keine"})
    form.fields["email"].label = "Wohin?"

    assert [found.text for found in kern.error_list(form)] == [f"Wohin? {form['email'].errors[0]}"]


def test_widget_is_tied_to_its_hint_and_error() -> None:
    form = Registration({"email": "keine"})

    dressed = kern.kern_widget(form["email"], "Für den Code")

    assert 'aria-describedby="id_email-hint id_email-error"' in dressed
    assert 'aria-invalid="true"' in dressed
    assert kern.is_optional(form["remark"]) is True
    assert kern.first_error(form["remark"]) == ""


@pytest.mark.parametrize(
    ("href", "path", "mark"),
    [
        ("/amt/", "/amt/", ' aria-current="page"'),
        ("/amt/", "/amt/faelle/", ""),
        ("/amt/faelle/", "/amt/faelle/1/", ' aria-current="true"'),
        ("/", "/suche/", ""),
    ],
)
def test_menu_marks_the_open_page(href: str, path: str, mark: str) -> None:
    assert kern.current_page(href, path) == mark


def test_of_two_entries_above_a_page_the_nearer_one_is_marked() -> None:
    menu = [
        MenuItem("Katalog", "services:edit_services"),
        MenuItem("Formulare", "services:edit_forms"),
    ]
    path = "/amt/katalog/formulare/pruefen/"

    assert kern.current_page("/amt/katalog/", path, menu) == ""
    assert kern.current_page("/amt/katalog/formulare/", path, menu) == ' aria-current="true"'
    assert kern.current_page("/amt/katalog/", "/amt/katalog/woerter/", menu) != ""


def test_opening_hours_read_as_people_say_them() -> None:
    hours = [
        {"days": ["mo", "di", "mi", "do", "fr"], "opens": "07:30", "closes": "13:00"},
        {"days": ["di", "do"], "opens": "13:30", "closes": "18:00"},
    ]
    with translation.override("de"):
        assert kern.opening_hours(hours) == [
            ("Mo–Fr", "07:30–13:00"),
            ("Di, Do", "13:30–18:00"),
        ]


def test_dates_and_amounts_in_the_readers_notation() -> None:
    assert kern.plain_date(date(2026, 12, 24)) == "24.12.2026"
    assert kern.plain_date("31.2.") == "31.2."
    with translation.override("de"):
        assert money(Money(123450)) == "€ 1.234,50"
    with translation.override("en"):
        assert money(Money(123450)) == "€1,234.50"


def test_input_component_escapes_its_value() -> None:
    template = engines["django"].from_string(
        '{% cotton kern.input name="name" label="Name" :value="evil" / %}'
    )

    page = template.render({"evil": EVIL})

    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page
    assert "<script>" not in page


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 422, 429])
def test_every_error_has_its_own_plain_words(status: int) -> None:
    assert error_text(status) is ERROR_TEXTS[status]


def test_an_unknown_status_reads_like_a_bad_request() -> None:
    assert error_text(418) is ERROR_TEXTS[400]


def test_page_for_our_own_faults_needs_neither_request_nor_database() -> None:
    page = render_to_string("core/error_500.html", {"text": error_text(500)})

    assert "Da ist bei uns etwas schiefgegangen" in page
