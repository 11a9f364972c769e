"""Writes down what came: receipts with their numbers, shares of claims, and credits.

Parts of other actions, which ask for permission, lock, and book.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from rathaus.core.clock import now, today
from rathaus.core.money import Money
from rathaus.payments.actions.booking import account_for
from rathaus.payments.incoming import Incoming, Outcome, Part
from rathaus.payments.models import Claim, Credit, Receipt, Share, Use

NEXT_PLACES = """
    INSERT INTO payments_receiptyear AS known (year, last) VALUES (%(year)s, %(count)s)
    ON CONFLICT (year) DO UPDATE SET last = known.last + %(count)s RETURNING last
"""
SAVE_CLAIMS = """
    UPDATE payments_claim AS claim SET paid_cents = paid.cents, settled_at = paid.settled_at
    FROM unnest(%s::uuid[], %s::bigint[], %s::timestamptz[]) AS paid (id, cents, settled_at)
    WHERE claim.id = paid.id
"""


@dataclass(frozen=True)
class Division:
    """What goes where: a part of the money with its claim, its cents and its outcome.

    `rest` is what is open of the claim afterwards; `settles`: this money paid all of it.
    """

    part: Part
    claim: Claim
    cents: int
    outcome: Outcome
    rest: Money
    settles: bool

    @property
    def excess(self) -> int:
        """What was meant for the claim and is more than it takes."""
        return self.part.amount.cents - self.cents


@dataclass(frozen=True)
class Taking:
    """One amount of money with its receipt and all that it pays for."""

    incoming: Incoming
    receipt: Receipt
    divisions: Sequence[Division]

    @property
    def excess(self) -> int:
        """What pays for nothing."""
        return self.receipt.cents - sum(division.cents for division in self.divisions)

    @property
    def excess_use(self) -> Use:
        """On which account it stands: known whose, or not."""
        return Use.CREDIT if self.receipt.payer_id else Use.UNKNOWN


def keep_receipts(
    arrivals: Sequence[Incoming], divided: Sequence[Sequence[Division]], source: Credit | None
) -> list[Receipt]:
    """A receipt for each amount, with the next numbers of the year: whoever comes later waits."""
    year = today().year
    with connection.cursor() as cursor:
        cursor.execute(NEXT_PLACES, {"year": year, "count": len(arrivals)})
        first = int(cursor.fetchone()[0]) - len(arrivals) + 1
    return Receipt.objects.bulk_create(
        Receipt(
            year=year,
            place=place,
            key=incoming.key,
            payer_id=incoming.payer or _only_debtor(divisions),
            source=source,
            means=incoming.means.value,
            cents=incoming.amount.cents,
            currency=incoming.amount.currency,
            received_on=incoming.received_on,
            note=incoming.note[:140],
            made_at=now(),
        )
        for place, (incoming, divisions) in enumerate(zip(arrivals, divided, strict=True), first)
    )


def keep_shares(takings: Sequence[Taking]) -> None:
    """What of each receipt was meant for a claim and went to it, and what its claim has got now."""
    Share.objects.bulk_create(
        Share(
            receipt=taking.receipt,
            claim=division.claim,
            position=position,
            meant_cents=division.part.amount.cents,
            cents=division.cents,
            left_cents=division.cents,
            outcome=division.outcome.value,
        )
        for taking in takings
        for position, division in enumerate(taking.divisions)
    )
    paid = list({division.claim.pk: division.claim for division in paying(takings)}.values())
    ids = [claim.pk for claim in paid]
    cents = [claim.paid_cents for claim in paid]
    with connection.cursor() as cursor:
        cursor.execute(SAVE_CLAIMS, [ids, cents, [claim.settled_at for claim in paid]])


def paying(takings: Iterable[Taking]) -> Iterator[Division]:
    """The divisions that pay something for their claim."""
    return (one for taking in takings for one in taking.divisions if one.cents)


def keep_excess(takings: Sequence[Taking]) -> None:
    """What pays for nothing is a credit of whoever paid."""
    Credit.objects.bulk_create(
        Credit(
            owner_id=taking.receipt.payer_id,
            receipt=taking.receipt,
            account_id=account_for(taking.excess_use, taking.receipt.currency),
            cents=taking.excess,
            left_cents=taking.excess,
            currency=taking.receipt.currency,
            made_at=now(),
        )
        for taking in takings
        if taking.excess
    )


def _only_debtor(divisions: Sequence[Division]) -> UUID | None:
    debtors = {division.claim.debtor_id for division in divisions}
    return debtors.pop() if len(debtors) == 1 else None


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
