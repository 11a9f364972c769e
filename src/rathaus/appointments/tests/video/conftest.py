"""A counter with a screen, and an appointment by video."""

import pytest
import time_machine
from tests.factories import make_clerk

from rathaus.appointments.channels import Kind
from rathaus.appointments.models import (
    Counter,
    Location,
    Offer,
    Skill,
    StaffSkill,
    VideoTermsRow,
)
from rathaus.appointments.tests.conftest import BEGAN, at, there_each_morning

SERVICE = "https://meet.example.org/"


@pytest.fixture(autouse=True)
def early(on_the_day: None):
    """Seven in the morning; tests that need it travel on."""
    return


@pytest.fixture
def screen(location: Location, offer: Offer) -> Counter:
    """A counter for video beside the two others, with a service."""
    counter = Counter.objects.create(
        location=location, number=9, name="Videoberatung", kind=Kind.VIDEO
    )
    person = make_clerk(location.department)
    StaffSkill.objects.create(person=person, skill=Skill.objects.get())
    there_each_morning(person, counter)
    Offer.objects.update(kinds=[Kind.IN_PERSON, Kind.VIDEO])
    VideoTermsRow.objects.create(location=location, valid_from=BEGAN, address=SERVICE)
    return counter


def travel(clock: str) -> time_machine.travel:
    return time_machine.travel(at("2026-09-14", clock), tick=False)
