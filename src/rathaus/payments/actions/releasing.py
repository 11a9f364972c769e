"""Payments that brought something else than was asked for: a clerk decides what becomes of them."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.audit.actions import record
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.errors import Attempt, Conflict, Invalid, NotAllowed
from rathaus.core.transaction import atomic
from rathaus.payments.actions.moving import end, lock_payment
from rathaus.payments.actions.opening import ServiceSilent
from rathaus.payments.actions.pursuing import book_payment
from rathaus.payments.incoming import Means
from rathaus.payments.models import Payment
from rathaus.payments.payment_states import PaymentState
from rathaus.payments.providers.base import Answer, Refused, Standing, Unreachable
from rathaus.payments.providers.choosing import provider_of


class NotHeld(Conflict):
    """Somebody else has decided."""

    message = _("Über diese Zahlung ist schon entschieden.")


class NothingCame(Conflict):
    """The provider knows of no money that could be booked."""

    message = _("Der Zahlungsdienst meldet kein Geld in der Währung der Forderungen.")


class ReasonMissing(Invalid):
    """Nobody could understand it later."""

    message = _("Bitte schreiben Sie, warum.")


@atomic
def book_held(*, by: Actor, payment: UUID, why: str) -> None:
    """Book what really came: for the claims in turn, what is left over becomes a credit.

    Raises `NotAllowed` without the right `payments.receive`, `NotFound`, `NotHeld`,
    `ReasonMissing`, `NothingCame` and `ServiceSilent`.
    """
    row = _held(by, payment, why)
    answer = _answer_about(row)
    came = answer.amount
    if answer.standing is not Standing.PAID or came is None or came.currency != row.currency:
        raise NothingCame
    _note(by, row, "payments.held_booked", why)
    book_payment(row, answer.key, came, by=by)


@atomic
def drop_held(*, by: Actor, payment: UUID, why: str) -> None:
    """Let the payment go without booking anything: what came is sent back at the provider.

    Raises like `book_held`.
    """
    row = _held(by, payment, why)
    _note(by, row, "payments.held_dropped", why)
    end(row, PaymentState.CANCELLED, by=by)


def _held(by: Actor, payment: UUID, why: str) -> Payment:
    if not by.may("payments.receive"):
        raise NotAllowed(attempted=Attempt("payments.held_booked", "payment", str(payment)))
    if not why.strip():
        raise ReasonMissing
    row = lock_payment(SYSTEM, payment)  # the right to receive is enough
    if row.now is not PaymentState.HELD:
        raise NotHeld
    return row


def _answer_about(row: Payment) -> Answer:
    try:
        return provider_of(Means(row.means)).ask(row.number)
    except Unreachable as error:
        raise ServiceSilent from error
    except Refused as error:
        raise NothingCame from error


def _note(by: Actor, row: Payment, did: str, why: str) -> None:
    details = {"cents": row.cents, "number": row.number}
    record(by=by, did=did, on=row, about=[row.payer_id], why=why, details=details)
