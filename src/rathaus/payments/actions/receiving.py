"""The heart: every way of paying ends here, and nothing else settles a claim."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Conflict, Invalid
from rathaus.core.events import publish
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.booking import (
    Booking,
    ClaimAccounts,
    Side,
    account_for,
    accounts_of,
    book_all,
    open_day,
)
from rathaus.payments.actions.keeping import (
    Division,
    Taking,
    keep_excess,
    keep_receipts,
    keep_shares,
    paying,
)
from rathaus.payments.actions.locking import lock_claims, lock_keys
from rathaus.payments.actions.notices import RECEIVED, Told, tell_all
from rathaus.payments.allotting import Standing, allot
from rathaus.payments.events import ClaimOverpaid, ClaimPartlyPaid, ClaimSettled, ReceiptsMade
from rathaus.payments.incoming import Allotted, Incoming, Means, Outcome, Part, Received
from rathaus.payments.models import (
    BookingKind,
    Claim,
    Credit,
    Receipt,
    State,
    Use,
)


class AnotherReceipt(Conflict):
    """Under this key other money has come."""

    message = _("Unter diesem Schlüssel ist eine andere Zahlung verbucht.")


class NoSuchMoney(Invalid):
    """The parts don't make sense with the amount: a mistake of the program that asks."""

    message = _("Diese Aufteilung passt nicht zum Betrag.")


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
    return take_all(by=by, arrivals=[incoming], source=source)[0]


def take_all(
    *, by: Actor, arrivals: Sequence[Incoming], source: Credit | None = None
) -> list[Received]:
    """The same for several amounts under keys of their own, in as few steps as for one of them.

    Each finds the claims as those before it leave them. All of them or none: raises like `receive`.
    """
    for incoming in arrivals:
        _require_sense(incoming)
    keys = {incoming.key for incoming in arrivals}
    if len(keys) < len(arrivals):
        raise NoSuchMoney
    lock_keys(f"receipt:{key}" for key in keys)
    known = {receipt.key: receipt for receipt in Receipt.objects.filter(key__in=keys)}
    fresh = [incoming for incoming in arrivals if incoming.key not in known]
    made = {taking.incoming.key: taking for taking in _make(by, fresh, source)}
    return [
        _answer(made[incoming.key])
        if incoming.key in made
        else _same_again(known[incoming.key], incoming)
        for incoming in arrivals
    ]


def _make(by: Actor, fresh: Sequence[Incoming], source: Credit | None) -> list[Taking]:
    """Divide, write down, book, note and tell, in the order in which everybody locks."""
    if not fresh:
        return []
    claims = lock_claims(part.claim for incoming in fresh for part in incoming.parts)
    divided = [[_divide(part, claims, one) for part in one.parts] for one in fresh]
    receipts = keep_receipts(fresh, divided, source)
    takings = [Taking(*each) for each in zip(fresh, receipts, divided, strict=True)]
    keep_shares(takings)
    keep_excess(takings)
    _book(takings, source)
    for taking in takings:
        _note(by, taking)
    publish(ReceiptsMade(tuple(receipt.pk for receipt in receipts)))
    tell_all(RECEIVED, [_told(taking) for taking in takings])
    return takings


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


def _divide(part: Part, claims: Mapping[UUID, Claim], incoming: Incoming) -> Division:
    """Give the claim what it takes of its part; the row is saved with all the others."""
    claim = claims[part.claim]
    if claim.currency != part.amount.currency:
        raise NoSuchMoney
    standing = Standing(
        rest=claim.rest.cents,
        due_on=claim.due_on,
        is_settled=claim.state is State.SETTLED,
        is_cancelled=claim.state is State.CANCELLED,
    )
    cents, outcome = allot(part.amount.cents, standing, received_on=incoming.received_on)
    claim.paid_cents += cents
    settles = bool(cents) and cents == standing.rest
    if settles:
        claim.settled_at = now()
    return Division(part, claim, cents, outcome, claim.rest, settles)


def _book(takings: Sequence[Taking], source: Credit | None) -> None:
    account, day = cache(account_for), cache(open_day)
    claims = {one.claim.pk: one.claim for one in paying(takings)}
    accounts = accounts_of(claims.values())
    bookings = []
    for taking in takings:
        receipt = taking.receipt
        means = source.account_id if source else account(Use(receipt.means), receipt.currency)
        sides = [Side(means, receipt.cents), *_pays(taking, accounts)]
        if taking.excess:
            sides.append(Side(account(taking.excess_use, receipt.currency), -taking.excess))
        bookings.append(_booking(receipt, sides, on=day(receipt.received_on)))
    book_all(bookings)


def _pays(taking: Taking, accounts: Mapping[object, ClaimAccounts]) -> list[Side]:
    return [Side(accounts[one.claim.pk].receivables, -one.cents) for one in paying([taking])]


def _booking(receipt: Receipt, sides: Sequence[Side], *, on: date) -> Booking:
    """Debit where the money is, credit the receivables that it pays and whatever is over."""
    return Booking(
        key=f"receipt:{receipt.pk}",
        kind=BookingKind.RECEIPT,
        text=receipt.number,
        reference=receipt.number,
        sides=sides,
        currency=receipt.currency,
        on=on,
    )


def _note(by: Actor, taking: Taking) -> None:
    receipt, divisions = taking.receipt, taking.divisions
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
            "credit": taking.excess,
            "outcomes": [division.outcome.value for division in divisions],
        },
    )
    for division in divisions:
        _tell(receipt, division)


def _told(taking: Taking) -> Told:
    language = taking.divisions[0].claim.language if taking.divisions else SOURCE_LANGUAGE
    return Told(taking.receipt.payer_id, taking.receipt.number, language)


def _tell(receipt: Receipt, division: Division) -> None:
    claim = division.claim
    says = partial(Money, currency=claim.currency)
    if division.settles:
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
                rest=division.rest,
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
    return _received(
        receipt, [(share.claim_id, share.cents, Outcome(share.outcome)) for share in shares]
    )


def _answer(taking: Taking) -> Received:
    return _received(
        taking.receipt, [(one.claim.pk, one.cents, one.outcome) for one in taking.divisions]
    )


def _received(receipt: Receipt, allotted: Sequence[tuple[UUID, int, Outcome]]) -> Received:
    excess = receipt.cents - sum(cents for _claim, cents, _outcome in allotted)
    return Received(
        receipt=receipt.pk,
        number=receipt.number,
        allotted=tuple(
            Allotted(claim, Money(cents, receipt.currency), outcome)
            for claim, cents, outcome in allotted
        ),
        credit=Money(excess, receipt.currency),
    )
