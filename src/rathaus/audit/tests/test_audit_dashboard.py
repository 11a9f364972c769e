"""What auditors see first in the morning."""

import pytest
from tests.factories import make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.actions import examine, record
from rathaus.audit.models import EXAMINED, Entry
from rathaus.audit.queries import cards
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import today
from rathaus.core.transaction import unit_of_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> Actor:
    return actor_of(make_clerk(None, "audit.read"))


def test_a_trail_never_examined_says_so(auditor):
    checked, entries = cards(auditor)
    assert (checked.value, checked.tone) == ("noch nie", "info")
    assert entries.value == str(Entry.objects.count())


def test_the_day_of_the_last_examination(auditor):
    examine()
    checked, _entries = cards(auditor)
    assert (checked.value, checked.tone) == (f"{today():%d.%m.%Y}", "success")


def test_faults_are_not_hidden_behind_a_date(auditor):
    with unit_of_work():
        record(by=SYSTEM, did=EXAMINED, details={"faults": ["entry 7 was changed"]})
    checked, _entries = cards(auditor)
    assert (str(checked.label), checked.tone) == ("Protokoll geprüft, Fehler gefunden", "danger")


def test_others_are_told_nothing():
    assert list(cards(actor_of(make_clerk(None, "cases.read")))) == []
