"""The way to a guest's matters: only for citizens with eID, only by a fresh code from there."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from tests.factories import make_citizen, make_clerk, make_guest, sign_in
from tests.mailed_code import mailed_code
from tests.tables import tables

from rathaus.accounts import actions
from rathaus.accounts.eid import OnlyWithEid
from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of, guest_matters
from rathaus.core import domain, events
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import now
from rathaus.core.domain import Domain, Matter
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db

ASK, CONFIRM, CHOOSE = (
    "/konto/uebernehmen/",
    "/konto/uebernehmen/code/",
    "/konto/uebernehmen/auswahl/",
)
MAILBOX = "familie@post.example"


class Shelf:
    """A domain with nothing but matters, by person."""

    def __init__(self) -> None:
        self.rows: dict[object, dict[str, Matter]] = {}

    def put(self, person: Person, reference: str, name: str = "") -> None:
        """Let a person have something."""
        day = date(2026, 11, 22)
        matter = Matter(reference, f"Sache {reference}", day, number=reference, name=name)
        self.rows.setdefault(person.pk, {})[reference] = matter

    def of(self, person: object) -> Iterator[Matter]:
        """What a person has."""
        yield from self.rows.get(person, {}).values()

    def move(self, event: MattersTakenOver) -> None:
        """Do as told."""
        theirs = self.rows.get(event.guest, {})
        for reference in event.references & theirs.keys():
            self.rows.setdefault(event.citizen, {})[reference] = theirs.pop(reference)


@pytest.fixture
def shelf(monkeypatch) -> Shelf:
    shelf = Shelf()
    kept = Domain(slug="shelf", name="Regal", matters=shelf.of)
    monkeypatch.setitem(domain._domains, "shelf", kept)
    monkeypatch.setitem(events._listeners, MattersTakenOver, [shelf.move])
    return shelf


@pytest.fixture
def guest() -> Person:
    return make_guest(email=MAILBOX)


@pytest.fixture
def citizen(client) -> Person:
    person = make_citizen(given_name="Anna", family_name="Huber", email="anna@post.example")
    sign_in(client, person)
    return person


def prove(client: Client, email: str = MAILBOX) -> None:
    assert client.post(ASK, {"email": email})["Location"] == CONFIRM
    assert client.post(CONFIRM, {"code": mailed_code()})["Location"] == CHOOSE


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_whole_way(client, citizen, guest, shelf):
    shelf.put(guest, "A-1", name="Anna Huber")
    shelf.put(guest, "B-1", name="Lukas Huber")
    shelf.put(guest, "C-1")
    assert 'value="anna@post.example"' in text_of(client.get(ASK))

    prove(client, " Familie@Post.example ")
    page = text_of(client.get(CHOOSE))

    for expected in ("Sache A-1", "A-1, eingelangt am 22.11.2026", "Name darin: Lukas Huber"):
        assert expected in page
    assert page.count("nicht Ihr Name") == 1
    assert re.findall(r'value="(.-1)" checked', page) == ["A-1", "C-1"]

    assert client.post(CHOOSE, {"matters": ["A-1", "C-1"]})["Location"] == "/meine-anliegen/"

    assert set(shelf.rows[citizen.pk]) == {"A-1", "C-1"}
    assert set(shelf.rows[guest.pk]) == {"B-1"}
    assert "2 Anliegen gehören jetzt zu Ihrem Konto." in text_of(client.get("/konto/"))


def test_the_page_answers_the_same_whether_there_is_a_guest_or_not(client, citizen, guest, shelf):
    shelf.put(guest, "A-1")
    make_clerk(email="amt@post.example")
    pages = []
    for email in (MAILBOX, "niemand@post.example", "amt@post.example"):
        answer = client.post(ASK, {"email": email})
        page = text_of(client.get(CONFIRM)).replace(email, "ADRESSE")
        mail = OutgoingMail.objects.latest("created_at")
        text = mail.text.replace(mailed_code(), "CODE")
        tokens = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page)
        assert (answer.status_code, answer["Location"]) == (302, CONFIRM)
        assert mail.recipient == email
        pages.append((tokens, text))

    assert pages[0] == pages[1] == pages[2]
    assert "niemandem weiter" in pages[0][1]


@pytest.mark.parametrize("page", [ASK, CONFIRM, CHOOSE])
def test_guests_staff_and_strangers_do_not_get_there(client, guest, shelf, page):
    shelf.put(guest, "A-1")
    clerk = make_clerk()
    before = tables()

    assert client.get(page)["Location"].startswith("/konto/anmelden/")
    for person in (guest, clerk):
        for method in (client.get, client.post):
            sign_in(client, person)
            assert method(page, {"email": MAILBOX, "matters": "A-1"}).status_code == 403
    with pytest.raises(OnlyWithEid):
        guest_matters(by=actor_of(guest), email=MAILBOX)
    assert tables() == before


def test_a_guest_is_told_how(client, guest):
    sign_in(client, guest)
    assert "mit ID Austria an, können Sie Ihre Anliegen" in text_of(client.get("/konto/"))
    assert ASK not in text_of(client.get("/konto/"))


def refused(client: Client, shelf: Shelf, guest: Person) -> bool:
    """Whether the last pages stay shut and everything is where it was."""
    before = tables()
    answers = [client.get(CHOOSE), client.post(CHOOSE, {"matters": ["A-1"]})]
    return (
        [answer["Location"] for answer in answers] == [ASK, ASK]
        and set(shelf.rows) == {guest.pk}
        and tables() == before
    )


def test_without_a_code_nothing_is_shown(client, citizen, guest, shelf):
    shelf.put(guest, "A-1")
    assert refused(client, shelf, guest)
    client.post(ASK, {"email": MAILBOX})
    assert refused(client, shelf, guest)


def test_three_wrong_codes_end_it(client, citizen, guest, shelf):
    shelf.put(guest, "A-1")
    client.post(ASK, {"email": MAILBOX})
    code = mailed_code()

    answers = [client.post(CONFIRM, {"code": "BBBB-BBBB"}).status_code for _ in range(3)]

    assert answers == [200, 200, 410]
    assert client.post(CONFIRM, {"code": code}).status_code == 410
    assert refused(client, shelf, guest)


def test_a_code_expires_and_so_does_what_it_proved(client, citizen, guest, shelf):
    shelf.put(guest, "A-1")
    client.post(ASK, {"email": MAILBOX})
    with time_machine.travel(now() + timedelta(minutes=10, seconds=1)):
        assert client.post(CONFIRM, {"code": mailed_code()}).status_code == 410
        assert refused(client, shelf, guest)

    prove(client)
    with time_machine.travel(now() + timedelta(minutes=10, seconds=1)):
        assert refused(client, shelf, guest)


def test_a_code_works_once_and_in_no_other_session(client, citizen, guest, shelf):
    shelf.put(guest, "A-1")
    client.post(ASK, {"email": MAILBOX})
    code = mailed_code()
    elsewhere, foreign = sign_in(Client(), citizen), sign_in(Client(), make_citizen())

    for other in (elsewhere, foreign):
        assert other.post(CONFIRM, {"code": code}).status_code == 410
        assert refused(other, shelf, guest)
    assert client.post(CONFIRM, {"code": code}).status_code == 302
    assert client.post(CONFIRM, {"code": code}).status_code == 410


def test_a_code_for_another_purpose_opens_nothing(client, citizen, guest, shelf):
    shelf.put(guest, "A-1")
    client.post("/konto/e-mail/", {"email": MAILBOX})
    for_contact = mailed_code()
    client.post(ASK, {"email": MAILBOX})
    for_taking = mailed_code()

    assert client.post(CONFIRM, {"code": for_contact}).status_code == 200
    assert client.post("/konto/e-mail/code/", {"code": for_taking}).status_code == 200
    assert refused(client, shelf, guest)
    citizen.refresh_from_db()
    assert citizen.email == "anna@post.example"


def test_mails_to_one_address_are_limited_across_all_doors(client, citizen):
    client.post("/konto/e-mail/", {"email": MAILBOX})
    answers = [client.post(ASK, {"email": MAILBOX}).status_code for _ in range(3)]

    assert answers == [302, 302, 429]
    assert OutgoingMail.objects.count() == 3


def test_an_address_without_matters_is_said_to_its_owner(client, citizen, shelf):
    prove(client, "leer@post.example")

    assert "Hier liegt nichts" in text_of(client.get(CHOOSE))
    before = tables()
    assert "inzwischen etwas geändert" in text_of(client.post(CHOOSE, {"matters": ["A-1"]}))
    assert tables() == before


def test_nothing_ticked_is_asked_again_and_a_lost_race_too(client, citizen, guest, shelf):
    shelf.put(guest, "A-1")
    shelf.put(guest, "B-1")
    prove(client)

    assert "mindestens ein Anliegen" in text_of(client.post(CHOOSE, {}))
    shelf.rows[guest.pk].pop("B-1")
    before = tables()
    page = text_of(client.post(CHOOSE, {"matters": ["B-1"]}))

    assert "inzwischen etwas geändert" in page
    assert ('value="A-1"' in page, 'value="B-1"' in page) == (True, False)
    assert set(shelf.rows[guest.pk]) == {"A-1"}
    assert tables() == before


def test_the_emptied_account_is_closed_and_its_sessions_end(client, citizen, guest, shelf):
    shelf.put(guest, "A-1")
    Person.objects.filter(pk=guest.pk).update(phone="+43 1 234")
    as_guest = sign_in(Client(), guest)
    assert as_guest.get("/konto/").status_code == 200
    prove(client)

    client.post(CHOOSE, {"matters": ["A-1"]})

    guest.refresh_from_db()
    assert (guest.is_active, guest.email, guest.phone) == (False, None, "")
    assert as_guest.get("/konto/")["Location"].startswith("/konto/anmelden/")
    assert client.get("/konto/").status_code == 200


def test_a_code_for_the_guest_that_was_under_way_opens_nothing(client, citizen, guest, shelf):
    shelf.put(guest, "A-1")
    waiting = Client()
    waiting.post("/konto/anmelden/code/", {"email": MAILBOX})
    code = mailed_code()
    actions.take_over(by=actor_of(citizen), email=MAILBOX, matters=["A-1"])

    waiting.post("/konto/anmelden/code/eingeben/", {"code": code, "action": "verify"})

    assert waiting.get("/konto/")["Location"].startswith("/konto/anmelden/")


def test_the_address_opens_a_fresh_guest_account_afterwards(client, citizen, guest, shelf):
    shelf.put(guest, "A-1")
    actions.take_over(by=actor_of(citizen), email=MAILBOX, matters=["A-1"])

    fresh = actions.guest_for(email=MAILBOX)

    assert fresh is not None
    assert fresh.pk != guest.pk
    shelf.put(fresh, "A-2")
    actions.take_over(by=actor_of(citizen), email=MAILBOX, matters=["A-2"])
    assert set(shelf.rows[citizen.pk]) == {"A-1", "A-2"}


def test_the_demo_leaves_a_closed_guest_closed(citizen, guest, shelf):
    shelf.put(guest, "A-1")
    actions.take_over(by=actor_of(citizen), email=MAILBOX, matters=["A-1"])
    fresh = actions.guest_for(email=MAILBOX)
    record = actions.PersonRecord(id=guest.pk, kind="guest", email=MAILBOX)

    actions.establish_person(by=SYSTEM, person=record)

    guest.refresh_from_db()
    assert (guest.is_active, guest.email) == (False, None)
    assert actions.guest_for(email=MAILBOX) == fresh
