"""Cash at the counter: opening a day, taking money for a reference, counting and closing."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.audit.actions import record
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import now, today
from rathaus.core.errors import Attempt, Conflict, Invalid, NotAllowed, NotFound
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.booking import Booking, Side, account_for, book
from rathaus.payments.actions.locking import lock_claims, lock_key
from rathaus.payments.actions.moving import lock_payment
from rathaus.payments.actions.opening import make_known
from rathaus.payments.actions.pursuing import book_payment, open_parts
from rathaus.payments.actions.receiving import take
from rathaus.payments.incoming import Incoming, Means, Part
from rathaus.payments.models import (
    BookingKind,
    CashClosing,
    CashDesk,
    CashTaking,
    Receipt,
    Use,
)
from rathaus.payments.payment_states import WAITING, PaymentState
from rathaus.payments.queries.references import named_by
from rathaus.payments.references import is_reference

RIGHT = "payments.take_cash"


class DayNotOpen(Conflict):
    """The desk takes no money now."""

    message = _("Diese Kassa ist heute nicht geöffnet oder schon abgeschlossen.")


class DayOpened(Conflict):
    """Once a day is enough."""

    message = _("Diese Kassa wurde heute schon geöffnet.")


class DeskExists(Conflict):
    """Two of one name could not be told apart."""

    message = _("Eine Barkassa dieses Namens gibt es schon.")


class NotAnAmount(Invalid):
    """Less than nothing is in no drawer."""

    message = _("Bitte geben Sie einen Betrag von null oder mehr ein.")


class TooLittleGiven(Invalid):
    """Cash is taken for all of it, or not at all."""

    message = _("Das ist weniger, als zu bezahlen ist.")


class NothingToPay(Conflict):
    """The reference is right, and there is nothing to pay for it."""

    message = _("Zu dieser Zahlungsreferenz ist nichts zu bezahlen.")


class PaidOtherwise(Conflict):
    """The same payment has another means."""

    message = _("Für diese Forderung läuft eine andere Zahlung. Bitte zuerst dort abbrechen.")


@dataclass(frozen=True)
class Taken:
    """What was taken, what goes back over the counter, and the receipt for it."""

    receipt: UUID
    amount: Money
    change: Money


@atomic
def add_desk(*, by: Actor, name: str) -> int:
    """Set up a counter that takes cash; its id.

    Raises `NotAllowed` without the right `payments.manage_desks`, and `DeskExists`.
    """
    by.require("payments.manage_desks")
    row, is_new = CashDesk.objects.get_or_create(name=name.strip())
    if not is_new:
        raise DeskExists
    record(by=by, did="payments.desk_added", on=row, details={"name": row.name})
    return row.pk


@atomic
def open_desk(*, by: Actor, desk: int, float_: Money) -> int:
    """Begin today at a desk with so much in the drawer; the id of the day.

    Raises `NotAllowed` without the right `payments.take_cash`, `NotFound`, `NotAnAmount`, and
    `DayOpened`.
    """
    _require(by, "payments.desk_opened", desk)
    if float_.cents < 0:
        raise NotAnAmount
    if not CashDesk.objects.filter(pk=desk, closed_for_good=False).exists():
        raise NotFound
    row, is_new = CashClosing.objects.get_or_create(
        desk_id=desk,
        day=today(),
        defaults={"float_cents": float_.cents, "opened_by": by.person, "opened_at": now()},
    )
    if not is_new:
        raise DayOpened
    details = {"float": float_.cents, "day": row.day.isoformat()}
    record(by=by, did="payments.desk_opened", on=row, details=details)
    return row.pk


@atomic
def take_cash(*, by: Actor, desk: int, reference: str, given: Money, key: str) -> Taken:
    """Take cash for what the reference names: a payment of a citizen, or one claim.

    Said twice with one `key`, money was taken once. Raises `NotAllowed` without the right
    `payments.take_cash`, `DayNotOpen`, `NotFound` for an unknown reference, `NothingToPay`,
    `PaidOtherwise`, and `TooLittleGiven`.
    """
    _require(by, "payments.cash_taken", desk)
    lock_key(f"receipt:cash:{key}")
    known = Receipt.objects.filter(key=f"cash:{key}").first()
    if known is not None:
        return Taken(known.pk, known.amount, given - known.amount)
    day = _open_day(desk)
    named = named_by(reference) if is_reference(reference) else None
    if named is None:
        raise NotFound(_("Diese Zahlungsreferenz kennen wir nicht."))
    if named.payment:
        receipt = _take_for_payment(by, named.payment, given, key)
    else:
        receipt = _take_for_claim(by, named.claim, given, key)
    CashTaking.objects.create(day=day, receipt=receipt, cents=receipt.cents, taken_at=now())
    return Taken(receipt.pk, receipt.amount, given - receipt.amount)


@atomic
def close_desk(*, by: Actor, desk: int, counted: Money, remark: str = "") -> CashClosing:
    """End today at a desk: once, with what was counted; a difference is booked.

    Raises `NotAllowed` without the right `payments.take_cash`, `NotAnAmount`, and `DayNotOpen`.
    """
    _require(by, "payments.desk_closed", desk)
    if counted.cents < 0:
        raise NotAnAmount
    row = _open_day(desk)
    row.takings_cents = sum(row.takings.values_list("cents", flat=True))
    row.counted_cents = counted.cents
    row.closed_by, row.closed_at, row.remark = by.person, now(), remark[:300]
    row.save()
    if row.difference:
        _book_difference(row)
    record(
        by=by,
        did="payments.desk_closed",
        on=row,
        why=row.remark,
        details={
            "day": row.day.isoformat(),
            "takings": row.takings_cents,
            "counted": row.counted_cents,
            "difference": row.difference.cents,
        },
    )
    return row


def _require(by: Actor, did: str, desk: int) -> None:
    if not by.may(RIGHT):
        raise NotAllowed(attempted=Attempt(did, "cashdesk", str(desk)))


def _open_day(desk: int) -> CashClosing:
    rows = CashClosing.objects.select_for_update().filter(desk=desk, day=today())
    row = rows.first()
    if row is None or not row.is_open:
        raise DayNotOpen
    return row


def _take_for_payment(by: Actor, payment: UUID, given: Money, key: str) -> Receipt:
    row = lock_payment(SYSTEM, payment)  # the right to take cash is enough
    if row.now not in WAITING:
        raise NothingToPay
    if row.means != Means.CASH:
        raise PaidOtherwise
    parts = open_parts(row)
    if not parts:
        raise NothingToPay
    amount = Money(sum(part.amount.cents for part in parts), row.currency)
    if given < amount:
        raise TooLittleGiven
    if row.now is PaymentState.CREATED:
        make_known(row)
    book_payment(row, f"cash:{key}", amount, by=by, parts=parts)
    return Receipt.objects.get(key=f"cash:{key}")


def _take_for_claim(by: Actor, claim: UUID | None, given: Money, key: str) -> Receipt:
    if claim is None:
        raise NothingToPay
    row = lock_claims([claim])[claim]
    if not row.rest or row.due_on is None:
        raise NothingToPay
    if given < row.rest:
        raise TooLittleGiven
    received = take(
        by=by,
        incoming=Incoming(
            key=f"cash:{key}",
            means=Means.CASH,
            amount=row.rest,
            received_on=today(),
            parts=[Part(claim, row.rest)],
            payer=row.debtor_id,
        ),
        source=None,
    )
    return Receipt.objects.get(pk=received.receipt)


def _book_difference(row: CashClosing) -> None:
    """More or less in the drawer than there should be: the drawer is right."""
    cents = row.difference.cents
    book(
        Booking(
            key=f"cash-difference:{row.pk}",
            kind=BookingKind.CASH,
            text=f"Kassadifferenz {row.desk.name} {row.day.isoformat()}",
            reference="",
            sides=[
                Side(account_for(Use.CASH), cents),
                Side(account_for(Use.DIFFERENCES), -cents),
            ],
        )
    )
