"""Deposits: money that the city keeps for somebody goes back, all or some of it, or is retained.

It is held as long as its claim is settled and something of it is left. What goes back takes the way
of every refund; what is retained becomes income by a booking of its own.
"""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Attempt, Conflict, Invalid, NotAllowed, NotFound
from rathaus.core.events import publish
from rathaus.core.localized import localize
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.booking import Booking, Side, account_for, accounts_of, book
from rathaus.payments.actions.giving_back import PayTo, give_back
from rathaus.payments.actions.locking import lock_claims, lock_key
from rathaus.payments.events import DepositReturned
from rathaus.payments.models import (
    BookingKind,
    Claim,
    ClaimKind,
    Deposit,
    DepositStep,
    Use,
)

RIGHT = "payments.give_back"


class NothingHeld(Conflict):
    """The deposit was not paid yet, or nothing of it is left."""

    message = _("Von dieser Kaution ist nichts hinterlegt.")


class MoreThanIsHeld(Conflict):
    """So much of it is not there any more."""

    message = _("So viel ist von dieser Kaution nicht mehr hinterlegt.")


class NothingDecided(Invalid):
    """Neither is something given back nor retained."""

    message = _("Bitte geben Sie an, wie viel zurückgeht oder einbehalten wird.")


class DepositReasonMissing(Invalid):
    """Nobody could understand it later."""

    message = _("Bitte schreiben Sie, warum.")


class AnotherReturn(Conflict):
    """Under this key something else was decided."""

    message = _("Unter diesem Schlüssel ist schon etwas anderes entschieden.")


@atomic
def return_deposit(
    *,
    by: Actor,
    claim: UUID,
    returned: Money,
    retained: Money,
    why: str,
    key: str,
    to: PayTo | None = None,
) -> UUID:
    """Give back so much of a held deposit and retain so much; the claim's id.

    It goes back as it came, or where `to` is given to a bank account, from each receipt what that
    brought, the last one first. Said twice with one key, it happens once. Raises `NotAllowed`
    without the right `payments.give_back`, `NotFound`, `NothingDecided`, `DepositReasonMissing`,
    `NothingHeld`, `MoreThanIsHeld`, `AnotherReturn`, and what `give_back` raises.
    """
    if not by.may(RIGHT):
        raise NotAllowed(attempted=Attempt("payments.deposit_returned", "claim", str(claim)))
    _require_sense(returned, retained, why)
    lock_key(f"deposit:{key}")
    known = DepositStep.objects.filter(key=key).first()
    if known is not None:
        said = (claim, returned.cents, retained.cents)
        if (known.deposit_id, known.given_cents, known.retained_cents) != said:
            raise AnotherReturn
        return claim
    row = _locked(claim)
    held = row.kept
    if not held:
        raise NothingHeld
    if (returned + retained).cents > held.cents or returned.currency != row.currency:
        raise MoreThanIsHeld
    step = DepositStep.objects.create(
        deposit_id=row.pk,
        key=key,
        given_cents=returned.cents,
        retained_cents=retained.cents,
        why=why.strip()[:300],
        by_name=by.name[:200],
        at=now(),
    )
    if retained:
        _retain(row, step)
    _give(by, row, step, to)
    record(
        by=by,
        did="payments.deposit_returned",
        on=row,
        about=[row.debtor_id],
        case=row.reference,
        why=why,
        details={"returned": returned.cents, "retained": retained.cents},
    )
    publish(DepositReturned(row.pk, row.reference, returned, retained))
    return claim


@atomic
def set_return_day(*, by: Actor, claim: UUID, return_on: date | None) -> None:
    """Say until when a deposit is to go back; when the day has passed, the clerks are reminded.

    Raises `NotAllowed` without `payments.give_back`, and `NotFound`.
    """
    if not by.may(RIGHT):
        raise NotAllowed(attempted=Attempt("payments.deposit_day_set", "claim", str(claim)))
    row = _locked(claim)
    Deposit.objects.filter(claim=row).update(return_on=return_on)
    record(
        by=by,
        did="payments.deposit_day_set",
        on=row,
        about=[row.debtor_id],
        case=row.reference,
        details={"return_on": return_on.isoformat() if return_on else ""},
    )


def _require_sense(returned: Money, retained: Money, why: str) -> None:
    if returned.cents < 0 or retained.cents < 0 or not (returned or retained):
        raise NothingDecided
    if not why.strip():
        raise DepositReasonMissing


def _locked(claim: UUID) -> Claim:
    row = lock_claims([claim])[claim]
    if row.kind != ClaimKind.DEPOSIT:
        raise NotFound
    return row


def _retain(claim: Claim, step: DepositStep) -> None:
    """Take it out of what was paid and book it from what the city keeps to its income."""
    rest = step.retained_cents
    for share in claim.shares.filter(left_cents__gt=0).order_by("pk"):
        cents = min(share.left_cents, rest)
        share.left_cents -= cents
        share.save(update_fields=["left_cents"])
        rest -= cents
        if not rest:
            break
    claim.returned_cents += step.retained_cents
    claim.save(update_fields=["returned_cents"])
    deposit = Deposit.objects.get(claim=claim)
    deposit.retained_cents += step.retained_cents
    deposit.save(update_fields=["retained_cents"])
    kept = accounts_of([claim])[claim.pk].income
    income = account_for(Use.INCOME, currency=claim.currency, department=claim.department_id)
    book(
        Booking(
            key=f"deposit:{step.pk}",
            kind=BookingKind.DEPOSIT,
            text=localize(claim.purpose, "de"),
            reference=claim.reference,
            sides=[Side(kept, step.retained_cents), Side(income, -step.retained_cents)],
            currency=claim.currency,
        )
    )


def _give(by: Actor, claim: Claim, step: DepositStep, to: PayTo | None) -> None:
    """Refund from the receipts that paid it, the last one first."""
    rest = step.given_cents
    shares = claim.shares.filter(left_cents__gt=0).order_by("-pk")
    for receipt, left in list(shares.values_list("receipt", "left_cents")):
        cents = min(left, rest)
        if not cents:
            return
        give_back(
            by=by,
            receipt=receipt,
            amount=Money(cents, claim.currency),
            key=f"deposit:{step.pk}:{receipt}",
            why=step.why,
            to=to,
            claim=claim.pk,
        )
        rest -= cents
