"""What administrators see first in the morning."""

import pytest
from tests.factories import make_clerk, make_department

from rathaus.accounts.administration import MANAGE
from rathaus.accounts.queries import actor_of, cards
from rathaus.core.domain import Health
from rathaus.core.status import probes
from rathaus.core.status.report import forget_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_report():
    forget_report()
    yield
    forget_report()


def test_a_healthy_house_and_who_may_enter():
    administrator = actor_of(make_clerk(None, MANAGE))
    make_clerk(None, "cases.read")
    make_clerk(None, "cases.read", is_active=False)

    well, people = cards(administrator)

    assert (well.value, well.tone) == ("gut", "success")
    assert people.value == "2"


def test_a_sick_house(monkeypatch):
    full = Health("Speicherplatz", ok=False, message="Der Speicherplatz wird knapp.")
    monkeypatch.setattr(probes, "USEFUL", (lambda: full,))

    well, _people = cards(actor_of(make_clerk(None, MANAGE)))

    assert (well.value, well.tone) == ("gestört", "danger")


def test_who_administers_one_department_counts_its_people():
    office = make_department("stadtgarten")
    make_clerk(None, "cases.read")

    _well, people = cards(actor_of(make_clerk(office, MANAGE)))

    assert people.value == "1"


def test_others_are_told_nothing():
    assert list(cards(actor_of(make_clerk(None, "cases.read")))) == []
