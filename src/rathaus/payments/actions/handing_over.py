"""What leaves the house as a file: transfers for the bank, bookings for the city's accounting."""

import hashlib
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import local_date, now, today
from rathaus.core.errors import Conflict
from rathaus.core.localized import localize
from rathaus.core.transaction import atomic
from rathaus.payments.accounting_files import BookedLeg, documents, table
from rathaus.payments.models import (
    BookingKind,
    Export,
    Form,
    Leg,
    Refund,
    RefundState,
    Transfer,
)
from rathaus.payments.queries.accounts import bank_account
from rathaus.payments.queries.ledger import closed_until
from rathaus.payments.transfer_file import Order, Payer, transfer_file


class NoBankAccount(Conflict):
    """The chart of accounts names no account from which the city could pay."""

    message = _("Im Kontenplan fehlt das Bankkonto der Stadt mit IBAN und Kontoname.")


class PeriodStillOpen(Conflict):
    """What could still change is not handed over."""

    message = _("Übergeben werden kann nur, was abgeschlossen ist.")


@atomic
def hand_over_transfers(*, by: Actor) -> Transfer | None:
    """Put all refunds that wait for the bank into one file; None where none waits.

    Each is on its way then, and in exactly one file. Raises `NotAllowed` without the right
    `payments.give_back`, and `NoBankAccount`.
    """
    by.require("payments.give_back")
    account = bank_account()
    if account is None:
        raise NoBankAccount
    waiting = Refund.objects.select_for_update(of=("self",)).select_related("receipt")
    refunds = list(
        waiting.filter(state=RefundState.REQUESTED, means="bank", currency="EUR").order_by("pk")
    )
    if not refunds:
        return None
    orders = [
        Order(refund.pk.hex, refund.name, refund.iban, refund.cents, refund.receipt.number)
        for refund in refunds
    ]
    content = transfer_file(Payer(account.holder, account.iban, account.bic), orders, on=today())
    transfer = Transfer.objects.create(made_at=now(), content=content, sha256=_hash(content))
    for refund in refunds:
        refund.state, refund.sent_at, refund.transfer = RefundState.SENT, now(), transfer
        refund.save(update_fields=["state", "sent_at", "transfer"])
        record(
            by=by,
            did="payments.refund_sent",
            on=refund,
            about=[refund.payee_id] if refund.payee_id else (),
            details={"cents": refund.cents, "transfer": transfer.number},
        )
    return transfer


@atomic
def export_period(*, by: Actor, form: Form, first: date, last: date, company: str = "") -> Export:
    """The bookings of a closed period in that form; made once, and the same bytes ever after.

    Raises `NotAllowed` without the right `payments.close`, and `PeriodStillOpen`.
    """
    by.require("payments.close")
    known = Export.objects.filter(form=form, first=first, last=last).first()
    if known is not None:
        return known
    closed = closed_until()
    if closed is None or last > closed or first > last:
        raise PeriodStillOpen
    legs = booked_legs(first, last)
    if form is Form.TABLE:
        with override("de"):
            content = table(legs, {kind.value: str(kind.label) for kind in BookingKind})
    else:
        content = documents(legs, company=company)
    made, is_new = Export.objects.get_or_create(
        form=form,
        first=first,
        last=last,
        defaults={
            "made_at": now(),
            "company": company,
            "content": content,
            "sha256": _hash(content),
        },
    )
    if is_new:
        record(
            by=by,
            did="payments.exported",
            on=made,
            details={"form": form.value, "last": last.isoformat(), "sha256": made.sha256},
        )
    return made


def booked_legs(first: date, last: date) -> list[BookedLeg]:
    """Every side booked in the period, in the order of their numbers."""
    legs = Leg.objects.select_related("transaction", "account").filter(
        transaction__booked_on__gte=first, transaction__booked_on__lte=last
    )
    return [
        BookedLeg(
            number=leg.transaction_id,
            booked_on=leg.transaction.booked_on,
            posted_on=local_date(leg.transaction.posted_at),
            kind=leg.transaction.kind,
            text=leg.transaction.text,
            reference=leg.transaction.reference,
            currency=leg.transaction.currency,
            account=leg.account.number,
            account_name=localize(leg.account.name, "de"),
            cents=leg.cents,
        )
        for leg in legs.order_by("transaction", "position")
    ]


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
