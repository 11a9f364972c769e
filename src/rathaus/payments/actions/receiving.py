"""The heart: every way of paying ends here, and nothing else settles a claim."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.errors import Conflict, Invalid, NotFound
from rathaus.core.events import publish
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.booking import (
    Booking,
    Side,
    account_for,
    accounts_of,
    book,
    open_day,
)
from rathaus.payments.actions.notices import RECEIVED, tell
from rathaus.payments.allotting import Standing, allot
from rathaus.payments.events import ClaimOverpaid, ClaimPartlyPaid, ClaimSettled, ReceiptMade
from rathaus.payments.incoming import Allotted, Incoming, Means, Outcome, Part, Received
from rathaus.payments.models import (
    BookingKind,
    Claim,
    Credit,
    Receipt,
    Share,
    State,
    Use,
)

NEXT_PLACE = """
    INSERT INTO payments_receiptyear AS known (year, last) VALUES (%s, 1)
    ON CONFLICT (year) DO UPDATE SET last = known.last + 1 RETURNING last
"""


class AnotherReceipt(Conflict):
    """Under this key other money has come."""

    message = _("Unter diesem Schlüssel ist eine andere Zahlung verbucht.")


class NoSuchMoney(Invalid):
    """The parts don't make sense with the amount: a mistake of the program that asks."""

    message = _("Diese Aufteilung passt nicht zum Betrag.")


@dataclass(frozen=True)
class _Division:
    """What goes where: a part of the money with its claim, its cents and its outcome."""

    part: Part
    claim: Claim
    cents: int
    outcome: Outcome

    @property
    def excess(self) -> int:
        """What was meant for the claim and is more than it takes."""
        return self.part.amount.cents - self.cents


@atomic
def receive(*, by: Actor, incoming: Incoming) -> Received:
    """Book money that has come: shares for claims with an outcome each, the rest as a credit.

    Said twice with one key it answers the same and changes nothing. One call to a unit of work:
    the number of the receipt makes others wait until it ends. Raises `NotAllowed` without the
    right `payments.receive`, `NoSuchMoney`, `NotFound` for a claim that there is not, and
    `AnotherReceipt` if the key stands for other money. What is paid twice, late or too much is no
    error.
    """
    by.require("payments.receive")
    if incoming.means is Means.CREDIT:
        raise NoSuchMoney
    return take(by=by, incoming=incoming, source=None)


def take(*, by: Actor, incoming: Incoming, source: Credit | None) -> Received:
    """The same without asking; `source` is a locked credit that pays instead of the outside."""
    _require_sense(incoming)
    lock_key(f"receipt:{incoming.key}")
    known = Receipt.objects.filter(key=incoming.key).first()
    if known is not None:
        return _same_again(known, incoming)
    claims = lock_claims(part.claim for part in incoming.parts)
    divisions = [_divide(part, claims[part.claim], incoming) for part in incoming.parts]
    excess = incoming.amount.cents - sum(division.cents for division in divisions)
    owner = incoming.payer or _only_debtor(divisions)
    receipt = _keep_receipt(incoming, owner, source)
    _keep_shares(receipt, divisions)
    credit_account = account_for(
        Use.CREDIT if owner else Use.UNKNOWN, currency=incoming.amount.currency
    )
    if excess:
        keep_credit(receipt, owner=owner, cents=excess, account=credit_account)
    _book(receipt, divisions, source, Side(credit_account, -excess))
    _note(by, receipt, divisions, excess)
    tell(
        owner,
        RECEIVED,
        number=receipt.number,
        language=divisions[0].claim.language if divisions else "de",
    )
    return _answer(receipt, receipt.shares.order_by("position"), excess)


def lock_key(key: str) -> None:
    """Let whoever comes with the same key wait until this unit of work ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def lock_claims(ids: Iterable[UUID]) -> dict[UUID, Claim]:
    """The claims by id, locked in one order for everybody. Raises `NotFound` if one is missing."""
    wanted = set(ids)
    rows = Claim.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    claims = {claim.pk: claim for claim in rows}
    if len(claims) < len(wanted):
        raise NotFound
    return claims


def keep_credit(
    receipt: Receipt, *, owner: UUID | None, cents: int, account: int, share: Share | None = None
) -> Credit:
    """Write down money that pays for nothing now; the caller books it."""
    return Credit.objects.create(
        owner_id=owner,
        receipt=receipt,
        share=share,
        account_id=account,
        cents=cents,
        left_cents=cents,
        currency=receipt.currency,
        made_at=now(),
    )


def _require_sense(incoming: Incoming) -> None:
    amount, parts = incoming.amount, incoming.parts
    whole = sum(part.amount.cents for part in parts)
    currencies = {amount.currency, *(part.amount.currency for part in parts)}
    is_sound = (
        amount.cents > 0
        and all(part.amount.cents > 0 for part in parts)
        and whole <= amount.cents
        and len(currencies) == 1
        and len({part.claim for part in parts}) == len(parts)
    )
    if not is_sound:
        raise NoSuchMoney


def _divide(part: Part, claim: Claim, incoming: Incoming) -> _Division:
    if claim.currency != part.amount.currency:
        raise NoSuchMoney
    standing = Standing(
        rest=claim.rest.cents,
        due_on=claim.due_on,
        is_settled=claim.state is State.SETTLED,
        is_cancelled=claim.state is State.CANCELLED,
    )
    cents, outcome = allot(part.amount.cents, standing, received_on=incoming.received_on)
    return _Division(part, claim, cents, outcome)


def _only_debtor(divisions: Sequence[_Division]) -> UUID | None:
    debtors = {division.claim.debtor_id for division in divisions}
    return debtors.pop() if len(debtors) == 1 else None


def _keep_receipt(incoming: Incoming, owner: UUID | None, source: Credit | None) -> Receipt:
    year = today().year
    with connection.cursor() as cursor:
        cursor.execute(NEXT_PLACE, [year])
        place = int(cursor.fetchone()[0])
    return Receipt.objects.create(
        year=year,
        place=place,
        key=incoming.key,
        payer_id=owner,
        source=source,
        means=incoming.means.value,
        cents=incoming.amount.cents,
        currency=incoming.amount.currency,
        received_on=incoming.received_on,
        note=incoming.note[:140],
        made_at=now(),
    )


def _keep_shares(receipt: Receipt, divisions: Sequence[_Division]) -> None:
    Share.objects.bulk_create(
        Share(
            receipt=receipt,
            claim=division.claim,
            position=position,
            meant_cents=division.part.amount.cents,
            cents=division.cents,
            left_cents=division.cents,
            outcome=division.outcome.value,
        )
        for position, division in enumerate(divisions)
    )
    for division in divisions:
        claim = division.claim
        if division.cents:
            is_paid = claim.rest.cents == division.cents
            claim.paid_cents += division.cents
            claim.settled_at = now() if is_paid else None
            claim.save(update_fields=["paid_cents", "settled_at"])


def _book(
    receipt: Receipt, divisions: Sequence[_Division], source: Credit | None, excess: Side
) -> None:
    """Debit where the money is, credit the receivables that it pays and whatever is over."""
    means = (
        source.account_id if source else account_for(Use(receipt.means), currency=receipt.currency)
    )
    paid = [division for division in divisions if division.cents]
    accounts = accounts_of(division.claim for division in paid)
    sides = [Side(accounts[division.claim.pk].receivables, -division.cents) for division in paid]
    book(
        Booking(
            key=f"receipt:{receipt.pk}",
            kind=BookingKind.RECEIPT,
            text=receipt.number,
            reference=receipt.number,
            sides=[Side(means, receipt.cents), *sides, excess],
            currency=receipt.currency,
            on=open_day(receipt.received_on),
        )
    )


def _note(by: Actor, receipt: Receipt, divisions: Sequence[_Division], excess: int) -> None:
    debtors = {division.claim.debtor_id for division in divisions}
    cases = {division.claim.reference for division in divisions}
    record(
        by=by,
        did="payments.received",
        on=receipt,
        about=debtors | ({receipt.payer_id} if receipt.payer_id else set()),
        case=cases.pop() if len(cases) == 1 else "",
        details={
            "number": receipt.number,
            "means": receipt.means,
            "cents": receipt.cents,
            "credit": excess,
            "outcomes": [division.outcome.value for division in divisions],
        },
    )
    for division in divisions:
        _tell(receipt, division)
    publish(ReceiptMade(receipt=receipt.pk, number=receipt.number, payer=receipt.payer_id))


def _tell(receipt: Receipt, division: _Division) -> None:
    claim = division.claim
    says = partial(Money, currency=claim.currency)
    if claim.settled_at and division.cents:
        publish(
            ClaimSettled(
                claim=claim.pk,
                reference=claim.reference,
                key=claim.key,
                amount=claim.amount,
                receipt=receipt.pk,
            )
        )
    elif division.cents:
        publish(
            ClaimPartlyPaid(
                claim=claim.pk,
                reference=claim.reference,
                key=claim.key,
                amount=says(division.cents),
                rest=claim.rest,
                receipt=receipt.pk,
            )
        )
    if division.excess:
        publish(ClaimOverpaid(claim.reference, claim.key, claim.debtor_id, says(division.excess)))


def _same_again(receipt: Receipt, incoming: Incoming) -> Received:
    shares = list(receipt.shares.order_by("position"))
    meant = {share.claim_id: share.meant_cents for share in shares}
    asked = {part.claim: part.amount.cents for part in incoming.parts}
    if (receipt.amount, receipt.means, meant) != (incoming.amount, incoming.means.value, asked):
        raise AnotherReceipt
    return _answer(receipt, shares, receipt.cents - sum(share.cents for share in shares))


def _answer(receipt: Receipt, shares: Iterable[Share], excess: int) -> Received:
    return Received(
        receipt=receipt.pk,
        number=receipt.number,
        allotted=tuple(
            Allotted(share.claim_id, Money(share.cents, receipt.currency), Outcome(share.outcome))
            for share in shares
        ),
        credit=Money(excess, receipt.currency),
    )
