"""What arrives in the mailbox of whoever has an appointment, by a real mail server: the code for
the kiosk, links that work, and a calendar entry that other programs read.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any  # the fixture of pytest-django has no public type

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar, Event
from tests.factories import make_citizen, sign_in
from tests.mail_server import MailServer, mail_server
from tests.qr_codes import scanned

from rathaus.accounts.models import Person
from rathaus.appointments import actions
from rathaus.appointments.actions import Whom, tickets
from rathaus.appointments.channels import Kind
from rathaus.appointments.models import Booking, Counter, Location, Offer
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.ticket_tokens import check_in_code
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor
from rathaus.core.mail import deliver
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
EIGHT = at("2026-09-14", "08:00")
GUEST = Whom(name="Ida Gast", email="ida@example.org")


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server(settings) as handler:
        yield handler


def arrived(server: MailServer) -> list[EmailMessage]:
    """What arrives now, after everything that waits has been sent."""
    server.taken.clear()
    for waiting in OutgoingMail.objects.filter(sent_at=None).order_by("created_at", "pk"):
        deliver(waiting.pk)
    return server.taken


def text_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")


def entry_in(mail: EmailMessage) -> tuple[str, Event]:
    """The method and the event of the calendar entry that came along."""
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    [event] = calendar.walk("VEVENT")
    assert part.get_param("method") == calendar["METHOD"]
    return str(calendar["METHOD"]), event


def code_in(mail: EmailMessage) -> str:
    """What a scanner reads from the picture that came along."""
    [part] = [part for part in mail.iter_attachments() if part.get_content_type() == "image/png"]
    return scanned(part.get_content())


def booked_guest(server: MailServer, begins_at: datetime = EIGHT) -> tuple[Booking, EmailMessage]:
    """A guest who booked and confirmed, and the mail they got for it."""
    actions.hold(by=ANONYMOUS, wanted=want(), begins_at=begins_at, whom=GUEST)
    [asked] = arrived(server)
    token = re.search(r"/termine/bestaetigen/(\S+)/", text_in(asked))
    assert token
    booking = actions.confirm_by_link(token=token[1])
    [told] = arrived(server)
    return Booking.objects.get(pk=booking), told


def link_in(text: str, purpose: str) -> str:
    found = re.search(rf"http://testserver(/termine/\S*{purpose}/\S+)", text)
    assert found, text
    return found[1]


def test_the_code_of_the_mail_opens_the_kiosk(
    offer: Offer, server: MailServer, applicant: Actor
) -> None:
    row, mail = booked_guest(server)
    code = check_in_code(row.pk)

    assert f"Ihr Code: {code}\n" in text_in(mail)
    assert code_in(mail) == code
    with time_machine.travel(EIGHT - timedelta(minutes=10), tick=False):
        drawn = tickets.check_in_by_code(location="rathaus", code=code_in(mail))
    assert drawn.late is False
    row.refresh_from_db()
    assert row.state == "arrived"


def test_the_entry_has_place_links_alarm_and_one_identity(
    offer: Offer, server: MailServer, client: Client
) -> None:
    row, mail = booked_guest(server)

    method, event = entry_in(mail)
    assert (method, str(event["STATUS"]), int(event["SEQUENCE"])) == ("REQUEST", "CONFIRMED", 2)
    assert event.decoded("DTSTART") == datetime(2026, 9, 14, 6, tzinfo=UTC)
    assert event.decoded("DTEND") == datetime(2026, 9, 14, 6, 30, tzinfo=UTC)
    assert str(event["LOCATION"]) == "Rathaus, Rathausplatz 1"
    [alarm] = event.walk("VALARM")
    assert (str(alarm["ACTION"]), alarm.decoded("TRIGGER")) == ("DISPLAY", timedelta(hours=-1))
    text = str(event["DESCRIPTION"])
    assert check_in_code(row.pk) in text
    assert link_in(text, "absagen") == link_in(text_in(mail), "absagen")

    shown = client.get(str(event["URL"]), follow=True)
    assert shown.redirect_chain == [(f"/termine/{row.pk}/", 302)]
    assert check_in_code(row.pk) in shown.content.decode()
    assert client.post(f"/termine/{row.pk}/absagen/").status_code == 404, "seeing is not changing"

    client.post(link_in(text, "verschieben"), {"beginn": at("2026-09-15", "09:00").isoformat()})
    [moved] = arrived(server)
    method, later = entry_in(moved)
    assert (method, str(later["UID"]), int(later["SEQUENCE"])) == ("REQUEST", event["UID"], 3)
    assert later.decoded("DTSTART") == datetime(2026, 9, 15, 7, tzinfo=UTC)
    assert code_in(moved) == code_in(mail)

    client.post(link_in(text_in(moved), "absagen"))
    [cancelled] = arrived(server)
    method, gone = entry_in(cancelled)
    assert (method, str(gone["UID"]), int(gone["SEQUENCE"])) == ("CANCEL", event["UID"], 4)
    assert str(gone["STATUS"]) == "CANCELLED"
    assert gone.walk("VALARM") == []
    assert check_in_code(row.pk) not in text_in(cancelled)
    assert [part for part in cancelled.walk() if part.get_content_type() == "image/png"] == []


def test_a_wrong_secret_shows_nothing(offer: Offer, server: MailServer, client: Client) -> None:
    row, mail = booked_guest(server)
    right = link_in(str(entry_in(mail)[1]["DESCRIPTION"]), "zeigen")
    wrong = f"/termine/{row.pk}/zeigen/{'0' * 27}/"

    assert client.get(wrong).status_code == 404
    assert client.get(f"/termine/{row.pk}/").status_code == 404
    assert client.get(right, follow=True).status_code == 200
    assert client.get(f"/termine/{row.pk}/").status_code == 200


def test_a_citizen_s_mail_leads_through_the_sign_in(
    offer: Offer, server: MailServer, citizen: Person, applicant: Actor, client: Client
) -> None:
    held = actions.hold(by=applicant, wanted=want(), begins_at=EIGHT)
    actions.confirm(by=applicant, booking=held.booking)
    [mail] = arrived(server)
    address = link_in(text_in(mail), "meine")

    assert address == f"/termine/meine/{held.booking}/"
    assert client.get(address)["Location"].endswith(f"?next={address}")
    assert client.get(f"/termine/{held.booking}/").status_code == 404
    sign_in(client, make_citizen())
    assert client.get(address, follow=True).status_code == 404
    own = sign_in(Client(), citizen).get(address, follow=True)
    assert check_in_code(held.booking) in own.content.decode()


def test_the_reminder_has_the_code_and_leaves_older_links_good(
    offer: Offer, server: MailServer, client: Client
) -> None:
    row, mail = booked_guest(server, at("2026-09-15", "08:00"))

    assert actions.remind(by=SYSTEM) == 1
    [reminder] = arrived(server)

    assert reminder["Subject"] == "Erinnerung: Ihr Termin am 15.09.2026"
    assert code_in(reminder) == check_in_code(row.pk)
    assert "15.09.2026, 08:00 Uhr" in text_in(reminder)
    older, newer = link_in(text_in(mail), "absagen"), link_in(text_in(reminder), "absagen")
    assert older != newer
    assert client.get(newer).status_code == client.get(older).status_code == 200
    client.post(older)
    row.refresh_from_db()
    assert row.state == "cancelled"


@pytest.mark.parametrize(
    ("sent_at", "day", "long"),
    [
        ("2026-10-24T08:00:00+00:00", "2026-10-25", 25),  # clocks go back on that day
        ("2027-03-27T08:00:00+00:00", "2027-03-28", 23),  # and forward on that one
        ("2026-09-14T22:30:00+00:00", "2026-09-16", 24),  # half past midnight of the 15th
    ],
)
def test_tomorrow_is_a_day_of_vienna(
    offer: Offer, applicant: Actor, sent_at: str, day: str, long: int
) -> None:
    held = actions.hold(by=applicant, wanted=want(), begins_at=EIGHT)
    actions.confirm(by=applicant, booking=held.booking)
    midnight = at(day, "00:00").astimezone(UTC)
    first, after = midnight, midnight + timedelta(hours=long)
    reminded = []
    with time_machine.travel(sent_at, tick=False):
        for begins in (first - timedelta(minutes=1), first, after - timedelta(minutes=1), after):
            ends = begins + timedelta(minutes=1)
            Booking.objects.update(begins_at=begins, ends_at=ends, frees_at=ends, reminded_at=None)
            reminded.append(actions.remind(by=SYSTEM))
    assert reminded == [0, 1, 1, 0]


def test_nobody_checks_in_to_a_video_call(
    offer: Offer, location: Location, server: MailServer
) -> None:
    Counter.objects.update(kind=Kind.VIDEO)
    Offer.objects.update(kinds=[Kind.VIDEO])
    row, mail = booked_guest(server)

    assert check_in_code(row.pk) not in text_in(mail)
    assert list(mail.iter_attachments()) != []
    assert [part for part in mail.walk() if part.get_content_type() == "image/png"] == []
