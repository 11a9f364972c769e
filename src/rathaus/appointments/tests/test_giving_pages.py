"""Staff give appointments on the telephone and at the reception, without JavaScript."""

import re
from html import unescape
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from tests.factories import make_clerk, sign_in
from tests.tables import tables

from rathaus.accounts.models import Department, Person
from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.models import (
    Booking,
    Counter,
    Duty,
    Location,
    Offer,
    Quota,
    StaffSkill,
    VideoTermsRow,
)
from rathaus.appointments.tests.conftest import BEGAN, at, want
from rathaus.appointments.ticket_tokens import check_in_code
from rathaus.audit.models import Entry
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
GIVE = "/amt/termine/neu/"
NINE = at("2026-09-14", "09:00")
CALLER = {"name": "Ida Ruf", "phone": "0660 1", "email": "", "language": "de"}


@pytest.fixture
def phone(location: Location, office: Department) -> Client:
    """The browser of a clerk who serves there."""
    return sign_in(Client(), make_clerk(office, "appointments.serve"))


@pytest.fixture
def lookup(offer: Offer) -> Offer:
    """A second thing that comes to mind during the call."""
    return Offer.objects.create(slug="auskunft", title={"de": "Auskunft"}, minutes=10)


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))  # type: ignore[attr-defined]


def who_page(clock: str = "09:00", day: str = "2026-09-14", **more: str) -> str:
    begin = at(day, clock).isoformat()
    query = {"wunsch": "ausweis:1", "ort": "rathaus", "beginn": begin, **more}
    return f"{GIVE}?{urlencode(query)}"


def begins_in(response: object) -> list[str]:
    """The times that can be chosen, by the clock on the wall."""
    page = response.content.decode()  # type: ignore[attr-defined]
    return re.findall(r'<a class="chip"[^>]*>(\d\d:\d\d)</a>', page)


def take_both(clock: str, day: str = "2026-09-14") -> None:
    """Nobody has that time any more."""
    for number in (1, 2):
        guest = Whom(name="Ida Gast", email=f"gast-{number}@post.example")
        actions.hold(by=ANONYMOUS, wanted=want(), begins_at=at(day, clock), whom=guest)
    OutgoingMail.objects.all().delete()


def test_from_the_wish_to_the_code_that_is_read_out(phone: Client, offer: Offer) -> None:
    page = phone.get(GIVE)
    assert page.status_code == 200
    assert re.search(r'<select[^>]* name="angebot"[^>]* autofocus', page.content.decode())

    row = {"angebot": ["ausweis", ""], "personen": ["2", "1"], "ort": "", "art": "", "weg": ""}
    times = phone.get(f"{GIVE}?{urlencode({**row, 'ab': ''}, doseq=True)}")
    assert "Frei vom 14.09.2026 bis 20.09.2026" in text_of(times)
    assert "Reisepass (2 Personen)" in text_of(times)
    monday = ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00"]
    assert begins_in(times) == monday * 5
    assert "wunsch=ausweis%3A2&amp;ort=rathaus&amp;weg=phone" in times.content.decode()

    asked = phone.get(who_page(wunsch="ausweis:2"))
    assert "Montag, 14.09.2026, 09:00 Uhr" in text_of(asked)
    done = phone.post(who_page(wunsch="ausweis:2"), CALLER, follow=True)

    row = Booking.objects.get()
    assert (row.state, row.channel, row.persons) == ("booked", "phone", 2)
    assert (row.begins_at, row.guest_name, row.guest_phone) == (NINE, "Ida Ruf", "0660 1")
    assert done.redirect_chain == [(f"/amt/termine/{row.pk}/gebucht/", 302)]
    shown = text_of(done)
    assert check_in_code(row.pk) in shown
    assert "Rathausplatz 1" in shown
    assert "Es geht keine E-Mail hinaus" in shown
    assert not OutgoingMail.objects.exists()
    assert Entry.objects.filter(did="appointments.booked", thing_id=str(row.pk)).count() == 1


def test_with_an_address_mail_goes_out_in_its_language_with_links(
    phone: Client, offer: Offer
) -> None:
    caller = {**CALLER, "email": "ida@post.example", "language": "en"}
    done = phone.post(who_page(), caller, follow=True)

    assert "Die Bestätigung geht an ida@post.example" in text_of(done)
    [mail] = OutgoingMail.objects.all()
    assert mail.recipient == "ida@post.example"
    assert "Passport" in mail.text
    [link] = re.findall(r"/termine/absagen/\S+", mail.text)
    assert "/termine/verschieben/" in mail.text
    Client().post(link)
    assert Booking.objects.get().state == "cancelled"


def test_a_second_offer_is_added_and_makes_it_longer(
    phone: Client, offer: Offer, lookup: Offer
) -> None:
    row = {"angebot": ["ausweis", "auskunft"], "personen": ["1", "1"], "ort": "rathaus"}
    times = phone.get(f"{GIVE}?{urlencode(row, doseq=True)}")
    assert "Reisepass , Auskunft" in text_of(times)
    assert times.content.decode().count('name="angebot"') == 3, "one more comes to mind"

    both = f"{who_page()}&{urlencode({'wunsch': 'auskunft:1'})}"
    phone.post(both, CALLER)

    row = Booking.objects.get()
    assert [wish["offer"] for wish in row.chosen] == ["ausweis", "auskunft"]
    assert row.ends_at == at("2026-09-14", "09:40")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"angebot": [""], "personen": ["1"]}, "Bitte wählen Sie ein Anliegen."),
        ({"angebot": ["ausweis"], "personen": ["9"]}, "Für so viele Personen"),
        ({"angebot": ["ausweis", "ausweis"], "personen": ["1", "1"]}, "in einem gemeinsamen"),
    ],
)
def test_what_cannot_be_together_is_said_in_the_form(
    phone: Client, offer: Offer, row: dict[str, list[str]], told: str
) -> None:
    page = phone.get(f"{GIVE}?{urlencode(row, doseq=True)}")
    assert page.status_code == 422
    assert told in text_of(page)
    assert 'name="angebot"' in page.content.decode()


def test_a_taken_time_is_answered_with_the_next_and_nothing_typed_is_lost(
    phone: Client, offer: Offer
) -> None:
    assert "Wer kommt?" in text_of(phone.get(who_page()))
    take_both("09:00")
    before = tables()
    caller = {**CALLER, "email": "ida@post.example", "language": "en"}

    refused = phone.post(who_page(), caller)

    assert refused.status_code == 409
    assert tables() == before
    page = refused.content.decode()
    assert "Dieser Termin ist inzwischen vergeben." in text_of(refused)
    for value in ("Ida Ruf", "0660 1", "ida@post.example"):
        assert f'value="{value}"' in page
    assert re.search(r'<option value="en" selected', page)
    others = re.findall(r'name="anderer" value="([^"]+)"( checked)?', page)
    assert [checked for _value, checked in others] == [" checked", "", "", "", ""]
    assert others[0][0] == "2026-09-14T07:35:00+00:00"

    phone.post(who_page(), {**caller, "anderer": others[0][0]})
    taken = Booking.objects.get(channel="phone")
    assert (taken.begins_at, taken.guest_name) == (at("2026-09-14", "09:35"), "Ida Ruf")


def test_the_quota_of_the_telephone_is_kept(phone: Client, offer: Offer) -> None:
    Quota.objects.create(location=Location.objects.get(), channel="phone", share=8)  # 38 minutes
    phone.post(who_page("10:00"), CALLER)
    assert Booking.objects.count() == 1

    refused = phone.post(who_page(), CALLER)

    assert refused.status_code == 409
    assert "An diesem Tag ist kein Termin mehr frei." in text_of(refused)
    assert "Dienstag, 15.09.2026, 08:00 Uhr" in text_of(refused)
    assert Booking.objects.count() == 1
    week = phone.get(f"{GIVE}?wunsch=ausweis:1&ort=rathaus&ab=2026-09-14")
    assert "Montag, 14.09.2026" not in text_of(week).split("Frei vom")[1].split("persönlich")[1]
    at_reception = phone.get(f"{GIVE}?wunsch=ausweis:1&ort=rathaus&weg=walk_in&ab=2026-09-14")
    assert "Montag, 14.09.2026" in text_of(at_reception)


def test_at_the_reception_it_counts_as_walk_in(phone: Client, offer: Offer) -> None:
    phone.post(who_page(weg="walk_in"), CALLER)
    assert Booking.objects.get().channel == "walk_in"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": ""}, 'id="id_name-error"'),
        ({"name": "   "}, 'id="id_name-error"'),
        ({"email": "ida@"}, 'id="id_email-error"'),
        ({"language": "xx"}, 'id="id_language-error"'),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(
    phone: Client, offer: Offer, typed: dict[str, str], told: str
) -> None:
    before = tables()
    page = phone.post(who_page(), {**CALLER, **typed})
    assert page.status_code == 422
    assert told in page.content.decode()
    assert 'value="0660 1"' in page.content.decode()
    assert tables() == before


def test_what_is_past_is_refused_with_times_that_are_not(phone: Client, offer: Offer) -> None:
    with time_machine.travel(at("2026-09-14", "10:00"), tick=False):
        refused = phone.post(who_page(), CALLER)
        assert refused.status_code == 422
        assert "Diese Zeit ist schon vorbei oder zu knapp." in text_of(refused)
        assert "Montag, 14.09.2026, 10:35 Uhr" in text_of(refused)
        assert not Booking.objects.exists()
        shown = phone.get(who_page())
        assert "Frei vom 14.09.2026" in text_of(shown)
        assert begins_in(shown)[0] == "10:35"
        assert "geht es nicht" not in text_of(shown), "nobody wonders why nine is not free"


def test_two_clicks_are_one_appointment(phone: Client, offer: Offer) -> None:
    key = {"schluessel": str(uuid4())}
    first = phone.post(who_page(), {**CALLER, **key})
    assert phone.post(who_page(), {**CALLER, **key})["Location"] == first["Location"]
    assert Booking.objects.count() == 1


def test_where_one_does_not_serve_one_gives_nothing(
    phone: Client, offer: Offer, foreign_clerk: Actor
) -> None:
    elsewhere = sign_in(Client(), Person.objects.get(pk=foreign_clerk.person))
    assert "Kein Standort" in text_of(elsewhere.get(GIVE))
    before = tables()
    assert elsewhere.post(who_page(), CALLER).status_code == 200
    assert tables() == before
    place = Location.objects.get()
    Location.objects.create(
        slug="anderswo", name={"de": "Anderswo"}, department=Department.objects.get(slug="anderswo")
    )
    assert elsewhere.post(who_page(), CALLER).status_code == 404
    assert phone.get(f"{GIVE}?wunsch=ausweis:1&ort=anderswo").status_code == 404
    assert not Booking.objects.filter(location=place).exists()
    nobody = sign_in(Client(), make_clerk("buergerservice"))
    assert nobody.get(GIVE).status_code == 403


def test_every_time_of_a_day_and_other_weeks(phone: Client, offer: Offer) -> None:
    query = f"{GIVE}?wunsch=ausweis:1&ort=rathaus"
    week = phone.get(query)
    assert "noch 35 Zeiten am Montag, 14.09.2026" in text_of(week)
    whole = phone.get(f"{query}&ganz=2026-09-14")
    assert begins_in(whole)[:3] == ["08:00", "08:05", "08:10"]
    later = phone.get(f"{query}&ab=2026-09-21")
    assert "Frei vom 21.09.2026" in text_of(later)
    assert "ab=2026-09-14" in later.content.decode()
    assert "Früher" not in text_of(week)
    far = phone.get(f"{query}&ab=2026-12-01")
    assert begins_in(far) == []
    assert "auf diesem Weg nichts frei" in text_of(far)


def test_where_nobody_says_where_it_is_where_something_is_free_first(
    phone: Client, offer: Offer, office: Department
) -> None:
    closed = {"de": "Amtshaus"}
    Location.objects.create(slug="amtshaus", name=closed, department=office)
    assert "Rathaus · persönlich" in text_of(phone.get(f"{GIVE}?wunsch=ausweis:1"))
    assert "Amtshaus · persönlich" in text_of(phone.get(f"{GIVE}?wunsch=ausweis:1&ort=amtshaus"))
    preset = Offer.objects.filter(pk=offer.pk)
    preset.update(service_slug="reisepass")
    assert "Reisepass · Rathaus · persönlich" in text_of(phone.get(f"{GIVE}?leistung=reisepass"))
    unknown = phone.get(f"{GIVE}?leistung=heirat")
    assert (unknown.status_code, begins_in(unknown)) == (200, [])


def test_free_time_in_the_calendar_leads_here_with_its_time(phone: Client, offer: Offer) -> None:
    day = phone.get("/amt/termine/?tag=2026-09-14").content.decode()
    begin = quote(at("2026-09-14", "08:00").isoformat())
    link = f"{GIVE}?ort=rathaus&amp;beginn={begin}"
    assert link in day
    page = phone.get(unescape(link))
    assert "Gewählte Zeit Montag, 14.09.2026, 08:00 Uhr" in text_of(page)
    [hidden] = re.findall(r'name="beginn" value="([^"]+)"', page.content.decode())
    row = {"beginn": hidden, "angebot": "ausweis", "personen": "1", "ort": "rathaus"}

    assert "Wer kommt?" in text_of(phone.get(f"{GIVE}?{urlencode({**row, 'ab': '2026-09-14'})}"))
    other_day = phone.get(f"{GIVE}?{urlencode({**row, 'ab': '2026-09-16'})}")
    assert "Frei vom 16.09.2026" in text_of(other_day)
    too_long = phone.get(f"{GIVE}?{urlencode({**row, 'beginn': at('2026-09-14', '11:50')})}")
    assert "Um 11:50 Uhr geht es nicht" in text_of(too_long)
    assert (
        GIVE
        not in phone.get("/amt/termine/?tag=2026-09-11").content.decode().split("calendar__")[1]
    )


@pytest.mark.parametrize("page", ["/amt/schalter/", "/amt/schalter/empfang/", "/amt/termine/"])
def test_the_pages_of_the_counter_lead_here(phone: Client, offer: Offer, page: str) -> None:
    main = phone.get(page).content.decode().split('id="inhalt"')[1]
    assert f'href="{GIVE}?' in main


def test_by_video_the_link_needs_an_address(phone: Client, offer: Offer) -> None:
    place = Location.objects.get()
    Offer.objects.update(kinds=["in_person", "video"])
    nowhere = phone.get(f"{GIVE}?wunsch=ausweis:1&ort=rathaus&art=video")
    assert "Per Video gibt es das hier nicht" in text_of(nowhere)
    screen = Counter.objects.create(location=place, number=3, name="Video", kind="video")
    VideoTermsRow.objects.create(
        location=place, address="https://video.example/", valid_from=BEGAN, opens_minutes=10
    )
    Duty.objects.create(
        person=StaffSkill.objects.earliest("pk").person,
        counter=screen,
        weekday=0,
        starts="08:00",
        ends="12:00",
        valid_from=BEGAN,
    )
    refused = phone.post(who_page(art="video"), CALLER)
    assert refused.status_code == 422
    assert "Per Video geht es nur mit E-Mail-Adresse" in text_of(refused)

    done = phone.post(who_page(art="video"), {**CALLER, "email": "ida@post.example"}, follow=True)

    assert Booking.objects.get().counter == screen
    assert "Der Link steht in der E-Mail" in text_of(done)
    assert "Code" not in text_of(done).split("Zum Vorlesen")[1]


def test_an_address_that_is_none(phone: Client, offer: Offer) -> None:
    for query in ("wunsch=nichts:1", "angebot=%00&personen=1", "wunsch=ausweis:1&ort=nirgends"):
        assert phone.get(f"{GIVE}?{query}").status_code == 404
    assert phone.get(f"{GIVE}?wunsch=ausweis:1&beginn=heute").status_code == 422
    assert phone.get(f"{GIVE}?wunsch=ausweis:1&ab=gestern").status_code == 200
