"""What the house asks of whoever takes money for it, in plain values.

A provider keeps nothing here and changes no row. Its answers say what is so at its side; what
follows from them is decided by the actions.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rathaus.core.money import ZERO, Money
from rathaus.payments.incoming import Means


class Unreachable(Exception):
    """The provider did not answer, or not sensibly: the same question may be asked again."""


class Refused(Exception):
    """The provider understood and said no; asking again changes nothing."""


class BadSignature(Exception):
    """A message that the provider did not write, or wrote too long ago."""


class Standing(StrEnum):
    """What a provider says of a payment."""

    WAITING = "waiting"  # for the person
    IN_PROGRESS = "in_progress"  # the person has done their part, the money is on its way
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Line:
    """One thing that is paid for, in the words of the payer's language."""

    words: str
    amount: Money


@dataclass(frozen=True)
class Order:
    """What is to be paid, once: the same order opened twice is one payment at the provider."""

    payment: UUID
    means: Means
    lines: Sequence[Line]
    language: str
    back: str
    """The address to which the provider sends people, whatever became of it."""
    until: datetime
    """So long can it be paid."""

    @property
    def amount(self) -> Money:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), ZERO)


@dataclass(frozen=True)
class Opened:
    """The provider knows the payment by `number`; `page` is where people pay, empty without one."""

    number: str
    page: str = ""


@dataclass(frozen=True)
class Answer:
    """How a payment stands. Once paid, `amount` is what came and `key` names it for ever."""

    standing: Standing
    amount: Money | None = None
    key: str = ""


@dataclass(frozen=True)
class Notice:
    """A message of a provider: only a hint, the truth is asked for. `number` may be empty."""

    event: str
    kind: str
    number: str


class Provider(ABC):
    """Somebody who takes money for the city."""

    name: str
    """Kept with each payment; says later whom to ask."""
    least = Money(1)
    """What can be paid at the least."""

    @abstractmethod
    def open(self, order: Order) -> Opened:
        """Make the payment known. Raises `Unreachable` and `Refused`."""

    @abstractmethod
    def ask(self, number: str) -> Answer:
        """How the payment stands. Raises `Unreachable` and `Refused`."""

    @abstractmethod
    def withdraw(self, number: str) -> Answer:
        """See to it that it can't be paid any more; `PAID` where it was too late for that.

        Raises `Unreachable` and `Refused`.
        """


class OnlineProvider(Provider):
    """A provider with pages of its own, that sends messages and gives money back."""

    @abstractmethod
    def refund(self, receipt_key: str, amount: Money, *, key: str) -> str:
        """Give back a part or all of what came under `receipt_key`, once for each `key`; the
        provider's number of it. Raises `Unreachable` and `Refused`.
        """

    @abstractmethod
    def heard(self, body: bytes, signature: str) -> Notice:
        """Read a message. Raises `BadSignature` for whatever is not proved to be fresh and his."""
