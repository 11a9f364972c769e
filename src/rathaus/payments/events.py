"""What happened to claims and money, for whoever is connected in `rathaus.wiring`."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from rathaus.core.money import Money


@dataclass(frozen=True)
class ClaimRaised:
    """Somebody owes something from now on."""

    claim: UUID
    reference: str
    key: str
    amount: Money


@dataclass(frozen=True)
class ClaimFellDue:
    """A claim that waited for a decision is to be paid until that day."""

    claim: UUID
    reference: str
    key: str
    due_on: date


@dataclass(frozen=True)
class ClaimCancelled:
    """The debt fell away without a payment."""

    claim: UUID
    reference: str
    key: str


@dataclass(frozen=True)
class ClaimTakenOver:
    """The debtor is known by eID now and owes it under another account."""

    claim: UUID
    reference: str
    key: str


@dataclass(frozen=True)
class ClaimSettled:
    """The debt is paid in full; `receipt` paid the last of it."""

    claim: UUID
    reference: str
    key: str
    amount: Money
    receipt: UUID


@dataclass(frozen=True)
class ClaimOverpaid:
    """More was paid than is owed by now; `amount` is to be given back."""

    reference: str
    key: str
    debtor: UUID
    amount: Money


@dataclass(frozen=True)
class ClaimPartlyPaid:
    """Some of the debt is paid; `rest` is still to be paid."""

    claim: UUID
    reference: str
    key: str
    amount: Money
    rest: Money
    receipt: UUID


@dataclass(frozen=True)
class ReceiptsMade:
    """Money has come and is booked, whatever it was for: one amount, or many of a bank's file."""

    receipts: tuple[UUID, ...]


@dataclass(frozen=True)
class RefundRequested:
    """Money is to go back by these means; whoever moves it tells `refund_sent` and `refund_done`,
    or `refund_failed`. `key` is the key of the receipt that brought the money.
    """

    refund: UUID
    receipt: UUID
    key: str
    means: str
    amount: Money


@dataclass(frozen=True)
class LevyBegun:
    """Somebody owes something each year from now on."""

    levy: UUID
    number: str
    matter: str


@dataclass(frozen=True)
class LevyEnded:
    """A levy has got its last day, or another one."""

    levy: UUID
    number: str
    ends_on: date


@dataclass(frozen=True)
class DepositReturned:
    """A clerk has decided about a deposit: so much goes back, so much is retained."""

    claim: UUID
    reference: str
    returned: Money
    retained: Money


@dataclass(frozen=True)
class RefundEnded:
    """Money went back, or it did not and is a credit again."""

    refund: UUID
    receipt: UUID
    amount: Money
    is_done: bool
