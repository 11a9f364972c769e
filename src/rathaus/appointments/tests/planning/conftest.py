"""Those who plan, somebody with an appointment, and what is planned."""

from datetime import date, time

import pytest
from tests.factories import make_clerk

from rathaus.accounts.models import Department
from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.actions.planning.weekly_rows import Times
from rathaus.appointments.models import (
    Booking,
    Offer,
)
from rathaus.appointments.tests.conftest import at, want
from rathaus.core.actor import Actor
from rathaus.core.models import OutgoingMail

MONDAY, TUESDAY, NEXT_MONDAY = date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 21)
IDA = Whom(name="Ida Gast", email="ida@example.org", phone="+43 1 23")


@pytest.fixture
def planner(office: Department) -> Actor:
    return actor_of(make_clerk(office, "appointments.serve", "appointments.plan"))


@pytest.fixture
def elsewhere(city: None) -> Actor:
    """Plans another department."""
    return actor_of(make_clerk("anderswo", "appointments.serve", "appointments.plan"))


@pytest.fixture
def booked(offer: Offer, planner: Actor) -> Booking:
    """Ida's appointment on Tuesday at nine, at one of the counters."""
    held = actions.book(
        by=planner, wanted=want(channel="phone"), begins_at=at("2026-09-15", "09:00"), whom=IDA
    )
    OutgoingMail.objects.all().delete()
    return Booking.objects.get(pk=held.booking)


def times(starts: str, ends: str, since: date = MONDAY, until: date | None = None) -> Times:
    return Times(time.fromisoformat(starts), time.fromisoformat(ends), since, until)
