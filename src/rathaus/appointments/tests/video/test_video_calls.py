"""An appointment by video, from booking to the end of the call."""

import re
from html import unescape

import pytest
from django.test import Client
from icalendar import Calendar
from tests.factories import make_clerk, sign_in

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import calling, counters, tickets, video
from rathaus.appointments.actions.tickets import Wished
from rathaus.appointments.channels import Kind
from rathaus.appointments.models import (
    Booking,
    Counter,
    Location,
    QueueEvent,
    Skill,
    StaffSkill,
    Ticket,
    VideoTermsRow,
)
from rathaus.appointments.queries.past_days import replay_of
from rathaus.appointments.queue_errors import (
    AppointmentOver,
    AppointmentTooEarly,
    NobodyWaiting,
)
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.tests.test_queue_pages import text_of
from rathaus.appointments.tests.video.conftest import SERVICE, travel
from rathaus.appointments.ticket_tokens import check_in_code
from rathaus.appointments.video_errors import (
    NotByVideo,
    UnknownVideoPage,
    WaitsInTheHouse,
)
from rathaus.appointments.video_tokens import room_of, video_token
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import today
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
TEN = at("2026-09-14", "10:00")


@pytest.fixture
def clerk(location: Location, screen: Counter) -> Actor:
    """Somebody at the counter for video."""
    return at_counter(location, screen)


def at_counter(location: Location, counter: Counter) -> Actor:
    person = make_clerk(location.department, "appointments.serve")
    StaffSkill.objects.create(person=person, skill=Skill.objects.get())
    by = actor_of(person)
    counters.open_counter(by=by, counter=counter.pk)
    return by


@pytest.fixture
def booking(screen: Counter, applicant: Actor) -> Booking:
    """By video at ten."""
    return booked(applicant)


def booked(by: Actor, clock: str = "10:00") -> Booking:
    held = actions.hold(
        by=by, wanted=want(kind=Kind.VIDEO.value), begins_at=at("2026-09-14", clock)
    )
    actions.confirm(by=by, booking=held.booking)
    return Booking.objects.select_related("counter").get(pk=held.booking)


def page_of(booking: Booking) -> str:
    return f"/termine/video/{video_token(booking.pk)}/"


def test_who_does_not_ask_for_video_comes_to_the_house(
    screen: Counter, location: Location, client: Client
) -> None:
    shown = text_of(client.get("/termine/ort/?wunsch=ausweis:1"))
    assert "Per Video : Rathaus" in shown or "Per Video: Rathaus" in shown
    links = re.findall(r'href="(/termine/zeit/[^"]+)"', _html(client, "/termine/ort/"))
    assert sorted(re.search(r"art=(\w+)", link)[1] for link in links) == ["in_person", "video"]
    for query, kind in (("", Kind.IN_PERSON), ("&art=video", Kind.VIDEO)):
        address = (
            f"/termine/daten/?wunsch=ausweis:1&ort=rathaus{query}&beginn=2026-09-14T10:00%2B02:00"
        )
        form = {"name": "Rosa Gast", "email": f"{kind}@example.org"}
        assert client.post(address, form).status_code == 302
        assert Booking.objects.get(guest_email=form["email"]).counter.kind == kind


def _html(client: Client, address: str) -> str:
    return unescape(client.get(f"{address}?wunsch=ausweis:1").content.decode())


def test_mail_and_calendar_lead_to_the_page_and_never_name_the_room(booking: Booking) -> None:
    mail = OutgoingMail.objects.latest("created_at")
    link = f"http://testserver{page_of(booking)}"
    assert "Videogespräch, Sie brauchen nicht zu kommen" in mail.text
    assert f"Hier melden Sie sich und beginnen das Gespräch: {link}" in mail.text
    assert "Rathausplatz 1" not in mail.text.split("-- ")[0]
    (event,) = Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert event["CONFERENCE"] == link
    assert event["CONFERENCE"].params["FEATURE"] == "VIDEO"
    assert room_of(booking.pk) not in mail.text + mail.calendar


def test_a_cancelled_appointment_sends_no_link(booking: Booking, applicant: Actor) -> None:
    actions.cancel(by=applicant, booking=booking.pk)
    mail = OutgoingMail.objects.get(subject__contains="abgesagt")
    assert "/termine/video/" not in mail.text + mail.calendar


def test_the_room_is_in_no_table(booking: Booking, clerk: Actor) -> None:
    with travel("09:50"):
        video.arrive_by_video(token=video_token(booking.pk))
        calling.call_next(by=clerk)
    stored = [Booking, Ticket, QueueEvent, OutgoingMail, VideoTermsRow]
    everything = str([list(model.objects.values()) for model in stored])
    assert room_of(booking.pk) not in everything


def test_a_call_by_video_from_the_link_to_the_end(
    booking: Booking, clerk: Actor, location: Location, client: Client
) -> None:
    page = page_of(booking)
    with travel("09:44"):
        early = client.get(page)
        assert "Am 14.09.2026 ab 09:45 Uhr können Sie sich hier melden." in text_of(early)
        assert early["Refresh"] == "61"
        refused = client.post(f"{page}da/")
        assert refused.status_code == 422
        assert "Bitte melden Sie sich ab 09:45 Uhr an" in text_of(refused)
        assert Ticket.objects.count() == 0
    with travel("09:50"):
        assert "Ich bin da" in text_of(client.get(page))
        waiting = text_of(client.post(f"{page}da/", follow=True))
        assert "Bitte warten" in waiting
        assert "Sie sind als Nächstes dran." in waiting
        assert re.search(r"Wartezeit: |lässt sich gerade nicht sagen", waiting)
        client.post(f"{page}da/")
        assert "meet.example.org" not in client.get(page).content.decode()
    ticket = Ticket.objects.get()
    assert (ticket.label, ticket.channel, ticket.appointment_at) == ("V 001", "video", TEN)
    booking.refresh_from_db()
    assert booking.state == "arrived"
    with travel("09:56"):
        assert calling.call_next(by=clerk) == ticket.pk
        called = client.get(f"{page}stand/").content.decode()
        room = f"{SERVICE}{room_of(booking.pk)}"
        link = re.search(r"<a [^>]*id=\"raum\"[^>]*>", called)[0]
        assert f'href="{room}"' in link
        assert 'target="_blank"' in link
        assert 'rel="noopener noreferrer"' in link
        assert "Videogespräch beginnen" in called
        calling.recall(by=clerk, ticket=ticket.pk)
        assert "wir rufen zum 2. Mal" in text_of(client.get(page))
        calling.begin(by=clerk, ticket=ticket.pk)
        assert "Zurück ins Videogespräch" in text_of(client.get(page))
        calling.finish_ticket(by=clerk, ticket=ticket.pk)
        assert "Danke für das Gespräch." in text_of(client.get(page))
        assert "meet.example.org" not in client.get(page).content.decode()
    booking.refresh_from_db()
    assert booking.state == "finished"
    positions = {one.pk: one.position for one in Ticket.objects.all()}
    assert replay_of(location, today()).tickets == positions


def test_the_clerk_sees_who_is_there_by_video_and_opens_the_room(
    booking: Booking, office: Department, screen: Counter
) -> None:
    person = make_clerk(office, "appointments.serve")
    StaffSkill.objects.create(person=person, skill=Skill.objects.get())
    desk = sign_in(Client(), person)
    with travel("09:50"):
        desk.post("/amt/schalter/oeffnen/", {"counter": screen.pk})
        video.arrive_by_video(token=video_token(booking.pk))
        assert "per Video" in text_of(desk.get("/amt/schalter/stand/?stand=-"))
        called = desk.post("/amt/schalter/naechste/", follow=True).content.decode()
    assert f'href="{SERVICE}{room_of(booking.pk)}" target="_blank" rel="noopener noreferrer"' in (
        called
    )


def test_the_house_and_the_screens_are_two_queues(
    booking: Booking, clerk: Actor, location: Location, client: Client
) -> None:
    with travel("09:50"):
        here = at_counter(location, Counter.objects.get(number=1))
        walk_in = tickets.draw_ticket(
            by=ANONYMOUS, location="rathaus", wished=Wished(["ausweis"])
        ).ticket
        with pytest.raises(NobodyWaiting):
            calling.call_next(by=clerk)
        with pytest.raises(WaitsInTheHouse):
            calling.call_ticket(by=clerk, ticket=walk_in)
        video.arrive_by_video(token=video_token(booking.pk))
        assert "V 001" not in client.get("/anzeige/rathaus/stand/").content.decode()
        assert calling.call_next(by=here) == walk_in
        calling.call_next(by=clerk)
        display = client.get("/anzeige/rathaus/stand/").content.decode()
    assert re.findall(r"<td>([^<]+)</td>", display) == ["A 001", "Schalter 1"]
    assert "V 001" not in display


def test_positions_count_those_at_their_screens_only(
    booking: Booking, people: list[Actor], client: Client
) -> None:
    second = booked(people[0], "10:35")
    with travel("09:58"):
        tickets.draw_ticket(by=ANONYMOUS, location="rathaus", wished=Wished(["ausweis"]))
        video.arrive_by_video(token=video_token(booking.pk))
    with travel("10:21"):
        video.arrive_by_video(token=video_token(second.pk))
        assert "Vor Ihnen wartet eine Person." in text_of(client.get(page_of(second)))


def test_a_no_show_gives_the_time_back(booking: Booking, clerk: Actor, client: Client) -> None:
    with travel("09:50"):
        ticket = video.arrive_by_video(token=video_token(booking.pk)).ticket
        calling.call_next(by=clerk)
        calling.miss_ticket(by=clerk, ticket=ticket)
        booking.refresh_from_db()
        assert booking.state == "missed"
        assert "wir haben Sie nicht gesehen" in text_of(client.get(page_of(booking)))
        with pytest.raises(AppointmentOver):
            video.arrive_by_video(token=video_token(booking.pk))


def test_who_waits_no_longer_leaves(booking: Booking, client: Client) -> None:
    with travel("09:50"):
        client.post(f"{page_of(booking)}da/")
        client.post(f"{page_of(booking)}gehen/")
        client.post(f"{page_of(booking)}gehen/")
    assert Ticket.objects.get().state == "left"
    booking.refresh_from_db()
    assert booking.state == "missed"


def test_who_comes_to_the_house_after_all_waits_there(booking: Booking, client: Client) -> None:
    with travel("09:50"):
        tickets.check_in_by_code(location="rathaus", code=check_in_code(booking.pk))
        client.post(f"{page_of(booking)}da/")
        assert "Sie sind im Haus angemeldet" in text_of(client.get(page_of(booking)))
    assert Ticket.objects.get().channel == "booking"
    assert Ticket.objects.get().label == "A 001"


def test_the_appointment_page_leads_there(
    booking: Booking, citizen: Person, people: list[Actor]
) -> None:
    own = sign_in(Client(), citizen).get(f"/termine/{booking.pk}/").content.decode()
    assert f'href="{page_of(booking)}"' in own
    assert "Per Video, an Ihrem Handy oder Computer" in own


def test_only_the_seal_opens_the_page(booking: Booking, applicant: Actor, client: Client) -> None:
    for token in ("0" * 43, "x", video_token(booking.place)[:-4] + "AAAA"):
        for end in ("", "stand/", "leitung/"):
            assert client.get(f"/termine/video/{token}/{end}").status_code == 404
        assert client.post(f"/termine/video/{token}/da/").status_code == 404
    in_the_house = want(kind=Kind.IN_PERSON.value)
    held = actions.hold(by=applicant, wanted=in_the_house, begins_at=at("2026-09-14", "09:00"))
    with pytest.raises(NotByVideo):
        video.arrive_by_video(token=video_token(held.booking))
    with pytest.raises(UnknownVideoPage):
        video.leave_by_video(token="unbekannt")
    with pytest.raises(AppointmentTooEarly):
        video.arrive_by_video(token=video_token(booking.pk))
    assert Ticket.objects.count() == 0


def test_the_page_is_live_and_names_nobody(
    booking: Booking, citizen: Person, client: Client
) -> None:
    page = client.get(page_of(booking)).content.decode()
    assert citizen.family_name not in page
    line = client.get(f"{page_of(booking)}leitung/")
    assert line["Content-Type"].startswith("text/event-stream")
