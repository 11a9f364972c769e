"""The waitlist's pages without JavaScript: join, answer by a mail's link or signed in, leave."""

import re
from html import unescape

import pytest
import time_machine
from django.test import Client
from tests.factories import make_citizen, sign_in
from tests.tables import tables

from rathaus.accounts.models import Person
from rathaus.appointments import actions
from rathaus.appointments.models import Booking, Counter, Offer, WaitlistEntry
from rathaus.appointments.tests.conftest import at
from rathaus.appointments.tests.waiting import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    booked,
    guest_joins,
    join,
    mailed_token,
    states,
)
from rathaus.core.actor import Actor

pytestmark = pytest.mark.django_db
JOIN = "/termine/warteliste/?wunsch=ausweis:2&ort=rathaus"
FORM = {
    "orte": ["rathaus"],
    "von": "14.09.2026",
    "bis": "30.09.2026",
    "tage": ["0", "4"],
    "zeiten": ["morning"],
    "vorher": "24",
}
CONTACT = {"name": "Ida Gast", "email": "ida@example.org"}


@pytest.fixture(autouse=True)
def one_counter(offer: Offer) -> None:
    Counter.objects.filter(number=2).update(active=False)


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))  # type: ignore[attr-defined]


def offered_to(person: Person, people: list[Actor]) -> str:
    """The address of the entry of a citizen who was just offered a time."""
    from rathaus.accounts.queries import actor_of

    row = booked(people[0], day=TUESDAY)
    own = booked(actor_of(person))
    entry = join(actor_of(person), own)
    actions.cancel(by=people[0], booking=row.pk)
    return f"/termine/warteliste/{entry}/"


def test_a_guest_joins_and_confirms(client: Client) -> None:
    page = text_of(client.get(JOIN))
    assert "Auf die Warteliste" in page
    assert "24 Stunden vorher" in page

    answer = client.post(JOIN, {**FORM, **CONTACT})

    assert "ida@example.org" in text_of(answer)
    row = WaitlistEntry.objects.get()
    assert (row.chosen, row.weekdays, row.parts, row.notice_hours, row.joined_at) == (
        [{"offer": "ausweis", "persons": 2}],
        [0, 4],
        ["morning"],
        24,
        None,
    )
    link = f"/termine/warteliste/bestaetigen/{mailed_token('bestaetigen')}/"
    assert "Ja, ich warte" in text_of(client.get(link))
    assert "Sie stehen auf der Warteliste" in text_of(client.post(link))
    assert client.get(link).status_code == client.post(link).status_code == 410
    leaving = f"/termine/warteliste/verlassen/{mailed_token('verlassen')}/"
    assert "behalten Sie" in text_of(client.get(leaving))
    assert "nicht mehr auf der Warteliste" in text_of(client.post(leaving))
    assert client.post(leaving).status_code == 410
    assert states() == ["withdrawn"]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"bis": "13.09.2026"}, 422),
        ({"von": "gestern"}, 422),
        ({"tage": []}, 422),
        ({"zeiten": ["nachts"]}, 422),
        ({"orte": ["nirgends"]}, 422),
        ({"vorher": "1"}, 422),
        ({"email": ""}, 422),
        ({"name": "\x00"}, 422),
    ],
)
def test_what_is_wrong_is_said(client: Client, changed: dict[str, object], status: int) -> None:
    before = tables()
    answer = client.post(JOIN, {**FORM, **CONTACT, **changed})
    assert answer.status_code == status
    assert "error-summary" in answer.content.decode()
    assert tables() == before


def test_a_second_time_is_told(client: Client) -> None:
    guest_joins("Ida", "ida@example.org")
    answer = client.post(JOIN, {**FORM, **CONTACT, "email": "IDA+2@example.org"})
    assert answer.status_code == 409
    assert "schon auf der Warteliste" in text_of(answer)
    assert states() == ["waiting"]


def test_a_citizen_waits_for_an_earlier_time(citizen: Person, people: list[Actor]) -> None:
    from rathaus.accounts.queries import actor_of

    client = sign_in(Client(), citizen)
    own = booked(actor_of(citizen))
    booking = text_of(client.get(f"/termine/{own.pk}/"))
    assert "Früher geht auch" in booking
    address = f"/termine/{own.pk}/frueher/"
    assert "Sie behalten ihn" in text_of(client.get(address))

    answer = client.post(address, FORM, follow=True)

    assert "schreiben wir Ihnen" in text_of(answer)
    row = WaitlistEntry.objects.get()
    assert (row.booking_id, row.latest) == (own.pk, at(FRIDAY, "08:00").date())
    mine = text_of(client.get("/termine/warteliste/meine/"))
    assert "Früher als 18. September 2026" in mine
    assert "Niemand wartet länger" in text_of(client.get(f"/termine/warteliste/{row.pk}/"))
    assert "Meine Warteliste" in text_of(client.get("/termine/meine/"))


def test_taken_when_signed_in(citizen: Person, people: list[Actor]) -> None:
    client = sign_in(Client(), citizen)
    address = offered_to(citizen, people)
    page = text_of(client.get(address))
    assert "Noch 60 Minuten zum Antworten" in page
    assert "Dienstag, 15. September 2026, 08:00 bis 08:30 Uhr" in page

    answer = client.post(f"{address}nehmen/", follow=True)

    assert "Der Termin gehört Ihnen" in text_of(answer)
    assert client.post(f"{address}nehmen/").status_code == 410
    assert Booking.objects.get(person=citizen).begins_at == at(TUESDAY, "08:00")


def test_declined_and_left_when_signed_in(citizen: Person, people: list[Actor]) -> None:
    client = sign_in(Client(), citizen)
    address = offered_to(citizen, people)
    assert "an die Nächsten" in text_of(client.post(f"{address}ablehnen/", follow=True))
    assert client.post(f"{address}ablehnen/").status_code == 410
    assert states() == ["waiting"]
    assert "nicht mehr auf der" in text_of(client.post(f"{address}verlassen/", follow=True))
    assert states() == ["withdrawn"]


def test_somebody_elses_entry_is_not_there(citizen: Person, people: list[Actor]) -> None:
    address = offered_to(citizen, people)
    stranger = sign_in(Client(), make_citizen())
    before = tables()
    assert stranger.get(address).status_code == 404
    for end in ("nehmen/", "ablehnen/", "verlassen/"):
        assert stranger.post(f"{address}{end}").status_code == 404
    assert tables() == before


def test_a_guest_takes_it_by_link_until_its_time_is_over(
    client: Client, people: list[Actor]
) -> None:
    row = booked(people[0])
    guest_joins("Ida Gast", "ida@example.org")
    actions.cancel(by=people[0], booking=row.pk)
    link = f"/termine/warteliste/nehmen/{mailed_token('nehmen')}/"
    no = f"/termine/warteliste/ablehnen/{mailed_token('ablehnen')}/"
    assert "Diesen Termin nicht?" in text_of(client.get(no))
    with time_machine.travel(at(MONDAY, "07:59"), tick=False):
        assert "Noch eine Minute zum Antworten" in text_of(client.get(link))
    with time_machine.travel(at(MONDAY, "08:00"), tick=False):
        before = tables()
        late = client.get(link)
        assert late.status_code == client.post(link).status_code == client.post(no).status_code
        assert late.status_code == 410
        assert "Die Zeit zum Antworten ist vorbei" in text_of(late)
        assert tables() == before

    answer = client.post(link)

    assert "Der Termin gehört Ihnen" in text_of(answer)
    assert client.post(link).status_code == client.post(no).status_code == 410
    found = Booking.objects.get(state="booked")
    assert "Ihr Termin" in text_of(client.get(f"/termine/{found.pk}/"))


def test_in_english(citizen: Person, people: list[Actor], client: Client) -> None:
    client.cookies["sprache"] = "en"
    assert "Join the waiting list" in text_of(client.get(JOIN))
    address = offered_to(citizen, people)
    signed_in = sign_in(Client(), citizen)
    signed_in.cookies["sprache"] = "en"
    assert "60 minutes left to answer" in text_of(signed_in.get(address))
