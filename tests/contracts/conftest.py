"""The demo city, walked through once by each kind of person in each language."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker
from tests.contracts import hidden_doors, hidden_waitlist
from tests.factories import sign_in
from tests.walking import Visit, walk

from rathaus.accounts.models import Person
from rathaus.config.web_worker import answer as answer_to_no_request
from rathaus.core import views as core_pages
from rathaus.core.city import forget_city
from rathaus.demo.lindenfurt import load
from rathaus.demo.lindenfurt.people import person_id
from rathaus.services.models import Application, FormVersion

NODE_PACKAGES = Path(__file__).parents[2] / "node_modules"
LANGUAGES = ("de", "en")
NOBODY = "jemand"


@dataclass(frozen=True)
class Walker:
    """Somebody who walks: the starts no link leads to, and deeds that open further ones."""

    slug: str
    starts: tuple[str, ...]
    opens: Callable[[Client], list[str]] = lambda client: []


def _begin_every_form(client: Client) -> list[str]:
    """Every page of every form with the errors of an empty one, and the pages about a draft."""
    addresses = []
    for version in FormVersion.objects.order_by("form", "number").distinct("form"):
        begun = client.post(f"/antrag/{version.form}/", follow=True).request["PATH_INFO"]
        draft = begun.split("/seite/")[0]
        addresses += [
            f"{draft}/seite/{page['id']}/?pruefen=1" for page in version.document["pages"]
        ]
        addresses += [f"{draft}/{name}/" for name in ("pruefen", "spaeter", "loeschen")]
    sent = Application.objects.filter(person_id=person_id("anna-huber")).values_list(
        "draft_id", "person_id"
    )
    addresses += [f"/antrag/{version.form}/fassungen/{version.number}/"]
    return addresses + [reverse("services:submitted", args=[draft]) for draft, _ in sent]


def _ask_for_a_code(client: Client) -> list[str]:
    """The page that waits for the code of a mail."""
    client.post("/konto/anmelden/code/", {"email": "neu@post.example"})
    return ["/konto/anmelden/code/eingeben/"]


# Together they may open every page of the house.
WALKERS = (
    Walker(
        NOBODY,
        (
            "/",
            "/amt/anmelden/",
            "/amt/passwort/vergessen/",
            "/demo/bausteine/",
            "/gibt-es-nicht/",
            "/konto/gesperrt/",
        ),
    ),
    Walker(NOBODY, (), _ask_for_a_code),
    Walker("anna-huber", ("/", "/antrag/", "/konto/", "/konto/abmelden/"), _begin_every_form),
    Walker("mehmet-yildiz", ("/meine-anliegen/",)),
    Walker("gast", ("/meine-anliegen/", "/konto/")),
    Walker("georg-aichinger", ("/amt/",)),
    Walker("lena-egger", ("/amt/",)),
    Walker("franz-baumgartner", ("/amt/",)),
    Walker("thomas-lang", ("/amt/",)),
    Walker("andrea-kern", ("/amt/", "/amt/zweiter-faktor/codes/")),
    Walker("miriam-stern", ("/amt/", "/amt/katalog/woerter/")),
    Walker("walter-lehner", ("/amt/",)),
    Walker("helga-brunner", (), hidden_doors.second_factor),
    Walker(NOBODY, (), hidden_doors.asked_for_the_second_factor),
    Walker(NOBODY, (), hidden_doors.link_to_a_password),
    Walker("andrea-kern", (), hidden_doors.group_of_the_directory),
    Walker("sophie-wagner", (), hidden_doors.address_to_prove),
    Walker("sophie-wagner", (), hidden_doors.matters_of_a_guest),
    Walker("sophie-wagner", (), hidden_doors.exit_of_a_form),
    Walker(NOBODY, (), hidden_doors.link_to_a_draft),
    Walker("sabine-wolf", ("/amt/kassa/",), hidden_doors.claims_of_another_office),
    Walker("sabine-wolf", (), hidden_doors.money_on_the_counter),
    Walker("anna-huber", (), hidden_doors.transfer_under_way),
    Walker("anna-huber", (), hidden_doors.choice_of_means),
    Walker("sabine-wolf", ("/amt/abgaben/?state=all", "/amt/kautionen/?state=all")),
    Walker("sabine-wolf", ("/amt/abgaben/",), hidden_doors.levies_and_deposits),
    Walker("sophie-wagner", ("/meine-zahlungen/",)),
    Walker("sabine-wolf", ("/amt/bank/",), hidden_doors.money_on_the_account),
    Walker(NOBODY, (), hidden_doors.back_from_a_provider),
    Walker(NOBODY, (), hidden_doors.appointments_of_a_guest),
    Walker("anna-huber", (), hidden_doors.appointments_of_a_citizen),
    Walker(NOBODY, (), hidden_doors.numbers_of_the_queue),
    Walker(NOBODY, (), hidden_doors.called_number),
    Walker("eva-leitner", ("/amt/schalter/",)),
    Walker(NOBODY, (), hidden_waitlist.of_a_guest),
    Walker("anna-huber", (), hidden_waitlist.of_a_citizen),
)
# What makes a page of appointments another one, and what stands in it then.
STATES = {
    "free times of a day": 'id="zeiten"',
    "the code for the kiosk": "check-in__code",
    "a number that waits": "ticket__wait",
    "a number that is called": "ticket__call",
    "calls on the display": "display__table",
}
# Both identity providers are there, but nobody goes to them; the window of the passkey has no TLS.
PROVIDER = {"client_id": "rathaus", "secret": "", "settings": {"server_url": "https://id.example"}}
SETTINGS: dict[str, object] = {
    "SOCIALACCOUNT_PROVIDERS": {
        name: {"APPS": [{"provider_id": name, "name": name.title(), **PROVIDER}]}
        for name in ("id_austria", "staff_directory")
    },
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": True,
}


@dataclass(frozen=True)
class House:
    """All pages, those of a disturbed house beside them, and the two files of the look that come
    from the database, by address.
    """

    visits: tuple[Visit, ...]
    disturbed: tuple[Visit, ...]
    files: Mapping[str, tuple[str, bytes]]


@pytest.fixture(scope="session")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker, browser: Browser) -> House:
    """Every page that can be reached in the demo city; the city is gone again afterwards."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(**SETTINGS):
        load(showpieces_only=True)
        visits = tuple(visit for language in LANGUAGES for visit in _walk_all(language, browser))
        disturbed = tuple(visit for language in LANGUAGES for visit in _when_disturbed(language))
        files = {name: _file(name) for name in ("/stadt.css", "/wappen.svg")}
        transaction.set_rollback(True)
    forget_city()
    return House(visits, disturbed, files)


def _walk_all(language: str, browser: Browser) -> Iterator[Visit]:
    with_passkey = Walker("lena-egger", (), partial(hidden_doors.passkey, browser=browser))
    for walker in (*WALKERS, with_passkey):
        client = Client()
        if walker.slug != NOBODY:
            sign_in(client, Person.objects.get(pk=person_id(walker.slug)))
        starts = (*walker.starts, *walker.opens(client))
        yield from walk(client, who=walker.slug, language=language, starts=starts)


def _when_disturbed(language: str) -> Iterator[Visit]:
    """What people get while the database is away, after a fault of ours, or for no real request."""
    ask, here = RequestFactory(), {"origin": "http://testserver"}
    form = {"csrfmiddlewaretoken": "x" * 32, "name": "Anna"}
    with translation.override(language):
        answers = {
            "asked for meanwhile": core_pages.one_moment(ask.get("/konto/")),
            "sent meanwhile": core_pages.one_moment(ask.post("/konto/", form, headers=here)),
            "a fault": core_pages.server_error(ask.get("/konto/")),
        }
    pages = {name: (answer.status_code, answer.content) for name, answer in answers.items()}
    refused = HTTPStatus.BAD_REQUEST
    pages["no real request"] = refused, answer_to_no_request(refused).partition(b"\r\n\r\n")[2]
    for name, (status, page) in pages.items():
        yield Visit(NOBODY, language, "/konto/", f"({name})", status, page.decode())


def _file(address: str) -> tuple[str, bytes]:
    response = Client().get(address)
    return response["Content-Type"], response.content


def states_of(visit: Visit) -> list[str]:
    """The states of `STATES` that a page shows."""
    return [state for state, mark in STATES.items() if mark in visit.html]


@pytest.fixture(scope="session")
def pages(house: House) -> list[Visit]:
    """The fullest visit of each route in each language and state, and every page of every form."""
    fullest: dict[tuple[str, ...], Visit] = {}
    for visit in (*house.visits, *house.disturbed):
        form_page = visit.address.split("/seite/")[-1] if "/seite/" in visit.address else ""
        key = (visit.language, visit.route, form_page, *states_of(visit))
        if len(visit.html) > len(fullest[key].html if key in fullest else ""):
            fullest[key] = visit
    return list(fullest.values())
