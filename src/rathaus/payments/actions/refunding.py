"""Refunds by card: the payment service moves them, and the ledger is told how it went."""

from uuid import UUID

from procrastinate import RetryStrategy

from rathaus.core.actor import SYSTEM
from rathaus.core.jobs import app, defer_here
from rathaus.core.transaction import unit_of_work
from rathaus.payments.actions.giving_back import refund_done, refund_failed, refund_sent
from rathaus.payments.events import RefundRequested
from rathaus.payments.incoming import Means
from rathaus.payments.models import Refund
from rathaus.payments.providers.base import Refused
from rathaus.payments.providers.choosing import online_provider_of

# 10, 100, 1000 … seconds: the last attempt comes about a day after the first.
AGAIN = RetryStrategy(max_attempts=5, exponential_wait=10)


def refund_by_card(event: RefundRequested) -> None:
    """Let a job move it; what goes by other means is moved by others."""
    if event.means == Means.CARD:
        defer_here(move_card_refund.configure(), refund=str(event.refund))


@app.task(queue="payments", name="payments.move_card_refund", retry=AGAIN)
def move_card_refund(refund: str) -> None:
    """Move one refund. Raises `Unreachable` where another attempt makes sense."""
    move_refund(UUID(refund))


def move_refund(refund: UUID) -> None:
    """Ask the payment service, once for each refund however often it is said, and book its answer.

    Raises `Unreachable`: nothing has changed here then, and the next attempt has the same key.
    """
    row = Refund.objects.select_related("receipt").filter(pk=refund, ended_at=None).first()
    if row is None:
        return
    try:
        online_provider_of(Means(row.means)).refund(row.receipt.key, row.amount, key=str(row.pk))
    except Refused as refusal:
        refund_failed(by=SYSTEM, refund=row.pk, problem=str(refusal))
        return
    with unit_of_work():
        refund_sent(by=SYSTEM, refund=row.pk)
        refund_done(by=SYSTEM, refund=row.pk)
