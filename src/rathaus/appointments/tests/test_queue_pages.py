"""The pages of the queue, without JavaScript: kiosk, phone ticket, display, counter, desk."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pypdf import PdfReader
from tests.factories import make_clerk, make_department, sign_in
from tests.tables import tables

from rathaus.accounts.models import Department, Person
from rathaus.appointments import actions
from rathaus.appointments.actions import tickets
from rathaus.appointments.models import (
    Booking,
    Counter,
    CounterSession,
    Location,
    Offer,
    QueueSettings,
    Skill,
    StaffSkill,
    Ticket,
    TicketSeries,
    WaitGiven,
)
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.ticket_tokens import check_in_code, token_of
from rathaus.audit.models import Act, Entry
from rathaus.core.actor import ANONYMOUS, Actor

pytestmark = pytest.mark.django_db
TEN = at("2026-09-14", "10:00")
KIOSK, DISPLAY, COUNTER, DESK = (
    "/kiosk/rathaus/",
    "/anzeige/rathaus/",
    "/amt/schalter/",
    "/amt/schalter/empfang/",
)


@pytest.fixture(autouse=True)
def at_ten(on_the_day: None, location: Location, offer: Offer):
    """While the house is open; nobody has drawn too often."""
    cache.clear()
    question = Offer.objects.create(
        slug="auskunft", title={"de": "Auskunft", "en": "Question"}, minutes=5
    )
    for letter, one in (("A", offer), ("B", question)):
        TicketSeries.objects.create(location=location, letter=letter, title=one.title).offers.set(
            [one]
        )
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def person(office: Department) -> Person:
    person = make_clerk(office, "appointments.serve", "appointments.plan")
    StaffSkill.objects.create(person=person, skill=Skill.objects.get())
    return person


@pytest.fixture
def desk(person: Person) -> Client:
    """A clerk's browser."""
    return sign_in(Client(), person)


@pytest.fixture
def counter(desk: Client) -> Client:
    """The same at an open counter."""
    desk.post(f"{COUNTER}oeffnen/", {"counter": Counter.objects.get(number=1).pk})
    return desk


@pytest.fixture
def kiosk(desk: Client) -> Client:
    """A device that was let in."""
    page = desk.post("/amt/schalter/automaten/")
    link = re.search(r"http://testserver(/kiosk/rathaus/anmelden/[^<]+)", page.content.decode())
    assert link
    device = Client()
    device.post(unescape(link[1]))
    return device


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))  # type: ignore[attr-defined]


def drawn(offer: str = "auskunft") -> Ticket:
    found = tickets.draw_ticket(by=ANONYMOUS, location="rathaus", wished=tickets.Wished((offer,)))
    return Ticket.objects.get(pk=found.ticket)


def press(client: Client, step: str, ticket: Ticket | str = "", **fields: object):
    number = ticket.pk if isinstance(ticket, Ticket) else ticket
    data = {**fields, **({"ticket": number} if number else {})}
    return client.post(f"{COUNTER}{step}/", data, follow=True)


def test_the_kiosk_gives_one_number_for_two_presses(kiosk: Client, counter: Client) -> None:
    form = {"offer": "auskunft", "schluessel": str(uuid4())}

    first, second = kiosk.post(KIOSK, form), kiosk.post(KIOSK, form)

    ticket = Ticket.objects.get()
    where = f"/kiosk/rathaus/nummer/{token_of(ticket.pk)}/"
    assert first["Location"] == second["Location"] == where
    shown = kiosk.get(where)
    assert "B 001" in text_of(shown)
    assert "Sie sind als Nächstes dran." in text_of(shown)
    assert shown["Refresh"] == "45; url=/kiosk/rathaus/?neu"
    assert kiosk.get(f"{where}?laenger")["Refresh"].startswith("300;")
    assert ticket.channel == "kiosk"
    assert WaitGiven.objects.filter(ticket=ticket).count() == 1


def test_a_kiosk_has_no_limit_and_begins_anew_in_german(kiosk: Client) -> None:
    for _ in range(9):
        assert (
            kiosk.post(KIOSK, {"offer": "auskunft", "schluessel": str(uuid4())}).status_code == 302
        )
    kiosk.cookies["sprache"] = "en"
    assert "What would you like to do?" in text_of(kiosk.get(KIOSK))
    kiosk.get(f"{KIOSK}?neu")
    assert "Was möchten Sie erledigen?" in text_of(kiosk.get(KIOSK))


def test_a_phone_has_one_number_and_a_house_of_phones_some(client: Client) -> None:
    first = client.post(KIOSK, {"offer": "auskunft"})
    again = client.post(KIOSK, {"offer": "ausweis"})
    assert first["Location"] == again["Location"] == f"/ticket/{token_of(Ticket.objects.get().pk)}/"
    assert "Sie haben schon eine Nummer" in text_of(client.get(KIOSK))
    answers = [Client().post(KIOSK, {"offer": "auskunft"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert Ticket.objects.count() == 6
    assert set(Ticket.objects.values_list("channel", flat=True)) == {"phone"}


def test_a_reset_makes_every_device_a_phone_again(kiosk: Client, desk: Client) -> None:
    desk.post("/amt/schalter/automaten/", {"alle": "1"})
    QueueSettings.objects.update(phone_tickets=False)
    refused = kiosk.post(KIOSK, {"offer": "auskunft"})
    assert refused.status_code == 409
    assert "nur am Automaten im Haus" in text_of(refused)
    assert Ticket.objects.count() == 0


def test_an_old_or_foreign_link_admits_no_device(desk: Client) -> None:
    page = desk.post("/amt/schalter/automaten/").content.decode()
    link = unescape(re.search(r"http://testserver(/kiosk/rathaus/anmelden/[^<]+)", page)[1])
    with time_machine.travel(TEN + timedelta(minutes=16), tick=False):
        assert Client().post(link).status_code == 410
    assert Client().post(f"{link[:-4]}xyz/").status_code == 410
    assert Client().get(link).status_code == 200


def test_nothing_chosen_says_so_and_draws_nothing(kiosk: Client) -> None:
    before = tables()
    answer = kiosk.post(KIOSK, {"offer": "gibt-es-nicht"})
    assert (answer.status_code, tables()) == (422, before)
    assert "Bitte wählen Sie, was Sie erledigen möchten." in text_of(answer)
    assert kiosk.get("/kiosk/nirgends/").status_code == 404


def booked(applicant: Actor) -> Booking:
    with time_machine.travel(at("2026-09-14", "07:00"), tick=False):
        held = actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-14", "10:05"))
        actions.confirm(by=applicant, booking=held.booking)
    return Booking.objects.get(pk=held.booking)


def test_an_appointment_is_checked_in_at_the_kiosk(kiosk: Client, applicant: Actor) -> None:
    booking = booked(applicant)
    wrong = kiosk.post(f"{KIOSK}termin/", {"code": "AAAA\x00"})
    assert wrong.status_code == 422
    assert wrong["Refresh"].startswith("90;")
    right = kiosk.post(f"{KIOSK}termin/", {"code": check_in_code(booking.pk)}, follow=True)
    assert "A 001" in text_of(right)
    assert "Termin um 10:05 Uhr" in text_of(right)


def test_a_ticket_tells_its_owner_how_it_stands(client: Client, counter: Client) -> None:
    first, mine = drawn(), drawn()
    page = f"/ticket/{token_of(mine.pk)}/"

    waiting = text_of(client.get(f"{page}stand/"))
    assert "B 002" in waiting
    assert "Vor Ihnen wartet eine Person." in waiting
    assert re.search(r"Wartezeit: (etwa \d+ bis|weniger als) \d+ Minuten", waiting)
    press(counter, "naechste")
    press(counter, "fertig", first)
    press(counter, "naechste")
    assert "Sie sind dran Schalter 1" in text_of(client.get(f"{page}stand/"))
    press(counter, "beginnen", mine)
    assert "Sie sind am Schalter" in text_of(client.get(page))
    press(counter, "fertig", mine)
    assert "Danke für Ihren Besuch." in text_of(client.get(page))
    assert client.get(f"{page}leitung/")["Content-Type"].startswith("text/event-stream")


def test_the_owner_gives_a_number_back(client: Client) -> None:
    page = f"/ticket/{token_of(drawn().pk)}/"
    assert client.get(f"{page}gehen/").status_code == 405
    assert "zurückgegeben" in text_of(client.post(f"{page}gehen/", follow=True))
    assert Ticket.objects.get().state == "left"
    assert client.get("/ticket/unbekannt/").status_code == 404


def test_the_slip_fits_a_small_printer(client: Client) -> None:
    document = client.get(f"/ticket/{token_of(drawn().pk)}/nummer.pdf")
    sheet = PdfReader(BytesIO(document.content)).pages[0]
    assert "B 001" in sheet.extract_text()
    assert "Auskunft" in sheet.extract_text()
    assert round(float(sheet.mediabox.width) / 72 * 25.4) == 72


def test_the_display_shows_numbers_and_nobody(
    client: Client, counter: Client, applicant: Actor, citizen: Person
) -> None:
    tickets.check_in_by_code(location="rathaus", code=check_in_code(booked(applicant).pk))
    drawn()
    press(counter, "naechste")
    shown = client.get(f"{DISPLAY}stand/")
    assert re.findall(r"<td>([^<]+)</td>", shown.content.decode()) == ["A 001", "Schalter 1"]
    assert re.findall(r"<li>([^<]+)</li>", shown.content.decode()) == ["B 001"]
    assert citizen.family_name not in client.get(DISPLAY).content.decode()


def test_the_first_page_says_how_many_wait(desk: Client) -> None:
    drawn()
    drawn("ausweis")

    assert "2 Wartende an den Schaltern" in text_of(desk.get("/amt/"))
    elsewhere = make_clerk(make_department("gartenamt"), "appointments.serve", "cases.read")
    assert "Wartende" not in text_of(sign_in(Client(), elsewhere).get("/amt/"))


def test_a_day_at_the_counter(counter: Client) -> None:
    first, second = drawn(), drawn("ausweis")
    called = text_of(press(counter, "naechste"))
    assert "B 001 aufgerufen Auskunft" in called
    assert "Noch einmal aufrufen (1 von 3)" in called
    press(counter, "beginnen", first)
    assert "Fertig, Nächste:r bitte" in text_of(counter.get(COUNTER))
    press(counter, "naechste", first)
    assert (Ticket.objects.get(pk=first.pk).state, Ticket.objects.get(pk=second.pk).state) == (
        "finished",
        "called",
    )
    press(counter, "parken", second, note="holt ein Foto")
    assert "holt ein Foto" in text_of(counter.get(COUNTER))
    press(counter, "aufrufen", second)
    forwarded = press(counter, "weiterleiten", second, offer="auskunft")
    assert "Weitergeleitet. Die Wartezeit bleibt." in text_of(forwarded)
    press(counter, "naechste")
    press(counter, "nicht-gekommen", second)
    assert "Ist doch da A 001" in text_of(counter.get(COUNTER))
    press(counter, "zurueck", second)
    press(counter, "gegangen", second)
    assert Ticket.objects.get(pk=second.pk).state == "left"
    empty = press(counter, "naechste")
    assert empty.status_code == 409
    assert "Es wartet niemand, den dieser Schalter bedienen kann." in text_of(empty)
    press(counter, "pause")
    press(counter, "weiter")
    press(counter, "schliessen")
    assert CounterSession.objects.filter(closed_at=None).count() == 0


def test_nobody_is_offered_to_be_called_while_somebody_is_there(counter: Client) -> None:
    first, _second = drawn(), drawn()
    assert counter.get(COUNTER).content.decode().count('id="rufen-') == 2
    press(counter, "aufrufen", first)
    page = counter.get(COUNTER).content.decode()
    assert "Eine Person wartet" in page
    assert 'id="rufen-' not in page
    press(counter, "fertig", first)
    assert counter.get(COUNTER).content.decode().count('id="rufen-') == 1


def test_a_wrong_press_is_taken_back(counter: Client) -> None:
    ticket = drawn()
    press(counter, "naechste")
    press(counter, "fertig", ticket)
    assert "B 001 ist doch nicht fertig" in text_of(counter.get(COUNTER))
    press(counter, "doch-nicht-fertig", ticket)
    assert Ticket.objects.get().state == "serving"


@pytest.mark.parametrize(
    ("step", "fields", "status"),
    [
        ("gibt-es-nicht", {}, 404),
        ("oeffnen", {"counter": "x"}, 404),
        ("beginnen", {"ticket": "x"}, 404),
        ("weiterleiten", {"ticket": str(uuid4())}, 422),
    ],
)
def test_what_a_counter_refuses(counter: Client, step: str, fields: dict, status: int) -> None:
    before = tables()
    assert press(counter, step, **fields).status_code == status
    assert tables() == before


def test_the_page_says_when_it_is_no_longer_true(counter: Client) -> None:
    ticket = drawn()
    press(counter, "naechste")
    stamp = re.search(r"\?stand=([^\"]+)", counter.get(COUNTER).content.decode())[1]
    assert "etwas geändert" not in text_of(counter.get(f"{COUNTER}stand/?stand={stamp}"))
    tickets.leave(token=token_of(ticket.pk))
    assert "etwas geändert" in text_of(counter.get(f"{COUNTER}stand/?stand={stamp}"))


def test_the_visitor_is_read_once_and_the_reader_is_noted(
    counter: Client, applicant: Actor, citizen: Person
) -> None:
    tickets.check_in_by_code(location="rathaus", code=check_in_code(booked(applicant).pk))
    page = press(counter, "naechste")
    assert citizen.full_name in text_of(page)
    before = Entry.objects.count()
    for _ in range(3):
        part = counter.get(f"{COUNTER}stand/?stand=-")
        assert citizen.family_name not in part.content.decode()
    assert Entry.objects.count() == before, "what repeats itself reads nothing about anybody"
    reads = Entry.objects.filter(act=Act.READ, about=[citizen.pk])
    assert set(reads.values_list("did", flat=True)) == {"appointments.read"}


def test_the_desk_gives_numbers_and_checks_in_by_name(
    desk: Client, applicant: Actor, citizen: Person
) -> None:
    booking = booked(applicant)
    given = desk.post(DESK, {"offer": ["auskunft", "ausweis"], "persons": "2", "turn": "2"})
    assert "Nummer B 001" in text_of(given)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.turn, ticket.persons, ticket.skills) == (
        "desk",
        2,
        2,
        ["ausweise"],
    )
    assert "Heute ist hier kein Termin" in text_of(desk.get(f"{DESK}?name=Niemand"))
    assert citizen.family_name not in text_of(desk.get(f"{DESK}?name=C"))
    assert citizen.full_name in text_of(desk.get(f"{DESK}?name={citizen.family_name}"))
    assert "Nummer A 001" in text_of(desk.post(DESK, {"booking": str(booking.pk)}))
    booking.refresh_from_db()
    assert booking.state == "arrived"


def test_the_desk_notes_who_never_came(desk: Client, applicant: Actor) -> None:
    booking = booked(applicant)
    desk.post(DESK, {"booking": str(booking.pk), "fehlt": "1"})
    booking.refresh_from_db()
    assert booking.state == "missed"


def test_the_figures_of_a_day(counter: Client, applicant: Actor) -> None:
    booked(applicant)
    ticket = drawn()
    with time_machine.travel(TEN + timedelta(minutes=8), tick=False):
        press(counter, "naechste")
        press(counter, "beginnen", ticket)
    with time_machine.travel(TEN + timedelta(minutes=20), tick=False):
        press(counter, "fertig", ticket)
        page = counter.get("/amt/schalter/zahlen/?tag=2026-09-14").content.decode()
    rows = re.findall(r'<th scope="row"[^>]*>([^<]+)</th>(.*?)</tr>', page, re.DOTALL)
    figures = {title: re.findall(r">([^<>]+)</td>", cells) for title, cells in rows}
    assert figures == {
        "Auskunft": ["1", "8", "8", "12", "12", "0", "0"],
        "Reisepass": ["0", "–", "–", "–", "–", "1", "0"],
    }
    assert "der offenen Zeit genützt (20 min offen, 480 geplant)" in page
    assert "60 %" in page


def test_people_without_the_right_see_no_counter(office: Department, citizen: Person) -> None:
    nobody = sign_in(Client(), make_clerk(office))
    for address in (COUNTER, f"{COUNTER}stand/", f"{COUNTER}leitung/", DESK, f"{COUNTER}zahlen/"):
        assert nobody.get(address).status_code == 403
    assert sign_in(Client(), citizen).get(COUNTER).status_code == 403
    assert Client().get(COUNTER).status_code == 302


def test_only_planners_admit_devices(office: Department) -> None:
    clerk = sign_in(Client(), make_clerk(office, "appointments.serve"))
    assert clerk.post("/amt/schalter/automaten/").status_code == 403
