"""Receipts, credits, letters and refunds; always starts from what this person may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound
from rathaus.core.iban import readable
from rathaus.core.localized import Localized
from rathaus.core.models import StoredFile
from rathaus.core.money import Money
from rathaus.payments.models import (
    Credit,
    Receipt,
    Refund,
    RefundState,
    Reminder,
    Share,
    Transfer,
)
from rathaus.payments.queries.claims import ClaimRow

MOST_SHOWN = 100


@dataclass(frozen=True)
class PaidFor:
    """What of a receipt went to one claim."""

    purpose: Localized
    reference: str
    amount: Money
    outcome: str


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt as a page shows it."""

    receipt: UUID
    number: str
    received_on: date
    made_at: datetime
    means: str
    amount: Money
    shares: Sequence[PaidFor]
    credit: Money


@dataclass(frozen=True)
class LetterRow:
    """A letter of dunning."""

    reminder: int
    name: Localized
    reference: str
    told_on: date
    due_on: date
    size: int


@dataclass(frozen=True)
class RefundRow:
    """A refund that has not ended."""

    refund: UUID
    number: str
    amount: Money
    means: str
    state: str
    name: str
    iban: str
    why: str
    requested_at: datetime

    @property
    def is_sent(self) -> bool:
        """Whether it is on its way."""
        return self.state == RefundState.SENT


def own_receipts(by: Actor) -> list[ReceiptRow]:
    """What a citizen has paid, the newest first."""
    if not by.is_citizen:
        return []
    rows = Receipt.objects.visible_to(by).prefetch_related("shares__claim", "credits")
    return [_receipt_row(row) for row in rows.order_by("-made_at")[:MOST_SHOWN]]


def own_credit(by: Actor) -> list[Money]:
    """What a citizen has with the city that pays for nothing, one amount per currency."""
    if not by.is_citizen:
        return []
    sums: dict[str, int] = {}
    for credit in Credit.objects.visible_to(by).filter(left_cents__gt=0):
        sums[credit.currency] = sums.get(credit.currency, 0) + credit.left_cents
    return [Money(cents, currency) for currency, cents in sorted(sums.items())]


def own_letters(by: Actor) -> list[LetterRow]:
    """The reminders that a citizen got, the newest first."""
    if not by.is_citizen:
        return []
    rows = Reminder.objects.filter(claim__debtor_id=by.person)
    return [_letter_row(row) for row in rows.select_related("claim", "document").order_by("-pk")]


def letters_to_print(*, by: Actor) -> list[LetterRow]:
    """The newest reminders that went to nobody by mail. Raises `NotAllowed` without the right."""
    by.require("payments.dun")
    rows = Reminder.objects.filter(by_mail=False).select_related("claim", "document")
    return [_letter_row(row) for row in rows.order_by("-pk")[:MOST_SHOWN]]


def own_receipt(*, by: Actor, receipt: UUID) -> Receipt:
    """One receipt that this person may see, or `NotFound`."""
    found = Receipt.objects.visible_to(by).filter(pk=receipt).first()
    if found is None:
        raise NotFound
    return found


def latest_receipts(claims: Iterable[ClaimRow], *, by: Actor) -> dict[UUID, UUID]:
    """By claim the newest receipt of money that went to it and that this person may see."""
    wanted = [claim.claim for claim in claims if claim.paid]
    if not wanted:
        return {}
    shares = Share.objects.filter(claim__in=wanted, receipt__in=Receipt.objects.visible_to(by))
    in_order = shares.order_by("receipt__made_at", "receipt")
    return dict(in_order.values_list("claim_id", "receipt_id"))


def letter(*, by: Actor, reminder: int) -> StoredFile:
    """The letter of a reminder, for its debtor and for who may dun; else `NotFound`."""
    rows = Reminder.objects.select_related("document", "claim").filter(pk=reminder)
    if not by.may("payments.dun"):
        rows = rows.filter(claim__debtor_id=by.person) if by.is_citizen else rows.none()
    found = rows.first()
    if found is None:
        raise NotFound
    return found.document


def waiting_refunds(*, by: Actor) -> list[RefundRow]:
    """The refunds that have not ended, the oldest first. Raises `NotAllowed` without the right."""
    by.require("payments.give_back")
    rows = Refund.objects.filter(ended_at=None).select_related("receipt")
    return [
        RefundRow(
            refund=row.pk,
            number=row.receipt.number,
            amount=row.amount,
            means=str(row.get_means_display()),
            state=row.state,
            name=row.name,
            iban=readable(row.iban),
            why=row.why,
            requested_at=row.requested_at,
        )
        for row in rows.order_by("requested_at")
    ]


def transfers(*, by: Actor) -> list[Transfer]:
    """The files for the bank, the newest first. Raises `NotAllowed` without the right."""
    by.require("payments.give_back")
    return list(Transfer.objects.defer("content").order_by("-number")[:MOST_SHOWN])


def transfer(*, by: Actor, number: int) -> Transfer:
    """One file for the bank, or `NotFound`. Raises `NotAllowed` without the right."""
    by.require("payments.give_back")
    found = Transfer.objects.filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def _receipt_row(row: Receipt) -> ReceiptRow:
    shares = sorted(row.shares.all(), key=lambda share: share.position)
    return ReceiptRow(
        receipt=row.pk,
        number=row.number,
        received_on=row.received_on,
        made_at=row.made_at,
        means=str(row.get_means_display()),
        amount=row.amount,
        shares=[
            PaidFor(
                share.claim.purpose,
                share.claim.reference,
                Money(share.cents, row.currency),
                str(share.get_outcome_display()),
            )
            for share in shares
        ],
        credit=Money(row.cents - sum(share.cents for share in shares), row.currency),
    )


def _letter_row(row: Reminder) -> LetterRow:
    return LetterRow(
        reminder=row.pk,
        name=row.name,
        reference=row.claim.reference,
        told_on=row.told_on,
        due_on=row.due_on,
        size=row.document.size,
    )
