"""What a service's page says about coming: the next free time, and the queue there now."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.apps import apps
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories import make_clerk

from rathaus.accounts.models import Department
from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import counters, tickets
from rathaus.appointments.models import (
    Closure,
    Counter,
    Location,
    Offer,
    QueueSettings,
    Skill,
    StaffSkill,
    TicketSeries,
)
from rathaus.appointments.queries.visits import SECONDS_KEPT
from rathaus.appointments.service_facts import service_facts
from rathaus.appointments.tests.conftest import at, want
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.domain import ServiceFact

pytestmark = pytest.mark.django_db
NINE = at("2026-09-14", "09:00")
BOOK = "/termine/?leistung=pass"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    caches["process"].clear()
    yield
    caches["process"].clear()


@pytest.fixture
def passport(offer: Offer) -> Offer:
    """Appointments and a queue for the service `pass`."""
    offer.service_slug = "pass"
    offer.save()
    return offer


@pytest.fixture
def queue(passport: Offer, location: Location) -> TicketSeries:
    series = TicketSeries.objects.create(location=location, letter="A", title={"de": "Pässe"})
    series.offers.add(passport)
    return series


def said(service: str = "pass") -> list[tuple[str, str, str, str]]:
    return [
        (str(fact.label), fact.value, fact.address, str(fact.action))
        for fact in service_facts(service)
    ]


def test_the_next_free_time_leads_to_the_booking(passport: Offer) -> None:
    assert list(service_facts("pass")) == [
        ServiceFact(
            "Nächster freier Termin",
            "14.09.2026, 08:00 Uhr",
            "Rathaus",
            BOOK,
            "Termin buchen",
        )
    ]
    assert list(service_facts("hund")) == list(service_facts("")) == []


def test_nothing_free_leads_to_the_waiting_list(passport: Offer, location: Location) -> None:
    closed = at("2026-09-01", "00:00"), at("2027-09-01", "00:00")
    Closure.objects.create(location=location, during=closed, reason={})
    assert said() == [("Termin", "Zurzeit ist kein Termin frei", BOOK, "Auf die Warteliste")]


def test_where_there_is_a_queue_nobody_needs_an_appointment(
    queue: TicketSeries, location: Location, office: Department
) -> None:
    walk_in = [fact for fact in said() if fact[0] == "Ohne Termin"]
    assert walk_in == [("Ohne Termin", "möglich, jetzt geschlossen", "", "")]

    caches["process"].clear()
    with time_machine.travel(NINE, tick=False):
        clerk = make_clerk(office, "appointments.serve")
        StaffSkill.objects.create(person=clerk, skill=Skill.objects.get())
        by = actor_of(clerk)
        counters.open_counter(by=by, counter=Counter.objects.get(number=1).pk)
        [(_label, alone, address, action)] = [fact for fact in said() if fact[0] == "Ohne Termin"]
        assert (address, action) == ("/kiosk/rathaus/", "Nummer am Handy ziehen")
        assert re.fullmatch(r"jetzt weniger als \d+ Minuten Wartezeit", alone)

        for _ in range(4):
            wished = tickets.Wished(("ausweis",))
            tickets.draw_ticket(by=ANONYMOUS, location="rathaus", wished=wished)
        assert said()[1][1] == alone, "kept for some seconds"
    with time_machine.travel(NINE + timedelta(seconds=SECONDS_KEPT + 1), tick=False):
        later = said()[1][1]
        found = re.fullmatch(r"jetzt etwa (\d+) bis (\d+) Minuten Wartezeit", later)
        assert found, later
        assert 30 <= int(found[1]) < int(found[2]), "four passports of half an hour each"

        QueueSettings.objects.create(location=location, phone_tickets=False)
        caches["process"].clear()
        assert said()[1][2:] == ("", "")


def test_without_a_counter_nobody_promises_a_wait(queue: TicketSeries) -> None:
    with time_machine.travel(NINE, tick=False):
        assert said()[1][1] == "möglich; wie lange es dauert, lässt sich gerade nicht sagen"


def test_more_places_that_do_not_serve_it_cost_nothing(
    queue: TicketSeries, office: Department, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(10):
        said()
    for number in range(5):
        Location.objects.create(
            slug=f"haus-{number}", name={"de": "Haus"}, department=office, address=""
        )
    caches["process"].clear()
    with django_assert_num_queries(10):
        said()
    with django_assert_num_queries(0):
        said()


def test_the_page_of_the_service_shows_it(passport: Offer, applicant: Actor) -> None:
    apps.get_model("services", "Service").objects.create(
        slug="pass", title={"de": "Reisepass"}, summary={"de": "Wer reist."}, published=True
    )
    actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-14", "08:00"))

    page = Client().get("/leistungen/pass/").content.decode()
    assert f'href="{BOOK}"' in page
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
    assert "Nächster freier Termin 14.09.2026, 08:00 Uhr Rathaus" in text
    chosen = Client().get(BOOK).content.decode()
    assert re.search(r'value="ausweis"[^>]*checked', chosen)
