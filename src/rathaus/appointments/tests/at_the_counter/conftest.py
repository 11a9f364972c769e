"""Two matters with letters of their own, and clerks at open counters."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from tests.factories import make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import counters, tickets
from rathaus.appointments.actions.tickets import Drawn, Wished
from rathaus.appointments.models import (
    Booking,
    Counter,
    CounterSession,
    Location,
    Offer,
    QueueEvent,
    Skill,
    StaffSkill,
    Ticket,
    TicketSeries,
)
from rathaus.appointments.queries.past_days import replay_of
from rathaus.appointments.queue_replay import Desk
from rathaus.appointments.tests.conftest import at, want
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import today

TEN = at("2026-09-14", "10:00")


@pytest.fixture(autouse=True)
def at_ten(on_the_day: None):
    """While the house is open."""
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def question(location: Location) -> Offer:
    """A short matter that everybody can do."""
    return Offer.objects.create(slug="auskunft", title={"de": "Auskunft"}, minutes=5)


@pytest.fixture
def series(location: Location, offer: Offer, question: Offer) -> None:
    for letter, one in (("A", offer), ("B", question)):
        row = TicketSeries.objects.create(location=location, letter=letter, title=one.title)
        row.offers.set([one])


def clerk_at(number: int, *skills: str) -> Actor:
    """A clerk with these skills at an open counter."""
    counter = Counter.objects.get(number=number)
    person = make_clerk(counter.location.department, "appointments.serve")
    for slug in skills:
        StaffSkill.objects.create(person=person, skill=Skill.objects.get(slug=slug))
    by = actor_of(person)
    counters.open_counter(by=by, counter=counter.pk)
    return by


@pytest.fixture
def able(series: None) -> Actor:
    return clerk_at(1, "ausweise")


@pytest.fixture
def plain(series: None) -> Actor:
    return clerk_at(2)


def draw(*offers: str, **changed) -> Drawn:
    fields = {"location": "rathaus", "wished": Wished(offers or ("auskunft",)), "by": ANONYMOUS}
    return tickets.draw_ticket(**{**fields, **changed})


def row(ticket: UUID) -> Ticket:
    return Ticket.objects.get(pk=ticket)


def later(minutes: float):
    return time_machine.travel(TEN + timedelta(minutes=minutes), tick=False)


def booked(applicant: Actor, clock: str = "10:05", day: str = "2026-09-14") -> Booking:
    with time_machine.travel(at("2026-09-14", "07:00"), tick=False):
        held = actions.hold(by=applicant, wanted=want(), begins_at=at(day, clock))
        actions.confirm(by=applicant, booking=held.booking)
    return Booking.objects.get(pk=held.booking)


def log_says_the_same() -> bool:
    """Whether the fold of today's log equals the tables."""
    location = Location.objects.get(slug="rathaus")
    told = replay_of(location, today())
    known = {one.pk: one.position for one in Ticket.objects.filter(location=location)}
    desks = {
        one.counter_id: Desk(one.person_id, frozenset(one.skills), one.paused_at is not None)
        for one in CounterSession.objects.filter(closed_at=None)
    }
    return told.tickets == known and told.desks == desks


def deeds() -> list[str]:
    return list(QueueEvent.objects.order_by("pk").values_list("kind", flat=True))
