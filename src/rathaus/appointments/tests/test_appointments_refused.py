"""What the pages of appointments and the queue refuse: the right status, a plain sentence, and
nothing has changed.
"""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from psycopg.types.range import TimestamptzRange
from tests.factories import make_citizen, make_clerk, sign_in
from tests.tables import tables

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import tickets
from rathaus.appointments.models import (
    Booking,
    Closure,
    Counter,
    Location,
    Offer,
    Proposal,
    TicketSeries,
)
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.tests.waiting import join
from rathaus.appointments.ticket_tokens import check_in_code, token_of
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
EIGHT = at("2026-09-14", "08:00")
WISH = {"wunsch": "ausweis:1", "ort": "rathaus"}
CONTACT = {"name": "Ida Gast", "email": "ida@example.org"}


@pytest.fixture(autouse=True)
def nobody_has_tried(db: None) -> None:
    cache.clear()


def details(begins_at: str) -> str:
    return f"/termine/daten/?{urlencode({**WISH, 'beginn': begins_at})}"


def text_of(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def links() -> dict[str, str]:
    """The links in all mails by what they do; of several for the same, the newest."""
    texts = OutgoingMail.objects.order_by("created_at").values_list("text", flat=True)
    found = re.findall(r"http://testserver(/termine/(\w+)/\S+)", "\n".join(texts))
    return {purpose: address for address, purpose in found}


def booked_by_a_guest(begins_at: str = EIGHT.isoformat(), **changed: str) -> Client:
    """The browser in which a guest has confirmed an appointment."""
    browser = Client()
    browser.post(details(begins_at), {**CONTACT, **changed, "schluessel": str(uuid4())})
    browser.post(links()["bestaetigen"])
    return browser


@pytest.mark.parametrize(
    ("begins_at", "sentence"),
    [
        ("2026-09-13T09:00:00+02:00", "Diese Zeit ist schon vorbei"),
        ("2026-09-14T07:10:00+02:00", "Diese Zeit ist schon vorbei oder zu knapp"),
        ("2026-09-19T09:00:00+02:00", "An diesem Tag ist geschlossen."),
        ("2026-09-16T09:00:00+02:00", "An diesem Tag ist geschlossen."),
        ("2026-09-14T15:00:00+02:00", "Zu dieser Zeit gibt es keine Termine."),
        ("2027-09-14T09:00:00+02:00", "So weit voraus vergeben wir noch keine Termine."),
    ],
)
def test_a_time_that_is_none(
    offer: Offer, location: Location, client: Client, begins_at: str, sentence: str
) -> None:
    wednesday = TimestamptzRange(at("2026-09-16", "00:00"), at("2026-09-17", "00:00"))
    Closure.objects.create(location=location, during=wednesday)
    moving = booked_by_a_guest()
    move = links()["verschieben"]
    before = tables()

    for answer in (
        client.post(details(begins_at), {**CONTACT, "email": "noch@example.org"}),
        moving.post(move, {"beginn": begins_at}),
        moving.post(f"/termine/{Booking.objects.get().pk}/verschieben/", {"beginn": begins_at}),
    ):
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    assert tables() == before


def test_a_time_taken_meanwhile_offers_the_next_ones_also_when_moving(
    offer: Offer, applicant: Actor, people: list[Actor]
) -> None:
    Counter.objects.filter(number=2).update(active=False)
    nine = at("2026-09-14", "09:00")
    browser = booked_by_a_guest()
    actions.hold(by=applicant, wanted=want(), begins_at=nine)
    move = links()["verschieben"]
    before = tables()

    refused = browser.post(move, {"beginn": nine.isoformat()})

    assert refused.status_code == 409
    assert "Dieser Termin ist inzwischen vergeben." in text_of(refused)
    others = re.findall(
        r'id="naechster-\d" name="beginn" value="([^"]+)"', refused.content.decode()
    )
    assert len(others) > 1
    assert tables() == before
    assert browser.post(move, {"beginn": unescape(others[0])}).status_code == 302
    assert Booking.objects.get(guest_name="Ida Gast").begins_at.isoformat() == unescape(others[0])


def test_fifty_bookings_of_one_mailbox(offer: Offer) -> None:
    answers = [
        Client().post(
            details((at("2026-09-15", "08:00") + timedelta(minutes=5 * number)).isoformat()),
            {"name": f"Gast {number}", "email": f"Bot+{number}@example.org"},
        )
        for number in range(50)
    ]
    assert [answer.status_code for answer in answers] == [302] * 2 + [429] * 48
    assert "Mehr Termine auf einmal gehen nicht." in text_of(answers[2])
    assert "Dienstag, 15.09.2026, 08:10 Uhr" in text_of(answers[2]), "the time is still told"
    assert Booking.objects.count() == 2


def test_fifty_bookings_from_one_network_address(offer: Offer) -> None:
    """A mailbox of its own for each: what was held is twenty, and whoever signs in still can."""
    Offer.objects.update(minutes=5, buffer_minutes=0)
    answers = [
        Client().post(
            details((at("2026-09-15", "08:00") + timedelta(minutes=5 * number)).isoformat()),
            {"name": f"Gast {number}", "email": f"bot{number}@example.org"},
        )
        for number in range(50)
    ]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429] * 30
    assert "Von diesem Anschluss wurden gerade viele Termine vorgemerkt." in text_of(answers[20])
    assert Booking.objects.count() == 20
    citizen = sign_in(Client(), make_citizen())
    assert citizen.post(details(EIGHT.isoformat())).status_code == 302


def test_a_time_given_back_goes_to_who_waits_and_not_to_a_friend(
    offer: Offer, citizen: Person
) -> None:
    Counter.objects.filter(number=2).update(active=False)
    friday = at("2026-09-18", "08:00")
    seller = booked_by_a_guest(friday.isoformat())
    join(actor_of(citizen))

    seller.post(links()["absagen"])
    contact = {"name": "Kurt", "email": "kurt@example.org"}
    buyer = Client().post(details(friday.isoformat()), contact)

    assert buyer.status_code == 409
    assert Booking.objects.get(begins_at=friday, state="held").guest_name == ""
    assert Proposal.objects.get().entry.person_id == citizen.pk


def test_nobody_changes_the_name_of_an_appointment(offer: Offer) -> None:
    browser = booked_by_a_guest()
    other = {
        "beginn": at("2026-09-15", "09:00").isoformat(),
        "name": "Kurt",
        "email": "k@b.example",
    }
    browser.post(links()["verschieben"], other)
    row = Booking.objects.get()
    assert (row.guest_name, row.guest_email) == ("Ida Gast", "ida@example.org")
    assert row.begins_at == at("2026-09-15", "09:00")


def test_the_links_of_the_first_mail_after_moving(offer: Offer) -> None:
    browser = booked_by_a_guest()
    old = links()
    booking = Booking.objects.get().pk
    browser.post(
        f"/termine/{booking}/verschieben/", {"beginn": at("2026-09-15", "09:00").isoformat()}
    )
    before = tables()

    for purpose in ("verschieben", "absagen"):
        answers = (
            Client().get(old[purpose]),
            Client().post(old[purpose], {"beginn": EIGHT.isoformat()}),
        )
        for answer in answers:
            assert answer.status_code == 410
            assert "Den neuesten finden Sie in der letzten E-Mail von uns." in text_of(answer)
    assert tables() == before
    assert Client().post(links()["absagen"]).status_code == 302


def test_forged_foreign_expired_and_used_links(offer: Offer) -> None:
    booked_by_a_guest()
    good = links()
    token = good["absagen"].split("/")[-2]
    forged = [f"/termine/absagen/{token[:-2]}xy/", f"/termine/verschieben/{token}/"]
    before = tables()
    for address in (*forged, good["bestaetigen"]):
        for answer in (
            Client().get(address),
            Client().post(address, {"beginn": "2026-09-15T09:00"}),
        ):
            assert answer.status_code == 410
            assert "Dieser Link gilt nicht mehr" in text_of(answer)
    with time_machine.travel(EIGHT + timedelta(days=1, seconds=1), tick=False):
        for purpose in ("verschieben", "absagen"):
            assert Client().get(good[purpose]).status_code == 410
            assert Client().post(good[purpose]).status_code == 410
    assert tables() == before


@pytest.fixture
def hall(location: Location, offer: Offer) -> Location:
    """A location with a queue."""
    series = TicketSeries.objects.create(location=location, letter="A", title={"de": "Ausweise"})
    series.offers.set([offer])
    return location


def test_a_forged_kiosk_is_a_phone(hall: Location, office: Department) -> None:
    head = sign_in(Client(), make_clerk(office, "appointments.serve", "appointments.plan"))
    page = unescape(head.post("/amt/schalter/automaten/").content.decode())
    link = re.search(r"http://testserver(/kiosk/rathaus/anmelden/([^<]+)/)", page)
    assert link
    device = Client()
    for token in (f"{link[2][:-3]}abc", "rathaus:1", "x" * 300):
        answer = device.post(f"/kiosk/rathaus/anmelden/{token}/")
        assert answer.status_code == 410
        assert "Dieser Link gilt nicht mehr." in text_of(answer)
    device.cookies["automat"] = "rathaus:1:1qaz2wsx:forged"
    with time_machine.travel(at("2026-09-14", "10:00"), tick=False):
        where = device.post("/kiosk/rathaus/", {"offer": "ausweis"})["Location"]
    assert where.startswith("/ticket/"), "a kiosk would show /kiosk/rathaus/nummer/"


def test_a_number_of_yesterday(hall: Location) -> None:
    with time_machine.travel(at("2026-09-14", "10:00"), tick=False):
        wished = tickets.Wished(("ausweis",))
        drawn = tickets.draw_ticket(by=ANONYMOUS, location="rathaus", wished=wished)
    page = f"/ticket/{token_of(drawn.ticket)}/"
    with time_machine.travel(at("2026-09-15", "10:00"), tick=False):
        before = tables()
        answers = [Client().get(f"{page}{end}") for end in ("", "stand/", "leitung/", "nummer.pdf")]
        answers += [
            Client().post(f"{page}gehen/"),
            Client().get(f"/kiosk/rathaus/nummer/{page[8:]}"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 6
        assert "Nummern gelten nur am selben Tag." in text_of(answers[0])
        assert tables() == before


def test_a_code_of_another_day(hall: Location, applicant: Actor) -> None:
    held = actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-15", "10:00"))
    actions.confirm(by=applicant, booking=held.booking)
    code = {"code": check_in_code(held.booking)}
    for day, sentence in (
        ("2026-09-14", "Ihr Termin ist nicht heute, sondern am 15.09.2026 um 10:00 Uhr."),
        ("2026-09-16", "Zu diesem Code gibt es heute hier keinen Termin."),
    ):
        with time_machine.travel(at(day, "09:50"), tick=False):
            before = tables()
            answer = Client().post("/kiosk/rathaus/termin/", code)
            assert answer.status_code == 422
            assert sentence in text_of(answer)
            assert tables() == before


@pytest.mark.parametrize("address", ["", "stand/", "leitung/"])
def test_a_display_of_nowhere(hall: Location, client: Client, address: str) -> None:
    answer = client.get(f"/anzeige/nirgends/{address}")
    assert answer.status_code == 404
    assert "Diesen Standort gibt es nicht." in text_of(answer)
    hall.active = False
    hall.save()
    assert client.get(f"/anzeige/rathaus/{address}").status_code == 404
