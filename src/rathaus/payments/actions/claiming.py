"""Everything that changes a claim."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.queries import actor_by_id
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Attempt, Conflict, Invalid, NotAllowed, NotFound
from rathaus.core.events import publish
from rathaus.core.localized import SOURCE_LANGUAGE, Localized
from rathaus.core.money import ZERO, Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.booking import book_claim, claim_key, reverse
from rathaus.payments.actions.giving_back import free_shares
from rathaus.payments.actions.referencing import reference_for
from rathaus.payments.events import (
    ClaimCancelled,
    ClaimFellDue,
    ClaimOverpaid,
    ClaimRaised,
    ClaimTakenOver,
)
from rathaus.payments.models import (
    FURTHER,
    BankMovement,
    Claim,
    ClaimKind,
    Deposit,
    Receipt,
    State,
    Transaction,
)


class NothingOwed(Invalid):
    """A claim must be of more than nothing."""

    message = _("Eine Forderung muss höher als null sein.")


class AnotherAmount(Conflict):
    """For this purpose something else is owed already."""

    message = _("Für diesen Zweck gibt es bereits eine Forderung über einen anderen Betrag.")


class AlreadySettled(Conflict):
    """A claim that is paid can only be paid back."""

    message = _("Diese Forderung ist bereits bezahlt.")


@dataclass(frozen=True)
class Owed:
    """What is owed for one purpose; `key` names it for programs, `purpose` for people.

    Without `due_on` it waits until `fall_due` says so.
    """

    key: str
    purpose: Localized
    amount: Money
    due_on: date | None
    kind: ClaimKind = ClaimKind.FEE


@atomic
def raise_claim(
    *,
    by: Actor,
    debtor: UUID,
    amount: Money,
    purpose: Localized,
    reference: str,
    due_on: date | None,
    key: str = "fee",
    department: int | None = None,
    fee_for: UUID | None = None,
    kind: ClaimKind = ClaimKind.FEE,
) -> UUID:
    """Make somebody owe something; the claim's id. Said twice with one `key`, it is one claim;
    one that was cancelled does not count. It gets a payment reference, and is booked for its
    department as soon as it is due some day. `fee_for` names the claim with which it falls.
    What comes for a deposit is held until it is given back.

    A person may take a debt upon themselves by applying; to charge others takes the right
    `payments.raise`. Raises `NotAllowed`, `NothingOwed`, and `AnotherAmount` if debtor or amount
    differ from what is owed already.
    """
    if not (by.is_citizen and by.person == debtor):
        by.require("payments.raise")
    if amount.cents <= 0:
        raise NothingOwed
    claim, is_new = Claim.objects.get_or_create(
        reference=reference,
        key=key,
        cancelled_at=None,
        defaults={
            **_columns(debtor, Owed(key, purpose, amount, due_on, kind)),
            "department_id": department,
            "fee_for_id": fee_for,
        },
    )
    if (claim.debtor_id, claim.amount) != (debtor, amount):
        raise AnotherAmount
    if is_new:
        _begin(by, claim)
    return claim.pk


def _columns(debtor: UUID, owed: Owed) -> dict[str, object]:
    return {
        "debtor_id": debtor,
        "kind": owed.kind,
        "purpose": dict(owed.purpose),
        "cents": owed.amount.cents,
        "currency": owed.amount.currency,
        "language": (get_language() or SOURCE_LANGUAGE).split("-")[0],
        "due_on": owed.due_on,
        "raised_at": now(),
    }


def _begin(by: Actor, claim: Claim) -> None:
    """A reference, a booking if it is due some day, the trail, and word of it."""
    reference_for(claim=claim.pk)
    if claim.kind == ClaimKind.DEPOSIT:
        Deposit.objects.create(claim=claim)
    if claim.due_on is not None:
        book_claim(claim)
    record(
        by=by,
        did="payments.claim_raised",
        on=claim,
        about=[claim.debtor_id],
        case=claim.reference,
        details={"cents": claim.cents, "currency": claim.currency, "key": claim.key},
    )
    publish(
        ClaimRaised(claim=claim.pk, reference=claim.reference, key=claim.key, amount=claim.amount)
    )


@atomic
def cancel_claim(*, by: Actor, claim: UUID, why: str) -> None:
    """Let an open claim fall away, with its fees; cancelling it again changes nothing.

    What was paid for it already becomes a credit of whoever paid.

    Raises `NotAllowed` without the right `payments.cancel`, `NotFound`, and `AlreadySettled`.
    """
    if not by.may("payments.cancel"):
        raise NotAllowed(attempted=Attempt("payments.claim_cancelled", "claim", str(claim)))
    found = Claim.objects.select_for_update(of=("self",)).filter(pk=claim).first()
    if found is None:
        raise NotFound
    if found.state is State.SETTLED:
        raise AlreadySettled
    if found.state is State.CANCELLED:
        return
    found.cancelled_at = now()
    found.save(update_fields=["cancelled_at"])
    freed = free_shares(found)
    _unbook(found)
    record(
        by=by,
        did="payments.claim_cancelled",
        on=found,
        about=[found.debtor_id],
        case=found.reference,
        why=why,
    )
    publish(ClaimCancelled(claim=found.pk, reference=found.reference, key=found.key))
    if freed:
        amount = Money(freed, found.currency)
        publish(ClaimOverpaid(found.reference, found.key, found.debtor_id, amount))
    for fee in found.fees.filter(settled_at=None, cancelled_at=None).order_by("pk"):
        cancel_claim(by=by, claim=fee.pk, why=why)


def _unbook(claim: Claim) -> None:
    booked = Transaction.objects.filter(key=claim_key(claim)).first()
    if booked is not None:
        reverse(booked, key=f"{booked.key}:cancelled")


@atomic
def charge(
    *,
    by: Actor,
    debtor: UUID,
    reference: str,
    owed: Sequence[Owed],
    why: str,
    among: Collection[str],
    department: int | None = None,
) -> None:
    """Make what is owed in one matter exactly what `owed` says; what is so already stays as it is.

    `among` are the purposes that are the caller's own besides: one of them that `owed` does not
    name is gone. Whatever else is owed in the matter, a deposit that the treasury asked for, say,
    is not touched.

    An open claim over another amount, or for a purpose that is gone, is cancelled (`why`) and
    raised anew. What is paid counts: only the rest is claimed, under a key with a number, and
    `ClaimOverpaid` tells of what was paid too much. Raises like `raise_claim` and `cancel_claim`.
    """
    standing = _standing(reference)
    wanted = {line.key: line for line in owed}
    gone = [key for key in standing if key in set(among) - wanted.keys()]
    for key in [*wanted, *gone]:
        line = wanted.get(key) or Owed(key, {}, ZERO, None)
        paid = [claim for claim in standing[key] if claim.state is State.SETTLED]
        rest = line.amount - _sum(claim.kept for claim in paid)
        for claim in standing[key]:
            if claim.state is State.OPEN and claim.amount != rest:
                cancel_claim(by=by, claim=claim.pk, why=why)
        if rest.cents > 0:
            raise_claim(
                by=by,
                debtor=debtor,
                amount=rest,
                purpose=line.purpose,
                reference=reference,
                due_on=line.due_on,
                key=f"{key}{FURTHER}{len(paid) + 1}" if paid else key,
                department=department,
                kind=line.kind,
            )
        elif rest.cents < 0:
            publish(ClaimOverpaid(reference=reference, key=key, debtor=debtor, amount=ZERO - rest))


def _standing(reference: str) -> defaultdict[str, list[Claim]]:
    """The claims of a matter that stand, locked, by the key of their purpose; without fees."""
    rows = Claim.objects.select_for_update(of=("self",)).filter(
        reference=reference, cancelled_at=None, fee_for=None
    )
    standing = defaultdict(list)
    for claim in sorted(rows.order_by("pk"), key=attrgetter("raised_at", "key")):
        standing[claim.first_key].append(claim)
    return standing


@atomic
def fall_due(*, by: Actor, reference: str, due_on: Mapping[str, date]) -> None:
    """Say until when the open claims of a matter that waited for it are to be paid, by the key of
    their purpose; what is due already keeps its day.

    Raises `NotAllowed` without the right `payments.raise`.
    """
    by.require("payments.raise")
    waiting = Claim.objects.select_for_update(of=("self",)).filter(
        reference=reference, due_on=None, settled_at=None, cancelled_at=None
    )
    for claim in sorted(waiting.order_by("pk"), key=attrgetter("raised_at", "key")):
        day = due_on.get(claim.first_key)
        if day is None:
            continue
        claim.due_on = day
        claim.save(update_fields=["due_on"])
        book_claim(claim)
        record(
            by=by,
            did="payments.claim_fell_due",
            on=claim,
            about=[claim.debtor_id],
            case=reference,
            details={"due_on": day.isoformat()},
        )
        publish(ClaimFellDue(claim=claim.pk, reference=reference, key=claim.key, due_on=day))


def _sum(amounts: Iterable[Money]) -> Money:
    return sum(amounts, ZERO)


@atomic
def take_over_claims(event: MattersTakenOver) -> None:
    """Make what a guest owes in these matters, or owed, the citizen's, and what they paid there."""
    by = actor_by_id(event.citizen)
    theirs = Claim.objects.filter(debtor=event.guest, reference__in=event.references)
    for claim in theirs.select_for_update().order_by("pk"):
        claim.debtor_id = event.citizen
        claim.save(update_fields=["debtor"])
        record(
            by=by,
            did="payments.claim_taken_over",
            on=claim,
            about=[event.citizen],
            case=claim.reference,
        )
        publish(ClaimTakenOver(claim=claim.pk, reference=claim.reference, key=claim.key))
        paid = Receipt.objects.filter(payer=event.guest, shares__claim=claim)
        for receipt in paid.order_by("pk"):
            _take_over_money(receipt, event)


def _take_over_money(receipt: Receipt, event: MattersTakenOver) -> None:
    receipt.payer_id = event.citizen
    receipt.save(update_fields=["payer"])
    BankMovement.objects.filter(receipt=receipt).update(payer_id=receipt.payer_id)
    receipt.credits.filter(owner=event.guest).update(owner=event.citizen)
    receipt.refunds.filter(payee=event.guest).update(payee=event.citizen)
