"""One claim with its money: what was paid, in which parts it may be paid, what its debtor has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound
from rathaus.core.money import Money
from rathaus.payments.instalments import InstalmentPart, still_open
from rathaus.payments.models import Claim, Credit, Reminder
from rathaus.payments.queries.claims import ClaimRow, row_of
from rathaus.payments.queries.references import references_of_claims
from rathaus.payments.references import printed_reference


@dataclass(frozen=True)
class ShareRow:
    """What one receipt paid for the claim, and what of that is still there."""

    receipt: UUID
    number: str
    received_on: date
    amount: Money
    left: Money
    outcome: str


@dataclass(frozen=True)
class CreditRow:
    """Something that could pay for the claim; of nobody known where it is `unknown`."""

    credit: UUID
    number: str
    left: Money
    usable: Money
    note: str
    is_unknown: bool


@dataclass(frozen=True)
class InstalmentRow:
    """One part of the running plan."""

    amount: Money
    rest: Money
    due_on: date


@dataclass(frozen=True)
class ClaimPage:
    """Everything about the money of one claim."""

    claim: ClaimRow
    payment_reference: str
    shares: Sequence[ShareRow]
    credits: Sequence[CreditRow]
    instalments: Sequence[InstalmentRow]
    reminders: Sequence[Reminder]
    debtor: UUID
    debtor_name: str


def claim_page(claim: UUID, *, by: Actor) -> ClaimPage:
    """The claim for this person, or `NotFound`; credits only for who may set them off."""
    rows = Claim.objects.visible_to(by).select_related("deposit", "debtor")
    row = rows.filter(pk=claim).first()
    if row is None:
        raise NotFound
    reference = references_of_claims([row.pk]).get(row.pk, "")
    return ClaimPage(
        claim=row_of(row),
        payment_reference=printed_reference(reference),
        shares=_shares(row),
        credits=_credits(row) if by.may("payments.set_off") and row.rest else [],
        instalments=_instalments(row),
        reminders=list(row.reminders.order_by("level")),
        debtor=row.debtor_id,
        debtor_name=row.debtor.full_name,
    )


def _shares(row: Claim) -> list[ShareRow]:
    return [
        ShareRow(
            receipt=share.receipt_id,
            number=share.receipt.number,
            received_on=share.receipt.received_on,
            amount=Money(share.cents, row.currency),
            left=Money(share.left_cents, row.currency),
            outcome=str(share.get_outcome_display()),
        )
        for share in row.shares.select_related("receipt").order_by("receipt__made_at")
    ]


def _credits(row: Claim) -> list[CreditRow]:
    usable = Q(owner_id=row.debtor_id) | Q(owner=None)
    rows = Credit.objects.filter(usable, left_cents__gt=0, currency=row.currency)
    return [
        CreditRow(
            credit=credit.pk,
            number=credit.receipt.number,
            left=credit.left,
            usable=min(credit.left, row.rest),
            note=credit.receipt.note,
            is_unknown=credit.owner_id is None,
        )
        for credit in rows.select_related("receipt").order_by("made_at")
    ]


def _instalments(row: Claim) -> list[InstalmentRow]:
    plan = row.plans.filter(lapsed_at=None).first()
    if plan is None:
        return []
    parts = [
        InstalmentPart(part.cents, part.due_on) for part in plan.instalments.order_by("position")
    ]
    paid = row.paid_cents - row.returned_cents - plan.paid_before
    return [
        InstalmentRow(Money(part.cents, row.currency), Money(rest, row.currency), part.due_on)
        for part, rest in zip(parts, still_open(parts, paid), strict=True)
    ]
