"""Stripe's own client against the payment service: how a payment stands, and every fault."""

import json
import time
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from rathaus.core.clock import now
from rathaus.core.money import Money
from rathaus.demo.payment_service import SECRET
from rathaus.demo.payment_service.messages import signature
from rathaus.payments.incoming import Means
from rathaus.payments.providers import stripe as adapter
from rathaus.payments.providers.base import (
    Answer,
    BadSignature,
    Line,
    Notice,
    Order,
    Refused,
    Standing,
    Unreachable,
)
from rathaus.payments.providers.eps import EpsByStripe
from rathaus.payments.providers.stripe import StripeCheckout

CARD = StripeCheckout(Means.CARD)
UNTIL = now() + timedelta(hours=1)


def order(payment: UUID | None = None, cents: int = 4730, **changes) -> Order:
    values = {
        "payment": payment or uuid4(),
        "means": Means.CARD,
        "lines": [Line("Hundeabgabe 2026", Money(cents)), Line("Hundemarke", Money(450))],
        "language": "de",
        "back": "https://stadt.example/zurueck/",
        "until": UNTIL,
    }
    return Order(**{**values, **changes})


@pytest.fixture
def impatient(settings):
    """One attempt, half a second."""
    settings.STRIPE_RETRIES, settings.STRIPE_SECONDS_TO_WAIT = 0, 0.5
    adapter._client_for.cache_clear()
    yield
    adapter._client_for.cache_clear()


def test_a_payment_is_opened_paid_and_known(service):
    opened = CARD.open(order())

    assert opened.page == f"{service.address}/pay/{opened.number}"
    assert CARD.ask(opened.number) == Answer(Standing.WAITING)
    assert service.pay(opened.page) == "https://stadt.example/zurueck/"
    answer = CARD.ask(opened.number)
    assert (answer.standing, answer.amount) == (Standing.PAID, Money(5180))
    assert answer.key.startswith("card:pi_")
    assert CARD.ask(opened.number) == answer


def test_the_same_order_is_one_session_however_often_it_is_opened(service):
    payment = uuid4()

    assert CARD.open(order(payment)) == CARD.open(order(payment))
    with pytest.raises(Refused, match="IdempotencyError 400"):
        CARD.open(order(payment, cents=1))


def test_who_is_declined_may_try_again(service):
    opened = CARD.open(order())

    assert service.pay(opened.page, "decline") == ""
    assert CARD.ask(opened.number).standing is Standing.WAITING
    service.pay(opened.page)
    assert CARD.ask(opened.number).standing is Standing.PAID


def test_who_goes_back_has_paid_nothing_and_may_return(service):
    opened = CARD.open(order())

    assert service.pay(opened.page, "cancel") == "https://stadt.example/zurueck/"
    assert CARD.ask(opened.number).standing is Standing.WAITING


def test_money_that_comes_later_is_on_its_way_and_then_there_or_not(service):
    late, never = CARD.open(order()), CARD.open(order())
    service.pay(late.page, "later")
    service.pay(never.page, "never")

    assert CARD.ask(late.number) == Answer(Standing.IN_PROGRESS)
    assert CARD.ask(never.number) == Answer(Standing.FAILED)
    service.control(settle=[late.number])
    assert CARD.ask(late.number).standing is Standing.PAID


def test_what_is_withdrawn_cannot_be_paid_and_what_is_paid_cannot_be_withdrawn(service):
    open_one, paid = CARD.open(order()), CARD.open(order())
    service.pay(paid.page)

    assert CARD.withdraw(open_one.number) == Answer(Standing.EXPIRED)
    assert CARD.ask(open_one.number) == Answer(Standing.EXPIRED)
    assert service.pay(open_one.page) == ""
    assert CARD.withdraw(open_one.number) == Answer(Standing.EXPIRED)
    assert CARD.withdraw(paid.number) == CARD.ask(paid.number)


def test_money_is_given_back_once_for_each_key_and_never_more_than_came(service):
    opened = CARD.open(order())
    service.pay(opened.page)
    key = CARD.ask(opened.number).key
    before = service.known()["refunded"]

    first = CARD.refund(key, Money(1000), key="back-1")
    assert CARD.refund(key, Money(1000), key="back-1") == first
    assert CARD.refund(key, Money(4180), key="back-2") != first
    with pytest.raises(Refused):
        CARD.refund(key, Money(1), key="back-3")
    assert service.known()["refunded"] - before == 5180


def test_eps_is_for_one_euro_and_more(service):
    eps = EpsByStripe()
    one_line = [Line("Kopie", Money(100))]

    assert eps.least == Money(100)
    opened = eps.open(order(means=Means.EPS, lines=one_line))
    service.pay(opened.page)
    assert eps.ask(opened.number).key.startswith("eps:pi_")
    with pytest.raises(Refused, match="InvalidRequestError 400"):
        eps.open(order(means=Means.EPS, lines=[Line("Kopie", Money(99))]))


def test_what_nobody_knows_is_refused(service):
    with pytest.raises(Refused, match="InvalidRequestError 404"):
        CARD.ask("cs_test_unknown")


def test_a_wrong_key_is_our_fault_and_may_be_mended(service, settings):
    settings.STRIPE_KEY = "sk_wrong"
    with pytest.raises(Unreachable, match="AuthenticationError 401"):
        CARD.ask("cs_test_unknown")


@pytest.mark.parametrize("fault", [{"down": 1.0}, {"broken": 1.0}, {"slow": 1.0}])
def test_a_service_that_fails_is_asked_again_later(service, impatient, fault):
    payment = uuid4()
    service.control(**fault, slow_seconds=1.0)
    with pytest.raises(Unreachable):
        CARD.open(order(payment))

    service.control()
    if "broken" in fault:  # the fault is the kept answer to this key, as Stripe documents it
        with pytest.raises(Unreachable):
            CARD.open(order(payment))
    else:
        assert CARD.open(order(payment)) == CARD.open(order(payment))


def test_a_service_that_is_not_there_is_unreachable(service, impatient, settings):
    settings.STRIPE_API = "http://127.0.0.1:9"
    with pytest.raises(Unreachable, match="APIConnectionError"):
        CARD.ask("cs_test_1")


def test_short_faults_are_bridged_under_the_same_key(service, settings):
    adapter._client_for.cache_clear()
    service.control(seed=5, down=0.4)
    payments = [uuid4() for _ in range(5)]

    opened = {CARD.open(order(payment)).number for payment in payments}

    assert len(opened) == 5


def message(**changes: object) -> bytes:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}},
    }
    return json.dumps({**event, **changes}).encode()


def signed(body: bytes, *, secret: str = SECRET, age: int = 0) -> str:
    return signature(body.decode(), secret=secret, at=int(time.time()) - age)


def test_a_signed_message_is_read_as_a_hint(service):
    body = message()
    assert CARD.heard(body, signed(body)) == Notice(
        "evt_1", "checkout.session.completed", "cs_test_1"
    )
    other = message(type="charge.succeeded", data={"object": {"id": "ch_1", "object": "charge"}})
    assert CARD.heard(other, signed(other)) == Notice("evt_1", "charge.succeeded", "")


def test_a_secret_may_be_exchanged_for_another(service, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", SECRET]
    body = message()
    for secret in ("whsec_new", SECRET):
        assert CARD.heard(body, signed(body, secret=secret)).event == "evt_1"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1,v1=00",
        "nonsense",
        signed(message(), secret="whsec_other"),
        signed(message(), age=301),
        signed(message(id="evt_2")),
        signed(message()).replace("v1=", "v0="),
    ],
    ids=["none", "old and wrong", "nonsense", "forged", "old", "of another", "other scheme"],
)
def test_what_is_not_proved_is_not_heard(service, header):
    with pytest.raises(BadSignature):
        CARD.heard(message(), header)


def test_bytes_that_are_no_text_are_not_heard(service):
    with pytest.raises(BadSignature):
        CARD.heard(b"\xff\xfe", signed(b"{}"))
