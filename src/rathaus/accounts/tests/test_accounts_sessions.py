"""How long a sign-in lasts, where one is signed in, and what a page costs."""

import json
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories import make_citizen, make_clerk, make_guest, sign_in
from tests.mailed_code import mailed_code

from rathaus.accounts import actions, queries
from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.accounts.tests.test_accounts_email_code import ask_for_code, enter_code
from rathaus.core.clock import now
from rathaus.core.errors import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.urls("rathaus.accounts.tests.actor_urls")]

LIMITS = [("staff", 30, 10), ("citizen", 60, 12), ("guest", 60, 12)]


def make(kind: str) -> Person:
    makers = {"staff": lambda: make_clerk("finanzen"), "citizen": make_citizen, "guest": make_guest}
    return makers[kind]()


def page_of(kind: str) -> str:
    return "/amt/sitzungen/" if kind == "staff" else "/konto/sitzungen/"


@pytest.mark.parametrize(("kind", "idle_minutes", "hours"), LIMITS)
def test_a_long_pause_ends_the_session(client, kind, idle_minutes, hours):
    sign_in(client, make(kind))
    page = page_of(kind)
    start = now()
    assert client.get(page).status_code == 200

    with time_machine.travel(start + timedelta(minutes=idle_minutes, seconds=-5)):
        assert client.get(page).status_code == 200
    with time_machine.travel(start + timedelta(minutes=2 * idle_minutes)):
        response = client.get(page, follow=True)

    assert response.redirect_chain[0][0].endswith(f"next={page}")
    assert "Sitzung abgelaufen" in response.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("kind", "idle_minutes", "hours"), LIMITS)
def test_no_session_lasts_for_ever_however_busy(client, kind, idle_minutes, hours):
    sign_in(client, make(kind))
    page, start = page_of(kind), now()
    client.get(page)
    answers = []

    for minutes in range(20, hours * 60 + 1, 20):
        with time_machine.travel(start + timedelta(minutes=minutes, seconds=5)):
            answers.append(client.get(page).status_code)

    assert set(answers[:-1]) == {200}
    assert answers[-1] == 302


def test_a_deactivated_person_is_out_with_the_next_click(client):
    person = make_citizen()
    sign_in(client, person)
    assert client.get("/konto/").status_code == 200

    Person.objects.filter(pk=person.pk).update(is_active=False)

    assert client.get("/konto/").status_code == 302


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize(("kind", "most"), [("citizen", 2), ("guest", 2), ("staff", 3)])
def test_knowing_who_acts_costs_little(client, kind, most):
    sign_in(client, make(kind))
    client.get(page_of(kind))  # the first page of a session notes when it began

    with CaptureQueriesContext(connection) as captured:
        response = client.get("/_actor/")

    assert response.content.decode() == kind
    assert len(captured) == most


def test_own_sessions_are_listed_and_can_be_ended(client):
    person = make_citizen()
    sign_in(client, person)
    phone = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) AppleWebKit Version/18 Safari/605"})
    sign_in(phone, person)
    for browser in (client, phone):
        _track(browser, person)
    listed = client.get("/konto/sitzungen/").content.decode()
    other = UserSession.objects.get(session_key=phone.session.session_key)

    assert "Safari, iPhone" in listed
    assert "dieses Gerät" in listed
    client.post("/konto/sitzungen/", {"session": other.pk})

    assert phone.get("/konto/").status_code == 302
    assert client.get("/konto/").status_code == 200


def test_sign_out_everywhere_else(client):
    person = make_citizen()
    browsers = [sign_in(Client(), person) for _ in range(3)]
    for browser in (client, *browsers):
        sign_in(browser, person)
        _track(browser, person)

    client.post("/konto/sitzungen/", {})

    assert [browser.get("/konto/").status_code for browser in browsers] == [302, 302, 302]
    assert client.get("/konto/").status_code == 200


def test_nobody_ends_a_foreign_session(client):
    mine, theirs = make_citizen(), make_citizen()
    other = sign_in(Client(), theirs)
    _track(other, theirs)
    foreign = UserSession.objects.get(user=theirs)

    with pytest.raises(NotFound):
        actions.end_own_session(by=actor_of(mine), session=foreign.pk)
    sign_in(client, mine).post("/konto/sitzungen/", {"session": foreign.pk})

    assert other.get("/konto/").status_code == 200
    assert UserSession.objects.filter(pk=foreign.pk).exists()


def _track(browser: Client, person: Person) -> None:
    """What allauth notes at a sign-in through the door."""
    agent = browser.defaults.get("HTTP_USER_AGENT", "Mozilla/5.0 (X11; Linux) Firefox/140")
    key = browser.session.session_key
    UserSession.objects.update_or_create(
        session_key=key, defaults={"user": person, "ip": "127.0.0.1", "user_agent": agent}
    )


def test_ended_sessions_are_forgotten():
    person = make_citizen()
    UserSession.objects.create(user=person, ip="127.0.0.1", user_agent="", session_key="gone")
    kept = sign_in(Client(), person)
    _track(kept, person)

    actions.sweep_ended_sessions()

    assert [one.session_key for one in UserSession.objects.all()] == [kept.session.session_key]


def test_the_account_page_shows_what_is_known(client):
    address = {
        "street": "Lindengasse",
        "house_number": "12",
        "door": "7",
        "postcode": "4890",
        "place": "Lindenfurt",
    }
    person = make_citizen(
        given_name="Clara", family_name="Novak", birth_date="1988-04-17", address=address
    )

    page = sign_in(client, person).get("/konto/").content.decode()

    for known in ("Clara Novak", "17.04.1988", "Lindengasse 12/7, 4890 Lindenfurt", person.email):
        assert known in page


def test_everything_about_oneself_as_a_file(client):
    person = make_citizen(given_name="Clara", family_name="Novak")
    make_citizen(given_name="Otto", family_name="Fremd")

    response = sign_in(client, person).get("/konto/daten/")

    assert response["Content-Disposition"].startswith('attachment; filename="meine-daten-')
    content = json.loads(response.content)
    assert content["Personen und Rollen"][0]["eintraege"][0]["Nachname"] == "Novak"
    assert "Fremd" not in response.content.decode()
    assert str(person.identifier_hash) not in response.content.decode()


@pytest.mark.parametrize("phone", ["+43 664 1234567", "0732/7070-0", ""])
def test_a_telephone_number_is_kept(client, phone):
    person = make_guest()

    sign_in(client, person).post("/konto/telefon/", {"phone": phone})

    assert queries.contact(by=actor_of(person)).phone == phone


@pytest.mark.parametrize("phone", ["anrufen!", "12", "1" * 40, "+43 664 😀"])
def test_what_is_no_telephone_number_is_refused(client, phone):
    person = make_guest(phone="+43 1 23456")

    response = sign_in(client, person).post("/konto/telefon/", {"phone": phone})

    assert response.status_code == 200
    assert queries.contact(by=actor_of(person)).phone == "+43 1 23456"


def test_time_between_notes_of_life_is_a_minute(client):
    sign_in(client, make_citizen())
    client.get("/konto/")
    first = client.session["last_seen"]

    with time_machine.travel(time.time() + 30):
        client.get("/konto/")
        assert client.session["last_seen"] == first
    with time_machine.travel(time.time() + 61):
        client.get("/konto/")
        assert client.session["last_seen"] > first


def test_a_sign_in_gets_a_session_key_of_its_own(client):
    client.get("/konto/anmelden/")
    ask_for_code(client)
    before = client.session.session_key
    enter_code(client, mailed_code())

    assert client.session.session_key != before


def test_who_asks_to_be_forgotten_leaves_an_empty_row(client):
    person = make_citizen(phone="+43 1 23456", address={"street": "Lindengasse"})
    sign_in(client, person)
    _track(client, person)

    actions.erase(person.pk)

    person.refresh_from_db()
    kept = (person.given_name, person.family_name, person.email, person.phone, person.address)
    assert kept == ("", "", None, "", {})
    assert (person.identifier_hash, person.is_active) == (None, False)
    assert client.get("/konto/").status_code == 302
    assert UserSession.objects.count() == 0


def test_staff_are_not_forgotten():
    clerk = make_clerk("finanzen")

    actions.erase(clerk.pk)

    clerk.refresh_from_db()
    assert clerk.is_active
