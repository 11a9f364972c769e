"""Money that has come, in plain values: what `receive` is told and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from rathaus.core.money import Money


class Means(StrEnum):
    """How money came; each has a ledger account of its own."""

    CARD = "card"
    EPS = "eps"
    BANK = "bank"
    CASH = "cash"
    CREDIT = "credit"  # a credit of the person is set off; nothing comes from outside


class Outcome(StrEnum):
    """What a share of money was to its claim."""

    SETTLED = "settled"
    PARTIAL = "partial"
    OVER = "over"
    DOUBLE = "double"
    LATE = "late"


@dataclass(frozen=True)
class Part:
    """What of the money is meant for one claim."""

    claim: UUID
    amount: Money


@dataclass(frozen=True)
class Incoming:
    """One amount of money that has come.

    `key` names it for ever ("card:pi_123", "bank:<entry>"); `parts` sum up to at most `amount`,
    what is meant for no claim becomes a credit of `payer`, else of the one debtor of all its claims
    (nobody known: a credit of nobody, for a clerk).
    """

    key: str
    means: Means
    amount: Money
    received_on: date
    parts: Sequence[Part]
    payer: UUID | None = None
    note: str = ""


@dataclass(frozen=True)
class Allotted:
    """What became of one part: so much of it went to the claim, with this outcome."""

    claim: UUID
    amount: Money
    outcome: Outcome


@dataclass(frozen=True)
class Received:
    """What `receive` answers, the same each time for one key."""

    receipt: UUID
    number: str
    allotted: tuple[Allotted, ...]
    credit: Money
