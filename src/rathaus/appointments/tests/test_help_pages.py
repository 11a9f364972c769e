"""The pages of a call for help, without JavaScript: the button, the banner, the list."""

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories import make_clerk, sign_in

from rathaus.accounts.models import Department, Person
from rathaus.appointments.models import Counter, HelpCall, HelpTermsRow, Location, Offer
from rathaus.appointments.queries.help_calls import heard_calls
from rathaus.appointments.tests.conftest import at
from rathaus.appointments.tests.test_queue_pages import text_of
from rathaus.core.actor import Actor

pytestmark = pytest.mark.django_db
COUNTER, DESK = "/amt/schalter/", "/amt/schalter/empfang/"
PART, LIST = "/amt/schalter/hilfe/stand/", "/amt/schalter/hilferufe/"


@pytest.fixture(autouse=True)
def at_quarter_to_eleven(on_the_day: None, location: Location, offer: Offer):
    with time_machine.travel(at("2026-09-14", "10:42"), tick=False):
        yield


def browser_of(office: Department, *rights: str, **fields: str) -> Client:
    return sign_in(Client(), make_clerk(office, "appointments.serve", *rights, **fields))


@pytest.fixture
def caller(office: Department) -> Client:
    """A browser at counter 1."""
    browser = browser_of(office, given_name="Rosa")
    browser.post(f"{COUNTER}oeffnen/", {"counter": Counter.objects.get(number=1).pk})
    return browser


@pytest.fixture
def colleague(office: Department) -> Client:
    return browser_of(office, given_name="Kemal", family_name="Aydin")


def press(browser: Client, where: str = COUNTER, **fields: object):
    """The button of the page, with what the page says."""
    form = browser.get(where).content.decode()
    assert 'accesskey="h"' in form
    counter = {"schalter": Counter.objects.get(number=1).pk} if 'name="schalter"' in form else {}
    return browser.post(
        "/amt/schalter/hilfe/rufen/",
        {"ort": "rathaus", **counter, **fields},
        headers={"Referer": f"http://testserver{where}"},
        follow=True,
    )


def test_one_press_tells_the_others_and_nobody_in_front_of_the_desk(
    caller: Client, colleague: Client
) -> None:
    own = press(caller)
    assert own.redirect_chain == [(COUNTER, 302)]
    assert "Verständigt seit 10:42 Uhr." in text_of(own)
    assert "data-alarm" not in own.content.decode()
    assert 'role="alert"' not in own.content.decode()
    for page in (COUNTER, DESK, "/amt/", PART):
        heard = colleague.get(page, follow=True)
        assert "Hilfe an Schalter 1 – seit 10:42" in text_of(heard), page
        assert 'data-alarm="Hilfe an Schalter 1"' in heard.content.decode()


def test_the_caller_sees_who_comes(caller: Client, colleague: Client) -> None:
    press(caller)
    call = HelpCall.objects.get()
    answer = colleague.post(f"/amt/schalter/hilfe/{call.pk}/kommen/", headers={"X-Quiet": "1"})
    assert answer.status_code == 204
    assert "Es kommt: Kemal Aydin" in text_of(caller.get(PART))
    assert "data-alarm" not in colleague.get(PART).content.decode(), "it rings no longer"
    caller.post(f"/amt/schalter/hilfe/{call.pk}/abschliessen/", {"fehlalarm": "1"})
    call.refresh_from_db()
    assert call.outcome == "false_alarm"
    assert colleague.get(PART).content == b""


def test_at_the_reception_the_open_counter_counts(caller: Client, colleague: Client) -> None:
    press(caller, DESK)
    assert "Hilfe an Schalter 1" in text_of(colleague.get(PART))
    press(colleague, DESK)
    assert "Hilfe am Empfang" in text_of(caller.get(PART))


def test_an_answer_from_elsewhere_leads_back_into_the_house(
    caller: Client, colleague: Client
) -> None:
    press(caller)
    address = f"/amt/schalter/hilfe/{HelpCall.objects.get().pk}/kommen/"
    for came_from, where in {
        "http://testserver/amt/faelle/?seite=2": "/amt/faelle/?seite=2",
        "https://boese.example/amt/": COUNTER,
        "http://testserver/termine/": COUNTER,
        "": COUNTER,
    }.items():
        assert colleague.post(address, headers={"Referer": came_from})["Location"] == where


def test_the_public_sees_nothing(caller: Client, citizen: Person) -> None:
    before = Client().get("/anzeige/rathaus/stand/").content
    press(caller)
    assert Client().get("/anzeige/rathaus/stand/").content == before
    assert b"notices" not in Client().get("/").content
    assert b"notices" not in sign_in(Client(), citizen).get("/").content
    assert sign_in(Client(), citizen).get(PART).status_code == 403
    assert Client().get(PART).status_code == 302


def test_staff_who_serve_nowhere_are_told_nothing(caller: Client, office: Department) -> None:
    press(caller)
    page = sign_in(Client(), make_clerk(office, "cases.read")).get("/amt/", follow=True)
    assert b"notices" not in page.content


def test_while_nobody_calls_it_costs_one_question(
    colleague: Client, clerk: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert heard_calls(clerk) == []
    assert colleague.get(PART).content == b""
    line = colleague.get("/amt/schalter/hilfe/leitung/")
    assert line["Content-Type"].startswith("text/event-stream")


def test_the_head_reads_the_list_and_sets_the_terms(
    caller: Client, colleague: Client, office: Department
) -> None:
    assert colleague.get(LIST).status_code == 403
    head = browser_of(office, "appointments.plan")
    assert "Hier wurde noch nie Hilfe gerufen" in text_of(head.get(LIST))
    press(caller)
    call = HelpCall.objects.get()
    caller.post(f"/amt/schalter/hilfe/{call.pk}/abschliessen/", {"notiz": "laut geworden"})
    listed = text_of(head.get(LIST))
    assert "14.09.2026, 10:42 Uhr, an Schalter 1 erledigt" in listed
    assert "laut geworden" in listed
    terms = {"gilt_ab": "2026-09-14", "sekunden": "20", "adressen": "a@example.org b@example.org"}
    saved = text_of(head.post(LIST, terms, follow=True))
    assert "Nach 20 Sekunden ohne „Ich komme“ schreibt das Rathaus an: a@example.org" in saved
    wrong = head.post(LIST, {**terms, "adressen": "niemand"})
    assert wrong.status_code == 422
    assert "Bitte prüfen Sie Tag, Sekunden und Adressen." in text_of(wrong)
    assert HelpTermsRow.objects.get().emails == ["a@example.org", "b@example.org"]
    head.post(LIST, {"ruf": call.pk, "notiz": "besprochen"})
    call.refresh_from_db()
    assert call.note == "besprochen"
    assert head.post(LIST, {"ruf": "x", "notiz": ""}).status_code in (404, 422)
    assert head.get(f"{LIST}?ort=nirgends").status_code == 404
