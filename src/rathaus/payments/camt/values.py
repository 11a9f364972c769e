"""A bank's message as plain values, as it stands in the file."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rathaus.core.money import Money


class Form(StrEnum):
    """What a message is."""

    REPORT = "052"
    STATEMENT = "053"
    NOTIFICATION = "054"


@dataclass(frozen=True)
class Balance:
    """What was on the account; `code` as the bank writes it (OPBD, CLBD …)."""

    code: str
    amount: Money
    day: date


@dataclass(frozen=True)
class Party:
    """Somebody on one side of a payment, and the account (an IBAN, or as the bank writes it)."""

    name: str = ""
    account: str = ""


@dataclass(frozen=True)
class Code:
    """What kind of booking the bank says it is: domain, family, subfamily, or its own word."""

    domain: str = ""
    family: str = ""
    subfamily: str = ""
    own: str = ""


@dataclass(frozen=True)
class Detail:
    """One transaction of an entry. `amounts` are all that the bank names for it, best first, with
    the sign of its own direction or of the entry's. `bank_ids`: what the bank calls it, by the sort
    of the name.
    """

    line: int
    amounts: tuple[Money, ...]
    code: Code
    bank_ids: tuple[tuple[str, str], ...]
    end_to_end: str
    structured: tuple[str, ...]
    texts: tuple[str, ...]
    debtor: Party
    creditor: Party
    is_return: bool


@dataclass(frozen=True)
class Entry:
    """One line of the account; `amount` is negative where money went."""

    line: int
    amount: Money
    is_booked: bool
    is_reversal: bool
    status: str
    booked_on: date | None
    valued_on: date | None
    reference: str
    bank_reference: str
    batch: str
    code: Code
    text: str
    details: tuple[Detail, ...]


@dataclass(frozen=True)
class Statement:
    """What was told of one account at once."""

    line: int
    identifier: str
    number: str
    account: str
    owner: str
    currency: str
    made_on: date
    from_day: date | None
    to_day: date | None
    balances: tuple[Balance, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Message:
    """A whole document."""

    form: Form
    version: str
    identifier: str
    statements: tuple[Statement, ...]
