"""Money that goes back: never more than is left of it, whoever asks at the same moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Attempt, Conflict, Invalid, NotAllowed, NotFound
from rathaus.core.events import publish
from rathaus.core.iban import compact, is_iban
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.booking import (
    Booking,
    Side,
    account_for,
    accounts_of,
    book,
)
from rathaus.payments.actions.documents import language_of_receipt
from rathaus.payments.actions.keeping import keep_credit
from rathaus.payments.actions.locking import lock_claims, lock_key
from rathaus.payments.actions.notices import GIVEN_BACK, tell
from rathaus.payments.events import RefundEnded, RefundRequested
from rathaus.payments.incoming import Means
from rathaus.payments.models import (
    BookingKind,
    Claim,
    Credit,
    Receipt,
    Refund,
    RefundPart,
    RefundState,
    Share,
    State,
    Use,
)

BACK_THE_SAME_WAY = frozenset({Means.CARD.value, Means.CASH.value})
ENDED = (RefundState.DONE, RefundState.FAILED)


class MoreThanIsLeft(Conflict):
    """So much of it is not there any more."""

    message = _("So viel ist von dieser Zahlung nicht mehr übrig.")


class AnotherRefund(Conflict):
    """Under this key something else goes back."""

    message = _("Unter diesem Schlüssel ist eine andere Rückzahlung beauftragt.")


class NoAccountToPayTo(Invalid):
    """What did not come by card or cash goes back to a bank account."""

    message = _("Für diese Rückzahlung braucht es eine gültige IBAN und den Namen des Kontos.")


class NothingToGiveBack(Invalid):
    """A refund is of more than nothing."""

    message = _("Eine Rückzahlung muss höher als null sein.")


class AlreadyEnded(Conflict):
    """The refund is done, or failed, already."""

    message = _("Diese Rückzahlung ist schon erledigt.")


@dataclass(frozen=True)
class PayTo:
    """A bank account and the name under which its bank knows it."""

    iban: str
    name: str


@dataclass(frozen=True)
class _Taken:
    """So many cents of one credit or one share, and the account that gives them."""

    cents: int
    account: int
    credit: Credit | None = None
    share: Share | None = None


@atomic
def give_back(
    *,
    by: Actor,
    receipt: UUID,
    amount: Money,
    key: str,
    why: str,
    to: PayTo | None = None,
    credit: UUID | None = None,
    claim: UUID | None = None,
) -> UUID:
    """Ask for money of a receipt to go back, all or some of it; the refund's id.

    First goes what pays for nothing (its credits), then what paid for claims, the last one first:
    an open claim is then owed again, a settled one stays settled and the city renounces. With
    `credit` only that one is touched, with `claim` only what paid for that one. By card and cash
    it goes as it came, else, or where `to` is given, to a bank account. Said twice with one key, it
    is one refund. Raises `NotAllowed` without the right `payments.give_back`, `NotFound`,
    `NothingToGiveBack`, `NoAccountToPayTo`, `MoreThanIsLeft`, `AnotherRefund`.
    """
    if not by.may("payments.give_back"):
        raise NotAllowed(attempted=Attempt("payments.refund_requested", "receipt", str(receipt)))
    lock_key(f"refund:{key}")
    known = Refund.objects.filter(key=key).first()
    if known is not None:
        return _same_again(known, receipt, amount)
    found = Receipt.objects.filter(pk=receipt).first()
    if found is None:
        raise NotFound
    if amount.cents <= 0 or amount.currency != found.currency:
        raise NothingToGiveBack
    means = _way_back(found, to)
    taken, claims = _take(found, amount.cents, only=credit, paid_for=claim)
    refund = _keep_refund(found, taken, means, key=key, why=why, to=to)
    about = [*(claim.debtor_id for claim in claims), *_known(refund.payee_id)]
    details = {"cents": refund.cents, "means": refund.means, "receipt": found.number}
    did = "payments.refund_requested"
    record(by=by, did=did, on=refund, about=about, why=why, details=details)
    publish(RefundRequested(refund.pk, found.pk, found.key, refund.means, amount))
    return refund.pk


def _same_again(known: Refund, receipt: UUID, amount: Money) -> UUID:
    if (known.receipt_id, known.amount) != (receipt, amount):
        raise AnotherRefund
    return known.pk


@atomic
def refund_sent(*, by: Actor, refund: UUID) -> None:
    """It is on its way; said again it changes nothing. Raises like `refund_done`."""
    row = _lock(by, refund)
    if row.state != RefundState.REQUESTED:
        return
    row.state, row.sent_at = RefundState.SENT, now()
    row.save(update_fields=["state", "sent_at"])
    _record(by, row, "payments.refund_sent")


@atomic
def refund_done(*, by: Actor, refund: UUID) -> None:
    """It has left the city's account or desk; said again it changes nothing.

    Raises `NotAllowed` without `payments.give_back`, `NotFound`, and `AlreadyEnded` if it failed.
    """
    row = _lock(by, refund)
    if row.state == RefundState.DONE:
        return
    _end(row, RefundState.DONE)
    means = account_for(Use(row.means), currency=row.currency)
    under_way = account_for(Use.REFUNDS, currency=row.currency)
    book(
        Booking(
            key=f"refund:{row.pk}:done",
            kind=BookingKind.REFUND,
            text=row.receipt.number,
            reference=row.receipt.number,
            sides=[Side(under_way, row.cents), Side(means, -row.cents)],
            currency=row.currency,
        )
    )
    _record(by, row, "payments.refund_done")
    tell(
        row.payee_id,
        GIVEN_BACK,
        number=row.receipt.number,
        language=language_of_receipt(row.receipt),
    )
    publish(RefundEnded(row.pk, row.receipt_id, row.amount, is_done=True))


@atomic
def refund_failed(*, by: Actor, refund: UUID, problem: str) -> None:
    """It did not go: all of it is a credit now, to be given back another way. Again, nothing.

    Raises `NotAllowed` without `payments.give_back`, `NotFound`, and `AlreadyEnded` if it is done.
    """
    row = _lock(by, refund)
    if row.state == RefundState.FAILED:
        return
    row.problem = problem[:300]
    _end(row, RefundState.FAILED)
    sides = [_back_to_credit(row, part) for part in row.parts.order_by("pk")]
    under_way = account_for(Use.REFUNDS, currency=row.currency)
    book(
        Booking(
            key=f"refund:{row.pk}:failed",
            kind=BookingKind.REVERSAL,
            text=row.receipt.number,
            reference=row.receipt.number,
            sides=[Side(under_way, row.cents), *sides],
            currency=row.currency,
        )
    )
    _record(by, row, "payments.refund_failed")
    publish(RefundEnded(row.pk, row.receipt_id, row.amount, is_done=False))


def free_shares(claim: Claim) -> int:
    """Make what was paid for a locked claim that falls away a credit of who paid; how many cents.

    Part of cancelling; the claim's own booking is reversed there.
    """
    freed = 0
    account = account_for(Use.CREDIT, currency=claim.currency)
    shares = claim.shares.filter(left_cents__gt=0).select_related("receipt").order_by("pk")
    for share in shares:
        owner = share.receipt.payer_id or claim.debtor_id
        keep_credit(
            share.receipt, owner=owner, cents=share.left_cents, account=account, share=share
        )
        freed += share.left_cents
        _take_from_share(share, claim, share.left_cents)
    if freed:
        receivables = accounts_of([claim])[claim.pk].receivables
        book(
            Booking(
                key=f"claim:{claim.pk}:freed",
                kind=BookingKind.CREDIT,
                text=claim.reference,
                reference=claim.reference,
                sides=[Side(receivables, freed), Side(account, -freed)],
                currency=claim.currency,
            )
        )
    return freed


def _take(
    receipt: Receipt, cents: int, *, only: UUID | None, paid_for: UUID | None
) -> tuple[list[_Taken], list[Claim]]:
    """Lock everything that the receipt paid, in the order of everybody: claims, then credits."""
    paid = receipt.shares.filter(claim=paid_for) if paid_for else receipt.shares
    shares = {} if only else dict(paid.values_list("pk", "claim_id"))
    claims = lock_claims(shares.values())
    credits = Credit.objects.filter(receipt=receipt, left_cents__gt=0)
    if only:
        credits = credits.filter(pk=only)
    elif paid_for:
        credits = credits.none()
    taken = _from_credits(credits.select_for_update(of=("self",)).order_by("pk"), cents)
    rest = cents - sum(part.cents for part in taken)
    if rest:
        still = Share.objects.filter(pk__in=shares, left_cents__gt=0).order_by("-position")
        taken += _from_shares(list(still), claims, rest)
    if sum(part.cents for part in taken) < cents:
        raise MoreThanIsLeft
    return taken, list(claims.values())


def _from_credits(credits: QuerySet[Credit], wanted: int) -> list[_Taken]:
    taken = []
    for credit in credits:
        cents = min(credit.left_cents, wanted)
        if cents:
            credit.left_cents -= cents
            credit.save(update_fields=["left_cents"])
            taken.append(_Taken(cents, credit.account_id, credit=credit))
            wanted -= cents
    return taken


def _from_shares(shares: Sequence[Share], claims: dict[UUID, Claim], wanted: int) -> list[_Taken]:
    accounts = accounts_of(claims[share.claim_id] for share in shares)
    taken = []
    for share in shares:
        cents, claim = min(share.left_cents, wanted), claims[share.claim_id]
        if cents:
            booked = accounts[claim.pk]
            is_owed_again = claim.state is State.OPEN
            account = booked.receivables if is_owed_again else booked.income
            _take_from_share(share, claim, cents)
            taken.append(_Taken(cents, account, share=share))
            wanted -= cents
    return taken


def _take_from_share(share: Share, claim: Claim, cents: int) -> None:
    share.left_cents -= cents
    share.save(update_fields=["left_cents"])
    claim.returned_cents += cents
    claim.save(update_fields=["returned_cents"])


def _keep_refund(
    receipt: Receipt,
    taken: Sequence[_Taken],
    means: str,
    *,
    key: str,
    why: str,
    to: PayTo | None,
) -> Refund:
    cents = sum(part.cents for part in taken)
    credit = next((part.credit for part in taken if part.credit), None)
    refund = Refund.objects.create(
        key=key,
        receipt=receipt,
        payee_id=credit.owner_id if credit else receipt.payer_id,
        means=means,
        cents=cents,
        currency=receipt.currency,
        iban=compact(to.iban) if to else "",
        name=to.name.strip()[:70] if to else "",
        why=why[:300],
        state=RefundState.REQUESTED,
        requested_at=now(),
    )
    RefundPart.objects.bulk_create(
        RefundPart(refund=refund, credit=part.credit, share=part.share, cents=part.cents)
        for part in taken
    )
    under_way = account_for(Use.REFUNDS, currency=receipt.currency)
    book(
        Booking(
            key=f"refund:{refund.pk}",
            kind=BookingKind.REFUND,
            text=receipt.number,
            reference=receipt.number,
            sides=[*(Side(part.account, part.cents) for part in taken), Side(under_way, -cents)],
            currency=receipt.currency,
        )
    )
    return refund


def _way_back(receipt: Receipt, to: PayTo | None) -> str:
    if to is not None:
        if not (is_iban(compact(to.iban)) and to.name.strip()):
            raise NoAccountToPayTo
        return Means.BANK.value
    if receipt.means in BACK_THE_SAME_WAY:
        return str(receipt.means)
    raise NoAccountToPayTo


def _back_to_credit(refund: Refund, part: RefundPart) -> Side:
    if part.credit_id is not None:
        credit = Credit.objects.select_for_update(of=("self",)).get(pk=part.credit_id)
        credit.left_cents += part.cents
        credit.save(update_fields=["left_cents"])
        return Side(credit.account_id, -part.cents)
    owner = refund.payee_id
    account = account_for(Use.CREDIT if owner else Use.UNKNOWN, currency=refund.currency)
    keep_credit(refund.receipt, owner=owner, cents=part.cents, account=account, share=part.share)
    return Side(account, -part.cents)


def _lock(by: Actor, refund: UUID) -> Refund:
    if not by.may("payments.give_back"):
        raise NotAllowed(attempted=Attempt("payments.refund_sent", "refund", str(refund)))
    rows = Refund.objects.select_for_update(of=("self",)).select_related("receipt")
    row = rows.filter(pk=refund).first()
    if row is None:
        raise NotFound
    return row


def _end(row: Refund, state: RefundState) -> None:
    if row.state in ENDED:
        raise AlreadyEnded
    row.state, row.ended_at = state, now()
    row.save(update_fields=["state", "ended_at", "problem"])


def _record(by: Actor, refund: Refund, did: str) -> None:
    record(
        by=by,
        did=did,
        on=refund,
        about=_known(refund.payee_id),
        why=refund.problem,
        details={"cents": refund.cents, "means": refund.means},
    )


def _known(person: UUID | None) -> list[UUID]:
    return [person] if person else []
