"""A city with a dog levy, and somebody who owes it."""

from datetime import date

import pytest
from tests.factories import make_citizen, make_city, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.payments.models import Claim, Levy
from rathaus.payments.tests.levied import install
from rathaus.payments.tests.money import pay

TODAY = date(2026, 5, 4)
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def city():
    make_city()
    install()


@pytest.fixture
def debtor():
    return make_citizen(email="hund@post.example")


@pytest.fixture
def clerk():
    return actor_of(make_clerk("finanzen", "payments.levies"))


def only_claim(levy: Levy) -> Claim:
    return Claim.objects.get(reference__startswith=levy.number, cancelled_at=None)


def pay_for(claim: Claim) -> None:
    pay(claim.cents, (claim.pk, claim.cents))
