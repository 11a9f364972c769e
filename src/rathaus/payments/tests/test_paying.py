"""Paying by a hosted page: chosen, opened, paid, given up; however the house hears of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_city, make_clerk, make_guest

from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.core.clock import now
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.money import Money
from rathaus.payments.actions import (
    KeyUsed,
    MeansNotOffered,
    NotDueYet,
    NothingChosen,
    NotPayable,
    PaidAlready,
    PaymentRunning,
    ServiceSilent,
    Wish,
    cancel_payment,
    look_after_payments,
    open_payment,
    pursue,
    start_payment,
    take_over_payments,
)
from rathaus.payments.incoming import Means
from rathaus.payments.models import (
    Claim,
    Credit,
    Payment,
    PaymentPart,
    Receipt,
    Share,
)
from rathaus.payments.payment_states import PaymentState
from rathaus.payments.providers import stripe as adapter
from rathaus.payments.providers.base import Unreachable
from rathaus.payments.queries import account_of, payment_of
from rathaus.payments.tests.bank import open_bank_account
from rathaus.payments.tests.money import owe, pay, standing

pytestmark = pytest.mark.django_db


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


def test_a_payment_that_fails_afterwards_lets_go_of_its_claims(payer, service):
    claim = owe(payer)
    payment, page = opened(payer, claim)
    service.pay(page, "never")

    assert pursue(by=SYSTEM, payment=payment) is PaymentState.FAILED
    assert standing(claim) == ("open", 10_000)
    assert start(payer, claim, key="k-2") != payment


def test_a_payment_whose_time_is_over_expires(payer, service):
    payment, _page = opened(payer, owe(payer))
    service.control(expire=[Payment.objects.get().number])

    assert pursue(by=SYSTEM, payment=payment) is PaymentState.EXPIRED
    assert deeds()[-1] == "payments.payment_expired"


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


@pytest.mark.parametrize("changed", [{"amount": 9_999}, {"currency": "usd"}, {"amount": 20_000}])
def test_another_amount_than_asked_for_is_held_and_not_settled(payer, service, changed):
    claim = owe(payer)
    payment, page = opened(payer, claim)
    service.control(changed=changed)
    service.pay(page)

    assert pursue(by=SYSTEM, payment=payment) is PaymentState.HELD
    assert standing(claim) == ("open", 10_000)
    assert Receipt.objects.count() == 0
    entry = Entry.objects.get(did="payments.payment_held")
    assert entry.why.startswith("Verlangt waren € 100,00, gezahlt wurden ")
    with pytest.raises(PaymentRunning):
        start(payer, claim, key="k-2")
    assert pursue(by=SYSTEM, payment=payment) is PaymentState.HELD


def test_a_payment_that_the_service_does_not_know_is_held(payer, service):
    payment, _page = opened(payer, owe(payer))
    Payment.objects.update(number="cs_test_lost")

    assert pursue(by=SYSTEM, payment=payment) is PaymentState.HELD


def test_a_silent_service_changes_nothing_and_can_be_asked_again(payer, service, settings):
    settings.STRIPE_RETRIES = 0
    adapter._client_for.cache_clear()
    claim = owe(payer)
    payment = start(payer, claim)
    service.control(down=1.0)
    with pytest.raises(ServiceSilent):
        open_payment(by=actor_of(payer), payment=payment)
    assert state(payment) == "created"

    service.control()
    page = open_payment(by=actor_of(payer), payment=payment)
    assert open_payment(by=actor_of(payer), payment=payment) == page
    service.pay(page)
    service.control(down=1.0)
    with pytest.raises(Unreachable):
        pursue(by=SYSTEM, payment=payment)
    with pytest.raises(ServiceSilent):
        cancel_payment(by=actor_of(payer), payment=payment)
    assert (state(payment), Receipt.objects.count()) == ("pending", 0)
    service.control()
    assert pursue(by=SYSTEM, payment=payment) is PaymentState.SUCCEEDED
    adapter._client_for.cache_clear()


def test_what_was_never_opened_can_be_given_up_without_anybody(payer, service):
    payment = start(payer, owe(payer))
    service.control(down=1.0)

    assert cancel_payment(by=actor_of(payer), payment=payment) is PaymentState.CANCELLED
    assert cancel_payment(by=actor_of(payer), payment=payment) is PaymentState.CANCELLED


def test_the_job_finds_what_no_message_told(payer, service):
    paid, page = opened(payer, owe(payer))
    never_opened = start(payer, owe(payer), key="k-2")
    service.pay(page)

    assert look_after_payments() == {}  # too young: the person may just be coming back
    with time_machine.travel(now() + timedelta(minutes=2)):
        assert look_after_payments() == {"succeeded": 1, "pending": 1}
    assert (state(paid), state(never_opened)) == ("succeeded", "pending")


def test_the_job_ends_what_the_service_let_expire_and_goes_on_past_silence(payer, service):
    payment, _page = opened(payer, owe(payer))
    service.control(down=1.0)
    with time_machine.travel(now() + timedelta(minutes=2)):
        assert look_after_payments() == {"silent": 1}
        assert look_after_payments() == {}
    service.control(expire=[Payment.objects.get().number])
    with time_machine.travel(now() + timedelta(minutes=4)):
        assert look_after_payments() == {"expired": 1}
    assert state(payment) == "expired"


def test_what_could_never_be_opened_ends_with_its_time(payer, service):
    payment = start(payer, owe(payer))
    service.control(broken=1.0)  # and the service keeps this answer to the key
    with time_machine.travel(now() + timedelta(minutes=30)):
        assert look_after_payments() == {"silent": 1}
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert look_after_payments() == {"expired": 1}
    assert state(payment) == "expired"


def test_a_transfer_runs_until_the_money_is_there(payer):
    a, b = owe(payer), owe(payer)
    payment, page = opened(payer, a, b, means=Means.BANK)
    assert (page, state(payment)) == ("", "pending")

    pay(10_000, (a, 10_000))
    assert state(payment) == "pending"
    pay(10_000, (b, 10_000))

    row = Payment.objects.get()
    assert (row.state, row.receipt) == ("succeeded", Receipt.objects.latest("made_at"))


def test_a_transfer_that_never_comes_expires_and_may_come_all_the_same(payer):
    claim = owe(payer)
    payment, _page = opened(payer, claim, means=Means.BANK)
    with time_machine.travel(now() + timedelta(days=31)):
        assert look_after_payments() == {"expired": 1}
    pay(10_000, (claim, 10_000))

    assert (state(payment), standing(claim)) == ("expired", ("settled", 0))


def test_claims_that_fall_away_take_their_transfer_along(payer):
    claim = owe(payer)
    payment, _page = opened(payer, claim, means=Means.BANK)
    Claim.objects.update(cancelled_at=now())

    assert look_after_payments() == {"cancelled": 1}
    assert state(payment) == "cancelled"


def test_what_cannot_be_paid_is_refused_and_nothing_changes(payer, service):
    waiting = owe(payer, due_on=None)
    paid = owe(payer)
    pay(10_000, (paid, 10_000))
    little = owe(payer, 90)
    foreign = owe(make_citizen())
    before = counts()

    for refusal, claims, means in (
        (NotDueYet, [waiting], Means.CARD),
        (NotPayable, [paid], Means.CARD),
        (MeansNotOffered, [little], Means.EPS),
        (MeansNotOffered, [little], Means.CASH),  # there is no desk
        (NotFound, [foreign], Means.CARD),
        (NotFound, [uuid4()], Means.CARD),
        (NothingChosen, [], Means.CARD),
    ):
        with pytest.raises(refusal):
            start(payer, *claims, means=means, key=str(uuid4()))
    assert counts() == before


def test_without_a_key_of_a_service_only_the_bank_remains(payer, settings):
    settings.STRIPE_KEY = ""
    claim = owe(payer)
    with pytest.raises(MeansNotOffered):
        start(payer, claim)
    assert state(start(payer, claim, means=Means.BANK)) == "created"


def test_people_see_and_touch_their_own_payments_alone(payer, service):
    payment = start(payer, owe(payer))
    for stranger in (make_citizen(), make_clerk(None, "payments.raise")):
        for act in (open_payment, cancel_payment, pursue):
            with pytest.raises(NotFound):
                act(by=actor_of(stranger), payment=payment)
        with pytest.raises(NotFound):
            payment_of(actor_of(stranger), payment)
    for nobody in (ANONYMOUS, actor_of(make_clerk(None, "payments.read"))):
        with pytest.raises(NotAllowed):
            start_payment(by=nobody, key="x", wish=Wish(frozenset([uuid4()]), Means.CARD))
    assert state(payment) == "created"


def test_what_a_guest_pays_goes_along_with_the_matter(service):
    make_city()
    open_bank_account()
    guest, citizen = make_guest(), make_citizen()
    claim = owe(guest)
    payment = start(guest, claim, means=Means.BANK)
    take_over_payments(
        MattersTakenOver(
            guest=guest.pk,
            citizen=citizen.pk,
            references=[Claim.objects.get(pk=claim).reference],
        )
    )

    assert Payment.objects.get(pk=payment).payer == citizen


@pytest.mark.parametrize(
    "break_it",
    [
        "UPDATE payments_paymentpart SET cents = cents - 1",
        "UPDATE payments_payment SET cents = cents + 1",
        "DELETE FROM payments_paymentpart",
        "UPDATE payments_payment SET state = 'cancelled', ended_at = now()",
        "UPDATE payments_payment SET state = 'succeeded', ended_at = now()",
        "INSERT INTO payments_paymentpart (payment_id, claim_id, position, cents, runs) "
        "SELECT payment_id, claim_id, 9, 1, true FROM payments_paymentpart LIMIT 1",
    ],
)
def test_the_database_refuses_parts_that_are_not_the_payment(payer, service, break_it):
    start(payer, owe(payer), owe(payer))

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{break_it}; SET CONSTRAINTS ALL IMMEDIATE")
