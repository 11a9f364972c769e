"""What editors of the catalogue see first in the morning."""

import pytest
from tests.factories import make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.core.clock import today
from rathaus.services.models import GrantBudget, SearchMiss, Service
from rathaus.services.queries.dashboard import cards

pytestmark = pytest.mark.django_db


def test_services_on_show_misses_and_budgets_that_run_low_are_counted():
    editor = actor_of(make_clerk(None, "services.edit_catalogue"))
    year = today().year
    for slug, year_of, reserved in (("leer", year, 90), ("halb", year, 89), ("alt", year - 1, 100)):
        GrantBudget.objects.create(
            slug=slug, year=year_of, name={"de": slug}, total_cents=100, reserved_cents=reserved
        )
    SearchMiss.objects.create(question="einhorn", language="de", last_on=today())
    for slug, published in (("hund", True), ("katze", False)):
        Service.objects.create(slug=slug, title={"de": slug}, published=published)

    assert [(card.value, card.tone) for card in cards(editor)] == [
        ("1", "neutral"),
        ("1", "info"),
        ("1", "warning"),
    ]


def test_others_are_told_nothing(django_assert_num_queries):
    clerk = actor_of(make_clerk(None, "cases.read"))
    with django_assert_num_queries(0):
        assert list(cards(clerk)) == []
