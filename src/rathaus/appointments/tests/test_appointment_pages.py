"""The public pages, without JavaScript: from the wish to a booking, and back."""

import re
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar
from tests.factories import make_citizen, make_guest, sign_in
from tests.tables import tables

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.models import Booking, Counter, Location, Offer
from rathaus.appointments.tests.conftest import at, want
from rathaus.core.actor import Actor
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
EIGHT = at("2026-09-14", "08:00")
WISH = {"wunsch": "ausweis:1", "ort": "rathaus"}
CONTACT = {"name": "Ida Gast", "email": "ida@example.org"}


def details(**more: str) -> str:
    return f"/termine/daten/?{urlencode({**WISH, 'beginn': EIGHT.isoformat(), **more})}"


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))  # type: ignore[attr-defined]


def mailed_link(purpose: str) -> str:
    """The link in the mails since the last question, all of which are forgotten now."""
    text = "\n".join(OutgoingMail.objects.values_list("text", flat=True))
    OutgoingMail.objects.all().delete()
    found = re.search(rf"http://testserver(/termine/{purpose}/\S+)", text)
    assert found, text
    return found[1]


def test_a_guest_books_moves_and_cancels(offer: Offer, client: Client) -> None:
    chosen = client.get("/termine/?angebot=ausweis&personen_ausweis=2", follow=True)
    assert chosen.redirect_chain[-1][0] == "/termine/zeit/?wunsch=ausweis%3A2&ort=rathaus"
    assert re.search(r"Frühester freier Termin: 14\.09\.2026,? 08:00 Uhr", text_of(chosen))
    day = client.get(f"/termine/zeit/?{urlencode({**WISH, 'tag': '2026-09-14'})}")
    assert "08:05" in text_of(day)

    form = {**CONTACT, "schluessel": str(uuid4())}
    held = client.post(details(), form)
    again = client.post(details(), form)

    row = Booking.objects.get()
    assert held["Location"] == again["Location"] == f"/termine/{row.pk}/"
    shown = text_of(client.get(held["Location"]))
    assert "Noch 15 Minuten zum Bestätigen" in shown
    assert client.post(f"/termine/{row.pk}/bestaetigen/").status_code == 404
    row.refresh_from_db()
    assert row.state == "held", "only the mail proves the mailbox"

    link = mailed_link("bestaetigen")
    other_browser = Client()
    assert "Termin bestätigen" in text_of(other_browser.get(link))
    confirmed = other_browser.post(link, follow=True)
    assert "gebucht" in text_of(confirmed)
    assert other_browser.get(link).status_code == other_browser.post(link).status_code == 410

    entry = Calendar.from_ical(other_browser.get(f"/termine/{row.pk}/kalender/").content)
    assert entry["METHOD"] == "REQUEST"
    moving = mailed_link("verschieben")
    other_browser.post(moving, {"beginn": at("2026-09-15", "09:00").isoformat()})
    row.refresh_from_db()
    assert (row.begins_at, row.state) == (at("2026-09-15", "09:00"), "booked")
    assert client.get(moving).status_code == 410

    cancelled = client.post(mailed_link("absagen"), follow=True)
    assert "abgesagt" in text_of(cancelled)
    row.refresh_from_db()
    assert row.state == "cancelled"
    assert "METHOD:CANCEL" in OutgoingMail.objects.get().calendar


def test_a_citizen_confirms_at_once(offer: Offer, citizen: Person) -> None:
    client = sign_in(Client(), citizen)
    assert "E-Mail-Adresse" not in text_of(client.get(details()))
    page = client.post(details(), {"schluessel": str(uuid4())}, follow=True)
    assert "Termin bestätigen" in text_of(page)
    row = Booking.objects.get()
    settled = client.post(f"/termine/{row.pk}/bestaetigen/", follow=True)
    assert "In den Kalender" in text_of(settled)
    assert "Montag, 14.09.2026, 08:00 Uhr" in text_of(client.get("/termine/meine/"))
    client.post(
        f"/termine/{row.pk}/verschieben/", {"beginn": at("2026-09-15", "08:00").isoformat()}
    )
    client.post(f"/termine/{row.pk}/absagen/")
    row.refresh_from_db()
    assert (row.begins_at, row.state) == (at("2026-09-15", "08:00"), "cancelled")


def test_a_taken_time_offers_the_next_ones_and_keeps_what_was_typed(
    offer: Offer, location: Location, applicant: Actor, client: Client
) -> None:
    Counter.objects.filter(number=2).update(active=False)
    actions.hold(by=applicant, wanted=want(), begins_at=EIGHT)
    before = tables()

    refused = client.post(details(), {**CONTACT, "phone": "0660 1"})

    assert refused.status_code == 409
    html = refused.content.decode()
    assert all(typed in html for typed in ("Ida Gast", "ida@example.org", "0660 1"))
    others = re.findall(r'name="anderer" value="([^"]+)"', html)
    assert others[0] == "2026-09-14T06:35:00+00:00"
    assert tables() == before

    taken = client.post(details(), {**CONTACT, "anderer": unescape(others[1])})
    assert taken.status_code == 302
    assert Booking.objects.get(person=None).begins_at == at("2026-09-14", "08:40")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/termine/zeit/?wunsch=gibt-es-nicht:1&ort=rathaus", 404),
        ("/termine/zeit/?wunsch=ausweis:1&ort=nirgends", 404),
        ("/termine/zeit/?wunsch=ausweis:99&ort=rathaus", 422),
        ("/termine/zeit/?wunsch=ausweis:1", 404),
        ("/termine/ort/", 404),
        ("/termine/?weiter=1", 422),
        ("/termine/daten/?wunsch=ausweis:1&ort=rathaus&beginn=gestern", 422),
        ("/termine/daten/?wunsch=ausweis:1&ort=rathaus&beginn=0001-01-01", 422),
        ("/termine/8f3c2a54-6c1e-4f0b-9d57-0c5b7b8a1d11/", 404),
        ("/termine/bestaetigen/falsch/", 410),
        ("/termine/verschieben/falsch/", 410),
        ("/termine/absagen/falsch/", 410),
        ("/termine/zeit/?wunsch=ausweis:1&ort=rathaus&tag=2020-01-01", 200),
        ("/termine/zeit/?wunsch=ausweis:1&ort=rathaus&tag=2026-09-19", 200),
        ("/termine/zeit/?wunsch=ausweis:1&ort=rathaus&monat=9999-12", 200),
    ],
)
def test_odd_addresses(offer: Offer, client: Client, address: str, status: int) -> None:
    before = tables()
    assert client.get(address).status_code == status
    assert tables() == before


def test_the_past_is_refused_with_a_sentence(offer: Offer, client: Client) -> None:
    before = tables()
    address = details(beginn="2026-09-13T09:00:00+02:00")
    refused = client.post(address, CONTACT)
    assert refused.status_code == 422
    assert "Diese Zeit ist schon vorbei" in text_of(refused)
    assert tables() == before


def test_long_and_odd_names(offer: Offer, client: Client) -> None:
    before = tables()
    refused = client.post(details(), {**CONTACT, "name": "ä" * 10_000})
    assert refused.status_code == 422
    assert tables() == before
    client.post(details(), {**CONTACT, "name": "🦄 <b>Ida</b>"})
    assert Booking.objects.get().guest_name == "🦄 <b>Ida</b>"


def test_a_link_to_confirm_is_too_late(offer: Offer, client: Client) -> None:
    client.post(details(), CONTACT)
    link = mailed_link("bestaetigen")
    with time_machine.travel("2026-09-14T05:15:01+00:00", tick=False):
        assert client.get(link).status_code == client.post(link).status_code == 410
        page = text_of(client.get(f"/termine/{Booking.objects.get().pk}/"))
    assert "Die Zeit zum Bestätigen ist vorbei" in page
    assert Booking.objects.get().state == "held"


def test_another_persons_booking_is_not_there(offer: Offer, applicant: Actor) -> None:
    held = actions.hold(by=applicant, wanted=want(), begins_at=EIGHT)
    stranger = sign_in(Client(), make_citizen())
    before = tables()
    for end in ("", "verschieben/", "absagen/", "kalender/"):
        assert stranger.get(f"/termine/{held.booking}/{end}").status_code == 404
    for end in ("bestaetigen/", "verschieben/", "absagen/"):
        assert stranger.post(f"/termine/{held.booking}/{end}").status_code == 404
    assert tables() == before


def test_what_a_guest_has_follows_into_the_account(offer: Offer) -> None:
    from rathaus.accounts.actions import guest_for, take_over
    from rathaus.core.domain import matters_of

    guest = guest_for(email="ida@example.org")
    assert guest is not None
    held = actions.hold(by=actor_of(guest), wanted=want(), begins_at=EIGHT)
    citizen = make_citizen()
    references = [matter.reference for matter in matters_of(guest.pk)]

    take_over(by=actor_of(citizen), email="ida@example.org", matters=references)

    assert references == [str(held.booking)]
    assert Booking.objects.get().person_id == citizen.pk


def test_a_signed_in_guest_says_a_name_for_the_counter(offer: Offer) -> None:
    client = sign_in(Client(), make_guest(email="ida@example.org"))
    assert client.post(details(), {"schluessel": str(uuid4())}).status_code == 422
    assert not Booking.objects.exists()
    form = {"name": "Ida Gast", "phone": "0660 1", "schluessel": str(uuid4())}
    page = client.post(details(), form, follow=True)
    row = Booking.objects.get()
    assert (row.name, row.guest_phone, row.guest_email) == ("Ida Gast", "0660 1", "")
    assert "Termin bestätigen" in text_of(page), "the mailbox is proved already"
