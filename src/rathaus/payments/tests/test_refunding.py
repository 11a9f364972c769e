"""Refunds by card: moved once by the payment service, booked as it answers."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories import make_citizen, make_city

from rathaus.accounts.queries import actor_of
from rathaus.core.actor import SYSTEM
from rathaus.core.money import Money
from rathaus.payments.actions import (
    Wish,
    give_back,
    move_refund,
    open_payment,
    pursue,
    start_payment,
)
from rathaus.payments.incoming import Means
from rathaus.payments.models import Receipt, Refund
from rathaus.payments.providers.base import Unreachable
from rathaus.payments.providers.choosing import online_provider_of
from rathaus.payments.tests.money import balances, owe

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund(service):
    make_city()
    payer = make_citizen()
    payment = start_payment(
        by=actor_of(payer), key="k", wish=Wish(frozenset([owe(payer)]), Means.CARD)
    )
    service.pay(open_payment(by=actor_of(payer), payment=payment))
    pursue(by=SYSTEM, payment=payment)
    give_back(
        by=SYSTEM, receipt=Receipt.objects.get().pk, amount=Money(4_000), key="r", why="Irrtum"
    )
    return Refund.objects.get()


def test_a_refund_is_moved_once_however_often_it_is_tried(refund, service):
    before = service.known()["refunded"]
    job = ProcrastinateJob.objects.get(task_name="payments.move_card_refund")
    assert job.args == {"refund": str(refund.pk)}

    for _ in range(3):
        move_refund(refund.pk)

    refund.refresh_from_db()
    assert (refund.state, service.known()["refunded"] - before) == ("done", 4_000)
    assert balances()["card"] == 6_000


def test_silence_leaves_it_for_later_and_costs_nothing(refund, service, settings):
    settings.STRIPE_API = "http://127.0.0.1:9"
    with pytest.raises(Unreachable):
        move_refund(refund.pk)
    refund.refresh_from_db()
    assert refund.state == "requested"

    settings.STRIPE_API = service.address
    move_refund(refund.pk)
    refund.refresh_from_db()
    assert refund.state == "done"


def test_a_refusal_makes_it_a_credit_again(refund, service):
    card = online_provider_of(Means.CARD)
    card.refund(refund.receipt.key, Money(10_000), key="by hand at the service")

    move_refund(refund.pk)

    refund.refresh_from_db()
    assert refund.state == "failed"
    assert refund.problem.startswith("InvalidRequestError")
    assert balances()["credit"] == -4_000
