"""One payment is one receipt: whoever hears of it, however often, from however many tabs."""

import pytest
from tests.all_at_once import all_at_once

from rathaus.accounts.queries import actor_of
from rathaus.core.actor import SYSTEM
from rathaus.core.money import Money
from rathaus.payments.actions import (
    KeyUsed,
    PaidAlready,
    PaymentRunning,
    cancel_payment,
    look_after_payments,
    pursue,
)
from rathaus.payments.incoming import Means
from rathaus.payments.models import (
    Credit,
    Payment,
    PaymentPart,
    Receipt,
    Share,
)
from rathaus.payments.payment_states import PaymentState
from rathaus.payments.queries import account_of
from rathaus.payments.tests.money import owe, pay, standing
from rathaus.payments.tests.paying.conftest import counts, deeds, opened, start, state

pytestmark = pytest.mark.django_db


def test_one_payment_pays_several_claims_of_several_matters(payer, service):
    dog, tree = owe(payer, 4450), owe(payer, 6000)
    payment, page = opened(payer, dog, tree)

    assert page.startswith(f"{service.address}/pay/cs_test_")
    assert state(payment) == "pending"
    back = service.pay(page)
    assert back == f"http://testserver/meine-zahlungen/{payment}/zurueck/"
    assert pursue(by=actor_of(payer), payment=payment) is PaymentState.SUCCEEDED

    receipt = Receipt.objects.get()
    row = Payment.objects.get()
    assert (row.receipt, receipt.amount, receipt.payer) == (receipt, Money(10450), payer)
    assert receipt.key.startswith("card:pi_")
    assert [standing(claim) for claim in (dog, tree)] == [("settled", 0), ("settled", 0)]
    assert {share.claim_id: share.cents for share in Share.objects.all()} == {dog: 4450, tree: 6000}
    assert deeds() == ["payments.payment_started", "payments.payment_succeeded"]
    assert not PaymentPart.objects.filter(runs=True).exists()


def test_whoever_hears_of_it_first_books_it_and_the_others_change_nothing(payer, service):
    payment, page = opened(payer, owe(payer))
    service.pay(page)

    assert [pursue(by=SYSTEM, payment=payment) for _ in range(3)] == ["succeeded"] * 3
    assert look_after_payments() == {}
    assert (Receipt.objects.count(), Credit.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_return_page_message_and_poll_at_the_same_moment_are_one_receipt(payer, service):
    payments = []
    for number in range(3):
        payment, page = opened(payer, owe(payer), key=f"race-{number}")
        service.pay(page)
        payments.append(payment)
    works = [
        lambda one=payment: pursue(by=SYSTEM, payment=one) for payment in payments for _ in range(4)
    ]

    assert all_at_once(*works) == ["succeeded"] * 12
    assert Receipt.objects.count() == 3
    assert Credit.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_one_key_pressed_many_times_at_once_is_one_payment(payer, service):
    claim = owe(payer)

    found = all_at_once(*[lambda: opened(payer, claim)] * 6)

    assert len(set(found)) == 1
    assert counts() == (1, 1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_with_overlapping_choices_never_pay_one_claim_twice(payer, service):
    a, b, c = owe(payer), owe(payer), owe(payer)
    choices = [(a, b), (b, c), (c, a), (b, a)]

    found = all_at_once(
        *[
            lambda chosen=chosen, key=f"tab-{number}": start(payer, *chosen, key=key)
            for number, chosen in enumerate(choices)
        ],
        refusals=(PaymentRunning,),
    )

    assert found.count(PaymentRunning) == 3
    assert Payment.objects.count() == 1
    assert PaymentPart.objects.filter(runs=True).count() == 2


def test_the_same_key_with_another_wish_is_refused(payer, service):
    first, other = owe(payer), owe(payer)
    payment = start(payer, first)
    before = counts()

    assert start(payer, first) == payment
    for changed in ({"claims": [other]}, {"claims": [first], "means": Means.EPS}):
        with pytest.raises(KeyUsed):
            start(payer, *changed.pop("claims"), **changed)
    assert counts() == before


def test_a_running_payment_is_told_and_can_be_given_up(payer, service):
    claim = owe(payer)
    payment, page = opened(payer, claim)

    with pytest.raises(PaymentRunning) as refusal:
        start(payer, claim, key="k-2")
    assert refusal.value.payment == payment
    assert account_of(actor_of(payer)).payable == []
    assert cancel_payment(by=actor_of(payer), payment=payment) is PaymentState.CANCELLED
    assert service.pay(page) == ""
    assert [row.claim for row in account_of(actor_of(payer)).payable] == [claim]
    assert start(payer, claim, key="k-2") != payment


def test_giving_up_what_is_paid_finds_it_paid(payer, service):
    payment, page = opened(payer, owe(payer))
    service.pay(page)

    assert cancel_payment(by=actor_of(payer), payment=payment) is PaymentState.SUCCEEDED
    assert Receipt.objects.count() == 1


def test_money_on_its_way_cannot_be_called_back(payer, service):
    payment, page = opened(payer, owe(payer))
    service.pay(page, "later")

    with pytest.raises(PaidAlready):
        cancel_payment(by=actor_of(payer), payment=payment)
    assert (state(payment), Receipt.objects.count()) == ("pending", 0)


def test_what_was_paid_meanwhile_becomes_a_credit(payer, service):
    claim = owe(payer)
    payment, page = opened(payer, claim)
    pay(10_000, (claim, 10_000))  # by transfer, while the page was open
    service.pay(page)

    assert pursue(by=SYSTEM, payment=payment) is PaymentState.SUCCEEDED
    share = Share.objects.get(receipt=Payment.objects.get().receipt)
    assert (share.outcome, share.cents) == ("double", 0)
    assert Credit.objects.get().left == Money(10_000)
    assert standing(claim) == ("settled", 0)


def test_what_was_never_opened_can_be_given_up_without_anybody(payer, service):
    payment = start(payer, owe(payer))
    service.control(down=1.0)

    assert cancel_payment(by=actor_of(payer), payment=payment) is PaymentState.CANCELLED
    assert cancel_payment(by=actor_of(payer), payment=payment) is PaymentState.CANCELLED
