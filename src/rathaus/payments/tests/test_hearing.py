"""Messages of the payment service: proved, kept once, answered at once, applied by a job."""

import json
import time

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_city

from rathaus.accounts.queries import actor_of
from rathaus.demo.payment_service import SECRET
from rathaus.demo.payment_service.messages import signature
from rathaus.payments.actions import Wish, forget_old_events, open_payment, start_payment
from rathaus.payments.actions.hearing import follow_event
from rathaus.payments.incoming import Means
from rathaus.payments.models import Payment, ProviderEvent, Receipt
from rathaus.payments.providers.base import Unreachable
from rathaus.payments.tests.money import owe

pytestmark = pytest.mark.django_db
DOOR = "/zahlungsdienste/stripe/"


@pytest.fixture
def paid(service):
    """A payment that was paid and of which nobody has told the house yet."""
    make_city()
    payer = make_citizen()
    wish = Wish(frozenset([owe(payer)]), Means.CARD)
    payment = start_payment(by=actor_of(payer), key="k", wish=wish)
    service.pay(open_payment(by=actor_of(payer), payment=payment))
    return Payment.objects.get()


def message(number: str = "", *, event: str = "evt_1", kind: str = "checkout.session.completed"):
    thing = {"id": number, "object": "checkout.session"} if number else {"object": "charge"}
    content = {"id": event, "object": "event", "type": kind, "data": {"object": thing}}
    return json.dumps(content)


def send(body: str, *, secret: str = SECRET, age: int = 0, header: str | None = None):
    proof = signature(body, secret=secret, at=int(time.time()) - age) if header is None else header
    return Client().post(
        DOOR, body, content_type="application/json", headers={"Stripe-Signature": proof}
    )


def events() -> list[tuple[str, str, int]]:
    rows = ProviderEvent.objects.order_by("pk")
    return list(rows.values_list("kind", "outcome", "heard_times"))


def waiting_jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="payments.apply_event").count()


def test_a_message_is_kept_at_once_and_applied_by_a_job(paid):
    before = waiting_jobs()
    answer = send(message(paid.number))

    assert (answer.status_code, answer.content) == (204, b"")
    assert events() == [("checkout.session.completed", "waiting", 1)]
    assert waiting_jobs() - before == 1
    assert Receipt.objects.count() == 0
    follow_event(ProviderEvent.objects.get().pk)
    paid.refresh_from_db()
    assert paid.state == "succeeded"
    assert events() == [("checkout.session.completed", "applied", 1)]


def test_a_message_said_again_is_counted_and_does_nothing_more(paid):
    before = waiting_jobs()
    assert [send(message(paid.number)).status_code for _ in range(3)] == [204] * 3
    assert waiting_jobs() - before == 1
    event = ProviderEvent.objects.get().pk
    for _ in range(3):
        follow_event(event)

    assert events() == [("checkout.session.completed", "applied", 3)]
    assert Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_message_many_times_at_once_is_one_row(paid):
    body = message(paid.number)

    answers = all_at_once(*[lambda: send(body).status_code] * 8)

    assert answers == [204] * 8
    assert events() == [("checkout.session.completed", "waiting", 8)]


def test_what_a_message_claims_is_not_believed(service):
    make_city()
    payer = make_citizen()
    payment = start_payment(
        by=actor_of(payer), key="k", wish=Wish(frozenset([owe(payer)]), Means.CARD)
    )
    open_payment(by=actor_of(payer), payment=payment)
    send(message(Payment.objects.get().number))  # signed, "completed", and nobody has paid
    follow_event(ProviderEvent.objects.get().pk)

    assert Payment.objects.get().state == "pending"
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize("kind", ["charge.dispute.created", "payout.paid", "something.new"])
def test_messages_about_anything_else_are_kept_and_counted(service, kind):
    assert send(message(kind=kind)).status_code == 204
    follow_event(ProviderEvent.objects.get().pk)

    assert events() == [(kind, "unknown", 1)]


def test_a_payment_of_somebody_else_is_unknown(service):
    send(message("cs_test_of_another_shop"))
    follow_event(ProviderEvent.objects.get().pk)

    assert events() == [("checkout.session.completed", "unknown", 1)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "whsec_forged"},
        {"age": 301},
        {"header": ""},
        {"header": "t=1,v1=00"},
        {"header": "v1"},
    ],
)
def test_forged_wrong_and_old_messages_change_nothing(paid, wrong):
    before = waiting_jobs()
    answer = send(message(paid.number), **wrong)

    assert answer.status_code == 400
    assert "Diese Meldung trägt keine gültige Unterschrift." in answer.content.decode()
    assert (events(), waiting_jobs() - before) == ([], 0)
    paid.refresh_from_db()
    assert paid.state == "pending"


def test_a_message_that_was_changed_on_its_way_is_not_proved(paid):
    said = message(paid.number)
    proof = signature(said, secret=SECRET, at=int(time.time()))
    answer = send(said.replace(paid.number, "cs_test_of_another"), header=proof)

    assert (answer.status_code, events()) == (400, [])


def test_a_message_replayed_after_it_was_applied_changes_nothing(paid):
    said = message(paid.number)
    proof = signature(said, secret=SECRET, at=int(time.time()))
    assert send(said, header=proof).status_code == 204
    follow_event(ProviderEvent.objects.get().pk)
    jobs = waiting_jobs()

    assert send(said, header=proof).status_code == 204  # the same bytes with the same signature

    assert (events(), waiting_jobs()) == ([("checkout.session.completed", "applied", 2)], jobs)
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"id": "evt_1"}', '{"data": 1}'])
def test_what_is_signed_and_no_event_is_refused(service, body):
    assert send(body).status_code == 400
    assert events() == []


def test_without_a_secret_nobody_is_heard(service, settings):
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert send(message(), secret="").status_code == 400
    assert events() == []


def test_a_body_without_end_is_refused(service):
    assert send(message() + " " * 600_000).status_code == 400
    assert events() == []


def test_only_post_is_a_message(service):
    assert Client().get(DOOR).status_code == 405


def test_a_silent_service_leaves_the_message_for_another_attempt(paid, service, settings):
    settings.STRIPE_API = "http://127.0.0.1:9"
    send(message(paid.number))
    with pytest.raises(Unreachable):
        follow_event(ProviderEvent.objects.get().pk)
    assert events() == [("checkout.session.completed", "waiting", 1)]

    settings.STRIPE_API = service.address
    follow_event(ProviderEvent.objects.get().pk)
    assert events() == [("checkout.session.completed", "applied", 1)]
    assert Receipt.objects.count() == 1


def test_messages_are_forgotten_after_three_months(paid):
    send(message(paid.number))
    follow_event(ProviderEvent.objects.get().pk)
    send(message(paid.number, event="evt_2"))

    assert forget_old_events() == 0
    ProviderEvent.objects.filter(event="evt_1").update(done_at="2026-01-01T00:00:00Z")
    assert forget_old_events() == 1
    assert ProviderEvent.objects.get().event == "evt_2"
