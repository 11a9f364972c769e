"""What people type in Lindenfurt, on the German page, and what they find first."""

from collections.abc import Iterator

import pytest
from django.test import Client

from rathaus.core.actor import SYSTEM
from rathaus.demo.lindenfurt.catalogue import HERE
from rathaus.services import finder
from rathaus.services.actions import import_catalogue
from rathaus.services.queries.catalogue import Found, search, suggestions
from rathaus.services.reading import read_folder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue() -> Iterator[None]:
    import_catalogue(by=SYSTEM, catalogue=read_folder(HERE / "services"))
    yield
    finder.forget()


def slugs(found: Found) -> list[str]:
    return [service.slug for service in found.services]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("dog", "hund-anmelden"),
        ("passport", "reisepass"),
        ("Hundesteuer", "hund-anmelden"),
        ("hundesteuer abmelden", "hund-abmelden"),
        ("Hund anmelden", "hund-anmelden"),
        ("lärm", "beschwerde"),
        ("reispass", "reisepass"),
        ("hunt", "hund-anmelden"),
    ],
)
def test_the_right_service_comes_first_and_is_certain(question: str, first: str) -> None:
    found = search(question, "de")

    assert slugs(found)[0] == first
    assert found.certain is True


@pytest.mark.parametrize("question", ["zu schnell gefahren", "auto abgeschleppt", "quantenphysik"])
def test_a_weak_answer_says_that_it_is_weak(question: str) -> None:
    assert search(question, "de").certain is False


def test_near_ties_go_to_what_is_asked_for_most_and_done_online() -> None:
    for question in ("hund", "hundesteuer", "dog"):
        answers = slugs(search(question, "de"))
        assert answers.index("hund-anmelden") < answers.index("hund-abmelden"), question


def test_a_weak_answer_asks_back(client: Client) -> None:
    shown = client.get("/suche/", {"q": "zu schnell gefahren"}).content.decode()

    assert "Meinten Sie vielleicht eine dieser Leistungen?" in shown


def test_suggestions_know_the_other_language_too() -> None:
    assert "reisepass" in [suggestion.slug for suggestion in suggestions("passp", "de")]
