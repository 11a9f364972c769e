"""Where the rooms of a house are: dated, checked, kept by the head."""

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.factories import make_clerk, sign_in
from tests.tables import tables

from rathaus.accounts.models import Department
from rathaus.accounts.queries import actor_of
from rathaus.appointments.actions import video
from rathaus.appointments.models import (
    Counter,
    Location,
    VideoTermsRow,
)
from rathaus.appointments.queries.video import video_terms
from rathaus.appointments.tests.test_queue_pages import text_of
from rathaus.appointments.tests.video.conftest import SERVICE
from rathaus.appointments.video_errors import (
    BadVideoTerms,
)
from rathaus.appointments.video_rooms import VideoTerms
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def test_without_a_service_nobody_is_offered_a_video(screen: Counter, client: Client) -> None:
    VideoTermsRow.objects.all().delete()
    answer = client.get("/termine/ort/?wunsch=ausweis:1")
    assert "art=in_person" in answer["Location"]


def test_a_counter_has_its_own_service_or_that_of_the_house(
    screen: Counter, location: Location
) -> None:
    head = actor_of(make_clerk(location.department, "appointments.plan"))
    tomorrow = today() + timedelta(days=1)
    own = VideoTerms("https://video.example.org/raum", is_fixed=True, opens_minutes=5)
    video.set_video_terms(
        by=head, location="rathaus", counter=screen.pk, valid_from=tomorrow, terms=own
    )
    assert video_terms(screen, today()) == VideoTerms(SERVICE)
    assert video_terms(screen, tomorrow) == own
    assert video_terms(screen, date(2025, 1, 1)) == VideoTerms("")


@pytest.mark.parametrize(
    "wrong",
    [
        {"terms": VideoTerms("http://meet.example.org/")},
        {"terms": VideoTerms(SERVICE, opens_minutes=121)},
        {"terms": VideoTerms(SERVICE, opens_minutes=-1)},
        {"valid_from": date(2026, 9, 13)},
    ],
)
def test_wrong_settings_change_nothing(location: Location, wrong: dict) -> None:
    head = actor_of(make_clerk(location.department, "appointments.plan"))
    asked = {"valid_from": today(), "terms": VideoTerms(SERVICE), **wrong}
    with pytest.raises(BadVideoTerms):
        video.set_video_terms(by=head, location="rathaus", **asked)
    assert VideoTermsRow.objects.count() == 0


def test_settings_are_the_head_s(screen: Counter, location: Location, foreign_clerk: Actor) -> None:
    serves = actor_of(make_clerk(location.department, "appointments.serve"))
    head = actor_of(make_clerk(location.department, "appointments.plan"))
    before = tables()
    asked = {"valid_from": today(), "terms": VideoTerms(SERVICE)}
    for by in (serves, foreign_clerk):
        with pytest.raises(NotAllowed):
            video.set_video_terms(by=by, location="rathaus", **asked)
    with pytest.raises(NotFound):
        video.set_video_terms(by=head, location="nirgends", **asked)
    in_person = Counter.objects.get(number=1).pk
    with pytest.raises(NotFound):
        video.set_video_terms(by=head, location="rathaus", counter=in_person, **asked)
    assert tables() == before


def test_the_page_of_the_settings(screen: Counter, office: Department) -> None:
    head = sign_in(Client(), make_clerk(office, "appointments.plan"))
    address = "/amt/schalter/video/"
    form = {"gilt_ab": "2026-09-15", "adresse": "https://neu.example.org/", "minuten": "20"}
    saved = text_of(head.post(address, form, follow=True))
    assert "15.09.2026 alle Videoschalter https://neu.example.org/ 20" in saved
    wrong = head.post(address, {**form, "adresse": "http://neu.example.org/"})
    assert wrong.status_code == 422
    assert "Die Adresse beginnt mit https://" in text_of(wrong)
    assert sign_in(Client(), make_clerk(office, "appointments.serve")).get(address).status_code == (
        403
    )
