"""The pages of calendar and planning, without JavaScript."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.factories import make_clerk, sign_in
from tests.tables import tables

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.actions.planning.changing import stamp_of
from rathaus.appointments.models import (
    Absence,
    Booking,
    Closure,
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Quota,
    Skill,
    StaffSkill,
)
from rathaus.appointments.tests.conftest import at, want
from rathaus.audit.models import Act, Entry
from rathaus.core.actor import Actor
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
CALENDAR, PLANNING = "/amt/termine/", "/amt/termine/planung/"
TUESDAY = {"first": "2026-09-15", "last": "15.09.2026", "reason_de": "Wegen Umbau"}


@pytest.fixture
def person(office: Department) -> Person:
    return make_clerk(office, "appointments.serve", "appointments.plan")


@pytest.fixture
def desk(location: Location, person: Person) -> Client:
    """A planner's browser."""
    return sign_in(Client(), person)


@pytest.fixture
def booked(offer: Offer, person: Person, applicant: Actor) -> Booking:
    """A citizen's appointment on Tuesday at nine."""
    held = actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-15", "09:00"))
    actions.confirm(by=applicant, booking=held.booking)
    OutgoingMail.objects.all().delete()
    return Booking.objects.get()


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))  # type: ignore[attr-defined]


def hidden(page: object, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())  # type: ignore[attr-defined]
    assert found
    return found[1]


def test_a_day_shows_who_comes_what_is_free_and_reads_it_on_record(
    desk: Client, booked: Booking, citizen: Person
) -> None:
    page = desk.get(f"{CALENDAR}?tag=2026-09-15")

    shown = text_of(page)
    assert "Dienstag, 15. September 2026" in shown
    assert re.search(rf"09:00 –09:30 {citizen.full_name} Reisepass", shown)
    assert re.search(r"08:00 –09:00 frei", shown)
    assert "3 h 25 min frei" in shown
    assert "4 h frei" in shown
    assert f'href="{CALENDAR}{booked.pk}/"' in page.content.decode()
    entry = Entry.objects.get(did="appointments.read", act=Act.READ)
    assert entry.about == [citizen.pk]


def test_a_week_counts_without_reading_anybody(desk: Client, booked: Booking) -> None:
    page = desk.get(f"{CALENDAR}?{urlencode({'ansicht': 'woche', 'tag': '2026-09-15'})}")

    shown = text_of(page)
    assert "Woche 38, 2026" in shown
    assert "1 Termin 3 h 25 min frei" in shown
    assert not Entry.objects.filter(did="appointments.read").exists()
    week = {"ansicht": "woche", "tag": "2026-09-15", "schalter": booked.counter.number}
    own = text_of(desk.get(f"{CALENDAR}?{urlencode(week)}"))
    assert "Dienstag, 15.09." in own
    assert "Reisepass" in own


def test_closures_absences_and_holidays_stand_in_the_calendar(
    desk: Client, location: Location, booked: Booking
) -> None:
    duty = Duty.objects.filter(weekday=1).exclude(counter=booked.counter_id).get()
    span = (at("2026-09-15", "08:00"), at("2026-09-15", "10:00"))
    Absence.objects.create(person=duty.person, during=span)
    Closure.objects.create(
        location=location,
        during=(at("2026-09-15", "11:00"), at("2026-09-15", "13:00")),
        reason={"de": "Probe der Feuerwehr"},
    )
    shown = text_of(desk.get(f"{CALENDAR}?tag=2026-09-15"))
    assert f"08:00 –10:00 {duty.person.full_name} abwesend" in shown
    assert "11:00 –12:00 geschlossen: Probe der Feuerwehr" in shown
    assert "geschlossen" in text_of(desk.get(f"{CALENDAR}?tag=2026-12-08"))


def test_an_appointment_at_a_counter_that_was_closed_down_is_not_lost_from_sight(
    desk: Client, booked: Booking, citizen: Person
) -> None:
    Counter.objects.filter(pk=booked.counter_id).update(active=False)
    assert f"{citizen.full_name} niemand da Reisepass" in text_of(
        desk.get(f"{CALENDAR}?tag=2026-09-15")
    )
    week = text_of(desk.get(f"{CALENDAR}?ansicht=woche&tag=2026-09-15"))
    assert f"{booked.counter.name} nicht besetzt 1 Termin" in week


def test_a_closure_on_a_day_that_is_closed_anyway_stands_nowhere(
    desk: Client, location: Location
) -> None:
    sunday = (at("2026-09-20", "00:00"), at("2026-09-21", "00:00"))
    Closure.objects.create(location=location, during=sunday, reason={"de": "Fest"})
    assert "Fest" not in text_of(desk.get(f"{CALENDAR}?tag=2026-09-20"))


def test_a_day_on_which_the_clock_changes(desk: Client, location: Location) -> None:
    OpeningHours.objects.filter(weekday=4).update(weekday=6)
    Duty.objects.filter(weekday=4).update(weekday=6)
    for day in ("2026-10-25", "2026-03-29"):
        shown = text_of(desk.get(f"{CALENDAR}?tag={day}"))
        assert "08:00 –12:00 frei" in shown
        assert "4 h frei" in shown


def test_staff_move_and_cancel_for_somebody(desk: Client, booked: Booking) -> None:
    page = f"{CALENDAR}{booked.pk}/"
    assert "Reisepass" in text_of(desk.get(page))
    assert "10:00 Uhr" in text_of(desk.get(f"{page}verschieben/?tag=2026-09-16"))
    moved = desk.post(f"{page}verschieben/", {"beginn": at("2026-09-16", "10:00").isoformat()})
    assert moved["Location"] == page
    booked.refresh_from_db()
    assert booked.begins_at == at("2026-09-16", "10:00")
    taken = desk.post(f"{page}verschieben/", {"beginn": at("2026-09-16", "03:00").isoformat()})
    assert taken.status_code == 422
    assert desk.get(f"{page}absagen/").status_code == 200
    desk.post(f"{page}absagen/", {"why": "hat angerufen"})
    booked.refresh_from_db()
    assert booked.state == "cancelled"
    assert Entry.objects.get(did="appointments.cancelled", act=Act.CHANGE).why == "hat angerufen"
    assert desk.get(f"{page}absagen/").status_code == 409


def test_a_closure_shows_whom_it_hits_before_it_is_saved(
    desk: Client, booked: Booking, citizen: Person
) -> None:
    before = tables()
    page = desk.post(f"{PLANNING}schliessungen/neu/?ort=rathaus", TUESDAY)

    assert page.status_code == 409
    shown = text_of(page)
    assert "Diese Änderung trifft einen vergebenen Termin" in shown
    assert citizen.full_name in shown
    assert tables() == before
    decided = {**TUESDAY, f"termin-{booked.pk}": "tell"}
    saved = desk.post(f"{PLANNING}schliessungen/neu/?ort=rathaus", decided)
    assert saved["Location"] == f"{PLANNING}schliessungen/?ort=rathaus"
    assert Closure.objects.get().reason == {"de": "Wegen Umbau"}
    assert f"/termine/meine/{booked.pk}/verschieben/" in OutgoingMail.objects.get().text
    overview = text_of(desk.get(PLANNING))
    assert "Ein Termin ohne jemanden, der ihn wahrnimmt" in overview
    assert "am 14.09.2026 um andere Zeit gebeten" in overview
    assert "niemand da, um andere Zeit gebeten" in text_of(desk.get(f"{CALENDAR}?tag=2026-09-15"))


def test_the_mail_of_who_has_an_account_leads_through_the_sign_in(
    booked: Booking, citizen: Person
) -> None:
    address = f"/termine/meine/{booked.pk}/verschieben/"
    assert Client().get(address)["Location"].startswith("/konto/anmelden/")
    own = sign_in(Client(), citizen).get(address)
    assert own["Location"] == f"/termine/{booked.pk}/verschieben/"


def test_one_that_lost_its_clerk_is_asked_again_from_the_overview(
    desk: Client, offer: Offer, person: Person
) -> None:
    held = actions.book(
        by=actor_of(person),
        wanted=want(channel="phone"),
        begins_at=at("2026-09-15", "09:00"),
        whom=Whom(name="Ida Gast", email="ida@example.org"),
    )
    Duty.objects.filter(weekday=1).delete()
    OutgoingMail.objects.all().delete()
    assert "Ida Gast" in text_of(desk.get(PLANNING))

    answer = desk.post(f"{CALENDAR}{held.booking}/bitten/", {"planung": "1"})

    assert answer["Location"] == PLANNING
    assert "/termine/verschieben/" in OutgoingMail.objects.get().text


def test_mistakes_are_told_at_their_field_and_change_nothing(
    desk: Client, location: Location
) -> None:
    person = Duty.objects.filter(counter__number=1).first().person_id  # type: ignore[union-attr]
    second = Counter.objects.get(number=2).pk
    duty = {"person": person, "counter": second, "weekdays": [0], "starts": "08:00"}
    cases = [
        ("schliessungen/neu/", {**TUESDAY, "last": "2026-09-14"}, "Der letzte Tag muss am ersten"),
        ("schliessungen/neu/", {**TUESDAY, "starts": "12:00", "ends": "11:00"}, "Das Ende muss"),
        ("schliessungen/neu/", {"first": "morgen"}, "Bitte geben Sie ein Datum ein"),
        ("abwesenheiten/neu/", {"first": "2026-09-15", "last": "2026-09-15"}, "Bitte wählen Sie"),
        (
            "oeffnungszeiten/neu/",
            {
                "weekdays": [0],
                "starts": "11:00",
                "ends": "13:00",
                "channels": ["online"],
                "valid_from": "2026-09-14",
            },
            "überschneidet sich",
        ),
        (
            "dienste/neu/",
            {**duty, "ends": "09:00", "valid_from": "2026-09-14"},
            "schon einen anderen Dienst",
        ),
        ("kontingente/", {"online": "101"}, "Bitte geben Sie eine Zahl von 0 bis 100 ein."),
        (
            "kontingente/",
            {"online": "10", "phone": "10", "walk_in": "10", "stand": stamp_of()},
            "weniger als 100 %",
        ),
        (
            "schalter/neu/",
            {"number": "1", "name": "Neu", "kind": "in_person"},
            "schon ein anderer Schalter",
        ),
    ]
    for address, data, sentence in cases:
        before = tables()
        page = desk.post(f"{PLANNING}{address}", data)
        assert (page.status_code, sentence in text_of(page)) == (422, True), (
            address,
            text_of(page),
        )
        assert 'class="kern-error"' in page.content.decode() or "error-summary" in (
            page.content.decode()
        )
        assert tables() == before


def test_the_second_planner_reads_that_the_first_was_faster(
    desk: Client, location: Location
) -> None:
    desk.post(f"{PLANNING}schliessungen/neu/", TUESDAY)
    row = Closure.objects.get()
    address = f"{PLANNING}schliessungen/{row.pk}/"
    seen = hidden(desk.get(address), "stand")
    first = desk.post(address, {**TUESDAY, "last": "2026-09-16", "stand": seen})
    assert first.status_code == 302

    second = desk.post(address, {**TUESDAY, "last": "2026-09-17", "stand": seen})

    assert second.status_code == 409
    assert "Jemand anderer hat das inzwischen geändert" in text_of(second)
    assert 'value="2026-09-16"' in second.content.decode()
    row.refresh_from_db()
    assert row.during.upper == at("2026-09-17", "00:00")
    gone = desk.post(f"{address}aufheben/", {"stand": seen})
    assert gone.status_code == 409
    desk.post(f"{address}aufheben/", {"stand": stamp_of(row)})
    assert not Closure.objects.exists()


def test_every_area_is_listed_entered_and_changed(
    desk: Client, location: Location, offer: Offer, office: Department
) -> None:
    colleague = make_clerk(office, "appointments.serve")
    counter = {"number": "3", "name": "Schalter 3", "kind": "in_person", "active": "on"}
    assert desk.post(f"{PLANNING}schalter/neu/", counter).status_code == 302
    third = Counter.objects.get(number=3)
    assert "Schalter 3 hat keinen Dienst." in text_of(desk.get(PLANNING))
    duty = {
        "person": colleague.pk,
        "counter": third.pk,
        "weekdays": [0, 1],
        "starts": "08:00",
        "ends": "12:00",
        "valid_from": "2026-09-14",
    }
    assert desk.post(f"{PLANNING}dienste/neu/", duty).status_code == 302
    assert Duty.objects.filter(person=colleague).count() == 2
    row = Duty.objects.filter(person=colleague, weekday=0).get()
    end = f"{PLANNING}dienste/{row.pk}/beenden/"
    ending = {"last": "2026-09-21", "stand": hidden(desk.get(end), "stand")}
    assert desk.post(end, ending).status_code == 302
    skills = f"{PLANNING}faehigkeiten/{colleague.pk}/"
    able = {"skills": [Skill.objects.get().pk], "stand": hidden(desk.get(skills), "stand")}
    assert desk.post(skills, able).status_code == 302
    assert StaffSkill.objects.filter(person=colleague).count() == 1
    assert desk.post(f"{PLANNING}faehigkeiten/neu/", {"name_de": "Bauen"}).status_code == 302
    quotas = f"{PLANNING}kontingente/?ort=rathaus"
    shares = {"online": "60", "stand": hidden(desk.get(quotas), "stand")}
    assert desk.post(quotas, shares).status_code == 302
    assert Quota.objects.get().share == 60
    away = {"person": colleague.pk, "first": "2026-09-15", "last": "2026-09-16"}
    assert desk.post(f"{PLANNING}abwesenheiten/neu/", away).status_code == 302
    for area in ("schalter", "dienste", "faehigkeiten", "abwesenheiten", "oeffnungszeiten"):
        assert desk.get(f"{PLANNING}{area}/").status_code == 200
    assert colleague.full_name in text_of(desk.get(f"{PLANNING}abwesenheiten/"))


def test_an_offer_that_nobody_can_serve_is_saved_with_a_warning(desk: Client, offer: Offer) -> None:
    skill = Skill.objects.create(slug="bauen", name={"de": "Bauen"})
    page = f"{PLANNING}angebote/neu/"
    defaults = dict(re.findall(r'name="(\w+)" value="(\d+)"', desk.get(page).content.decode()))
    facts = {
        **defaults,
        "title_de": "Bauberatung",
        "slug": "bauberatung",
        "minutes": "30",
        "kinds": ["in_person", "video"],
        "skill": skill.pk,
        "active": "on",
    }
    answer = desk.post(page, facts, follow=True)
    assert "Niemand mit Dienst an einem passenden Schalter kann das" in text_of(answer)
    row = Offer.objects.get(slug="bauberatung")
    assert (row.minutes, row.kinds, row.skill) == (30, ["in_person", "video"], skill)
    assert "„Bauberatung“ kann niemand mit Dienst." in text_of(desk.get(PLANNING))
    change = f"{PLANNING}angebote/{row.pk}/"
    seen = hidden(desk.get(change), "stand")
    assert desk.post(change, {**facts, "minutes": "40", "stand": seen}).status_code == 302
    row.refresh_from_db()
    assert row.minutes == 40


def test_only_planners_plan_and_only_staff_of_the_house_see_its_calendar(
    location: Location, booked: Booking, office: Department, citizen: Person
) -> None:
    clerk = sign_in(Client(), make_clerk(office, "appointments.serve"))
    stranger = make_clerk("anderswo", "appointments.serve", "appointments.plan")
    foreign = sign_in(Client(), stranger)
    assert clerk.get(CALENDAR).status_code == 200
    assert clerk.get(PLANNING).status_code == 403
    assert foreign.get(f"{CALENDAR}?ort=rathaus").status_code == 404
    assert foreign.get(f"{CALENDAR}{booked.pk}/").status_code == 404
    assert foreign.get(f"{PLANNING}?ort=rathaus").status_code == 404
    hours = OpeningHours.objects.first()
    assert hours is not None
    assert foreign.get(f"{PLANNING}oeffnungszeiten/{hours.pk}/").status_code == 404
    assert "Kein Standort" in text_of(foreign.get(CALENDAR))
    assert sign_in(Client(), citizen).get(CALENDAR).status_code == 403
