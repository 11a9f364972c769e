"""People who do something, and a trail to look at."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.factories import make_citizen, make_clerk, sign_in

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.transaction import unit_of_work

Recorder = Callable[..., None]


@pytest.fixture
def anna(db: None) -> Person:
    return make_citizen(given_name="Anna", family_name="Auer")


@pytest.fixture
def bert(db: None) -> Person:
    return make_citizen(given_name="Bert", family_name="Bauer")


@pytest.fixture
def clerk_person(db: None) -> Person:
    return make_clerk("buergerservice", "audit.read", "audit.export")


@pytest.fixture
def clerk(clerk_person: Person) -> Actor:
    return actor_of(clerk_person)


@pytest.fixture
def staff_client(clerk_person: Person) -> Client:
    return sign_in(Client(), clerk_person)


@pytest.fixture
def anna_client(anna: Person) -> Client:
    return sign_in(Client(), anna)


@pytest.fixture
def write(clerk: Actor) -> Recorder:
    """Record deeds of the clerk, each in a unit of work of its own."""

    def write_entries(count: int = 1, **deed: object) -> None:
        for _ in range(count):
            with unit_of_work():
                record(**{"by": clerk, "did": "cases.decided", **deed})

    return write_entries
