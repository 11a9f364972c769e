"""How payments end: paid, failed, held, over, or never begun."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from tests.factories import make_citizen, make_city, make_clerk, make_guest

from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.core.clock import now
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.payments.actions import (
    MeansNotOffered,
    NotDueYet,
    NothingChosen,
    NotPayable,
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
    Payment,
    Receipt,
)
from rathaus.payments.payment_states import PaymentState
from rathaus.payments.providers import stripe as adapter
from rathaus.payments.providers.base import Unreachable
from rathaus.payments.queries import payment_of
from rathaus.payments.tests.bank import open_bank_account
from rathaus.payments.tests.money import owe, pay, standing
from rathaus.payments.tests.paying.conftest import counts, deeds, opened, start, state

pytestmark = pytest.mark.django_db


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
