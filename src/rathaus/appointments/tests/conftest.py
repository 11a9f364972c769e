"""A location with two counters, people who serve there, offers, and a day to stand on."""

from collections.abc import Iterator
from datetime import date, datetime, time

import pytest
import time_machine
from tests.factories import make_citizen, make_city, make_clerk, make_department

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.appointments.models import (
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Skill,
    StaffSkill,
)
from rathaus.appointments.queries import Wanted, Wish
from rathaus.core.actor import Actor
from rathaus.core.city import forget_city
from rathaus.core.clock import VIENNA

BEGAN = date(2026, 1, 1)


def at(day: str, clock: str) -> datetime:
    """A moment by Vienna's clock."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), VIENNA)


def want(offer: str = "ausweis", persons: int = 1, **changed: object) -> Wanted:
    """The wish for one offer at the location of the tests."""
    fields: dict[str, object] = {"location": "rathaus", "wishes": (Wish(offer, persons),)}
    return Wanted(**{**fields, **changed})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    """The morning of Monday, 14 September 2026, 7:00 in Vienna, and no second later."""
    with time_machine.travel("2026-09-14T05:00:00+00:00", tick=False):
        yield


@pytest.fixture
def city(db: None) -> Iterator[None]:
    forget_city()
    make_city()
    yield
    forget_city()


@pytest.fixture
def office(city: None) -> Department:
    return make_department("buergerservice")


@pytest.fixture
def location(office: Department) -> Location:
    """Open Monday to Friday, 8:00 to 12:00; two counters; two people who do passports."""
    place = Location.objects.create(
        slug="rathaus",
        name={"de": "Rathaus", "en": "City hall"},
        department=office,
        address="Rathausplatz 1",
    )
    skill = Skill.objects.create(slug="ausweise", name={"de": "Ausweise"})
    for weekday in range(5):
        OpeningHours.objects.create(
            location=place, weekday=weekday, opens="08:00", closes="12:00", valid_from=BEGAN
        )
    for number in (1, 2):
        counter = Counter.objects.create(location=place, number=number, name=f"Schalter {number}")
        person = make_clerk(office)
        StaffSkill.objects.create(person=person, skill=skill)
        there_each_morning(person, counter)
    return place


def there_each_morning(person: Person, counter: Counter) -> None:
    """Let somebody serve at a counter as long as the location is open."""
    for weekday in range(5):
        Duty.objects.create(
            person=person,
            counter=counter,
            weekday=weekday,
            starts="08:00",
            ends="12:00",
            valid_from=BEGAN,
        )


@pytest.fixture
def offer(location: Location) -> Offer:
    """Half an hour, ten minutes for each further person, five minutes to breathe."""
    return Offer.objects.create(
        slug="ausweis",
        title={"de": "Reisepass", "en": "Passport"},
        minutes=30,
        further_minutes=10,
        max_persons=4,
        buffer_minutes=5,
        lead_minutes=30,
        horizon_days=30,
        hold_minutes=15,
        open_limit=2,
        skill=Skill.objects.get(slug="ausweise"),
    )


@pytest.fixture
def citizen(city: None) -> Person:
    return make_citizen()


@pytest.fixture
def applicant(citizen: Person) -> Actor:
    return actor_of(citizen)


@pytest.fixture
def clerk(office: Department) -> Actor:
    return actor_of(make_clerk(office, "appointments.serve"))


@pytest.fixture
def foreign_clerk(city: None) -> Actor:
    return actor_of(make_clerk("anderswo", "appointments.serve"))


@pytest.fixture
def people(city: None) -> list[Actor]:
    """Twelve citizens."""
    return [actor_of(make_citizen()) for _ in range(12)]
