"""Somebody who pays, and payments on their way."""

import pytest
from tests.factories import make_citizen, make_city

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.payments.actions import (
    Wish,
    open_payment,
    start_payment,
)
from rathaus.payments.incoming import Means
from rathaus.payments.models import (
    Payment,
    PaymentPart,
    Receipt,
)
from rathaus.payments.tests.bank import open_bank_account


@pytest.fixture
def payer():
    make_city()
    open_bank_account()
    return make_citizen()


def start(payer, *claims, means=Means.CARD, key="k-1"):
    wish = Wish(frozenset(claims), means)
    return start_payment(by=actor_of(payer), key=key, wish=wish)


def opened(payer, *claims, **changes):
    payment = start(payer, *claims, **changes)
    return payment, open_payment(by=actor_of(payer), payment=payment)


def state(payment) -> str:
    return Payment.objects.get(pk=payment).state


def deeds() -> list[str]:
    names = Entry.objects.order_by("seq").values_list("did", flat=True)
    return [name for name in names if name.startswith("payments.payment")]


def counts() -> tuple[int, int, int]:
    return Payment.objects.count(), PaymentPart.objects.count(), Receipt.objects.count()
