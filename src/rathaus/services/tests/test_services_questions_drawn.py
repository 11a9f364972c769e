"""A question that nobody has answered is drawn once; an answered one never goes to anybody else."""

import re

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils.translation import override

from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.loading import load_yaml
from rathaus.services.page_view import Shown, page_fields
from rathaus.services.tests.conftest import FORM, PAGES

pytestmark = pytest.mark.django_db
ANSWERS = re.compile(r' value="[^"]*(?:Ada|Lovelace|1985|Rathausplatz|4890)[^"]*"')


@pytest.fixture(autouse=True)
def nothing_drawn() -> None:
    caches["process"].clear()


def page_of(client: Client, page: str = "person", language: str = "de") -> str:
    draft = client.post("/antrag/hund/").url
    with override(language):
        client.cookies["sprache"] = language
        return client.get(f"{draft}seite/{page}/").content.decode()


def filled_in() -> Client:
    """A browser whose person has answered the first page."""
    client = Client()
    draft = client.post("/antrag/hund/").url
    answer = {**PAGES["person"], "revision": "0", "window": "w"}
    assert client.post(f"{draft}seite/person/", answer).status_code == 302
    return client


def test_answers_are_not_shown_to_the_next_person(dogs):
    first = filled_in()
    mine = first.get(first.post("/antrag/hund/").url + "seite/person/").content.decode()
    assert len(ANSWERS.findall(mine)) == 4

    assert ANSWERS.findall(page_of(Client())) == []


def test_who_comes_back_sees_own_answers_though_the_empty_page_was_drawn_before(dogs):
    assert ANSWERS.findall(page_of(Client())) == []
    first = filled_in()
    again = first.get(first.post("/antrag/hund/").url + "seite/person/").content.decode()
    assert len(ANSWERS.findall(again)) == 4


def test_two_empty_pages_are_the_same_but_for_their_secrets(dogs):
    secrets = re.compile(r'(antrag/entwurf/|value=")[^"/]*|(Gespeichert um )\d\d:\d\d')
    one, other = (secrets.sub("", page_of(Client())) for _ in range(2))
    assert one == other


def test_each_language_is_drawn_for_itself(dogs):
    assert "Im Adressverzeichnis der Stadt suchen" in page_of(Client())
    english = page_of(Client(), language="en")
    assert "Im Adressverzeichnis der Stadt suchen" not in english
    assert "Im Adressverzeichnis der Stadt suchen" in page_of(Client())


def test_a_mistake_is_shown_to_its_maker_alone(dogs):
    first = Client()
    draft = first.post("/antrag/hund/").url
    wrong = first.post(f"{draft}seite/person/", {"revision": "0", "window": "w"})
    assert wrong.status_code == 422
    assert 'id="id_name-error"' in wrong.content.decode()

    assert 'id="id_name-error"' not in page_of(Client())


def test_a_group_with_rows_is_never_taken_for_an_unanswered_one():
    form = CompiledForm(load_yaml(FORM))
    answers = {"vorbesitz": True, "vorbesitzer": [{"halter": "Eva"}]}
    shown = Shown(form, answers, frozenset({"rufname", "vorbesitz", "vorbesitzer"}), {}, {}, {})
    views = {view.name: view for view in page_fields(form.document.pages[1], shown)}
    assert views["rufname"].look != ""
    assert views["vorbesitz"].look == ""
    assert views["vorbesitzer"].look == ""
