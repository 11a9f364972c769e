"""How a payment gets from state to state: locked, written, and noted in the trail.

Parts of other actions, which ask for permission.
"""

from uuid import UUID

import structlog

from rathaus.audit.actions import record
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import now
from rathaus.core.errors import NotFound
from rathaus.payments.models import Payment
from rathaus.payments.payment_states import PaymentState, moved

log = structlog.get_logger("rathaus.payments")


def lock_payment(by: Actor, payment: UUID) -> Payment:
    """The payment, locked, if this person may see it. Raises `NotFound`."""
    rows = Payment.objects.visible_to(by).select_for_update(of=("self",))
    row: Payment | None = rows.filter(pk=payment).first()
    if row is None:
        raise NotFound
    return row


def move(row: Payment, state: PaymentState, *columns: str) -> None:
    """Write a locked payment's next state, and what comes with it."""
    row.state = moved(row.now, state)
    row.save(update_fields=["state", *columns])


def end(row: Payment, state: PaymentState, *, by: Actor = SYSTEM) -> None:
    """Let a locked payment end like this; its claims can be paid by others again."""
    row.ended_at = now()
    move(row, state, "ended_at", "receipt")
    row.parts.filter(runs=True).update(runs=False)
    record(
        by=by,
        did=f"payments.payment_{state}",
        on=row,
        about=[row.payer_id],
        details={"cents": row.cents, "means": row.means},
    )


def hold(row: Payment, why: str) -> None:
    """Leave a locked payment to a clerk, with an entry in the trail: money came otherwise."""
    row.why_held = why[:300]
    move(row, PaymentState.HELD, "why_held")
    record(
        by=SYSTEM,
        did="payments.payment_held",
        on=row,
        about=[row.payer_id],
        why=row.why_held,
        details={"cents": row.cents, "means": row.means, "number": row.number},
    )
    log.warning("payment held", payment=str(row.pk))
