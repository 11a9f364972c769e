"""Thirty people at once want what is enough for ten, each on a connection of their own."""

from functools import partial

import pytest
from tests.all_at_once import all_at_once

from rathaus.cases.models import Case
from rathaus.services.actions.submitting import submit
from rathaus.services.form_errors import GrantExhausted
from rathaus.services.models import Application, Draft, GrantBudget, GrantReservation
from rathaus.services.tests.solar import begin, build_solar_city, citizen_knock

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, ENOUGH_FOR = 30, 10


def test_exactly_as_many_are_taken_as_the_budget_holds() -> None:
    build_solar_city(total="1947.00")  # ten times € 194,70
    knocks = [citizen_knock() for _ in range(PEOPLE)]
    sendings = [partial(submit, knock=knock, draft=begin(knock)) for knock in knocks]

    answers = all_at_once(*sendings, refusals=(GrantExhausted,))

    assert answers.count(GrantExhausted) == PEOPLE - ENOUGH_FOR
    budget = GrantBudget.objects.get()
    assert (budget.reserved_cents, budget.left.cents) == (194_700, 0)
    assert Case.objects.count() == Application.objects.count() == ENOUGH_FOR
    assert GrantReservation.objects.filter(released_at=None).count() == ENOUGH_FOR
    kept = Draft.objects.filter(submitted_at=None)
    assert [draft.answers for draft in kept] == [{"preis": "649.00"}] * (PEOPLE - ENOUGH_FOR)
