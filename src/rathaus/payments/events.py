"""What happened to a claim, for whoever is connected in `rathaus.wiring`."""

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
    """The debt is paid in full."""

    claim: UUID
    reference: str
    key: str
    amount: Money


@dataclass(frozen=True)
class ClaimOverpaid:
    """More was paid than is owed by now; `amount` is to be given back."""

    reference: str
    key: str
    debtor: UUID
    amount: Money
