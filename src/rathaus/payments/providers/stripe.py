"""Stripe's hosted Checkout page, for cards, wallets and eps: https://docs.stripe.com/payments/checkout.

Nobody types a card number here: people pay on the page of the payment service. Every call has a
timeout and an idempotency key, under which the client tries again by itself.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import stripe
from django.conf import settings
from stripe.checkout import Session
from stripe.params.checkout import SessionCreateParams

from rathaus.core.money import Money
from rathaus.payments.incoming import Means
from rathaus.payments.providers.base import (
    Answer,
    BadSignature,
    Notice,
    OnlineProvider,
    Opened,
    Order,
    Refused,
    Standing,
    Unreachable,
)

T = TypeVar("T")
SECONDS_FRESH = 300
LONGEST_WORDS = 250


class PatientClient(stripe.RequestsClient):
    """Waits a little between attempts: somebody sits in front of the screen."""

    INITIAL_DELAY = 0.2
    MAX_DELAY = 1


class StripeCheckout(OnlineProvider):
    """Payments on the hosted page; `means` decides what can be chosen there."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self.name = f"stripe_{means}"
        self.least = Money(100) if means is Means.EPS else Money(50)

    def open(self, order: Order) -> Opened:
        """A Checkout Session; opened again it is the same one."""
        found = _asked(
            lambda: _client().v1.checkout.sessions.create(
                _session(order, str(self.means)), {"idempotency_key": f"open:{order.payment}"}
            )
        )
        if not found.url:
            raise Refused("the session has no page")
        return Opened(found.id, found.url)

    def ask(self, number: str) -> Answer:
        """What the session says, and what its payment has brought."""
        found = _asked(
            lambda: _client().v1.checkout.sessions.retrieve(number, {"expand": ["payment_intent"]})
        )
        return self._answer(found)

    def withdraw(self, number: str) -> Answer:
        """Let the session expire; one that is over already says how it ended."""
        try:
            _asked(lambda: _client().v1.checkout.sessions.expire(number))
        except Refused:
            return self.ask(number)
        return Answer(Standing.EXPIRED)

    def refund(self, receipt_key: str, amount: Money, *, key: str) -> str:
        """A refund of the session's payment."""
        made = _asked(
            lambda: _client().v1.refunds.create(
                {"payment_intent": receipt_key.partition(":")[2], "amount": amount.cents},
                {"idempotency_key": f"refund:{key}"},
            )
        )
        return made.id

    def heard(self, body: bytes, signature: str) -> Notice:
        """An event, proved by its signature and not older than five minutes."""
        _prove(body, signature)
        try:
            event = json.loads(body)
            thing = event["data"]["object"]
            is_session = thing.get("object") == "checkout.session"
            return Notice(event["id"], event["type"], thing["id"] if is_session else "")
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise BadSignature from error  # signed, and yet no event: nobody we know

    def _answer(self, session: Session) -> Answer:
        intent = session.payment_intent
        if isinstance(intent, stripe.PaymentIntent) and session.payment_status == "paid":
            came = Money(intent.amount_received, intent.currency.upper())
            return Answer(Standing.PAID, came, f"{self.means}:{intent.id}")
        if session.status == "expired":
            return Answer(Standing.EXPIRED)
        if session.status == "complete" and isinstance(intent, stripe.PaymentIntent):
            failed = intent.status in ("requires_payment_method", "canceled")
            return Answer(Standing.FAILED if failed else Standing.IN_PROGRESS)
        return Answer(Standing.WAITING)


def _session(order: Order, means: str) -> SessionCreateParams:
    """The parameters, the same each time: Stripe compares them with the first request's."""
    return {
        "mode": "payment",
        "allowed_payment_method_types": ["eps"] if means == "eps" else ["card"],
        "client_reference_id": str(order.payment),
        "metadata": {"payment": str(order.payment)},
        "payment_intent_data": {"metadata": {"payment": str(order.payment)}},
        "locale": "en" if order.language == "en" else "de",
        "success_url": order.back,
        "cancel_url": order.back,
        "expires_at": int(order.until.timestamp()),
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": line.amount.currency.lower(),
                    "unit_amount": line.amount.cents,
                    "product_data": {"name": line.words[:LONGEST_WORDS]},
                },
            }
            for line in order.lines
        ],
    }


def _asked(question: Callable[[], T]) -> T:
    """The answer. Raises `Unreachable` where asking again makes sense, else `Refused`."""
    try:
        return question()
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise Unreachable(type(error).__name__) from error
    except stripe.StripeError as error:
        status = error.http_status or 500
        kind = Unreachable if status >= 500 or status in (401, 403, 409) else Refused
        raise kind(f"{type(error).__name__} {status}") from error


def _prove(body: bytes, signature: str) -> None:
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, SECONDS_FRESH)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        return
    raise BadSignature


def _client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_KEY, settings.STRIPE_API)


@cache
def _client_for(key: str, api: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": api},
        http_client=PatientClient(timeout=settings.STRIPE_SECONDS_TO_WAIT),
        max_network_retries=settings.STRIPE_RETRIES,
    )
