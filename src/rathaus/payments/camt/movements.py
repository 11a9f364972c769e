"""Cuts the entries of a statement into single movements of money: a batch into its transactions
where their sum is the entry's to the cent, else the entry as it stands, for a person.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from rathaus.core.money import Money
from rathaus.payments.camt.values import Code, Detail, Entry, Party, Statement

_CHARGES = frozenset({"CHRG", "COMI", "COMM", "FEES", "INTR", "TAXE"})
_RETURNS = frozenset({"RRTN", "PRRT", "RPCR", "UPDD", "RPBC", "PRDD", "RRCT"})
_NO_WORDS = re.compile(r"[^0-9A-Z]+", re.ASCII)


class Kind(StrEnum):
    """What a movement is to the city."""

    RECEIPT = "receipt"
    RETURN = "return"
    CHARGE = "charge"
    PAYOUT = "payout"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Movement:
    """Money that came (positive) or went. `party` is the other side.

    `content` is the same for the same movement in whatever file; so is `entry` for the line of the
    account that it is, or a part of (empty where the bank gives it no name). `bank_ids` are what
    the bank calls it, each with its sort. `is_whole`: nothing is told of its transactions, or (then
    `is_unsplit`) a batch has none or its sum is another.
    """

    line: int
    kind: Kind
    amount: Money
    booked_on: date
    bank_ids: tuple[str, ...]
    structured: tuple[str, ...]
    end_to_end: str
    texts: tuple[str, ...]
    party: str
    party_account: str
    code: str
    content: str
    entry: str
    is_whole: bool
    is_unsplit: bool


def movements(statement: Statement) -> Iterator[Movement]:
    """Everything that is booked; what is only announced does not count."""
    for entry in statement.entries:
        if not entry.is_booked:
            continue
        parts = _parts(entry)
        for detail, amount in parts:
            yield _movement(statement, entry, [detail], amount, is_whole=False)
        if not parts:
            yield _movement(statement, entry, entry.details, entry.amount, is_whole=True)


def _parts(entry: Entry) -> list[tuple[Detail, Money]]:
    """The transactions with their amounts, if they make up the entry; a single one is the entry."""
    if len(entry.details) == 1 and not entry.batch:
        return [(entry.details[0], entry.amount)]
    amounts = [_amount_in(detail, entry.amount.currency) for detail in entry.details]
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts) or sum(a.cents for a in known) != entry.amount.cents:
        return []
    return list(zip(entry.details, known, strict=True))


def _amount_in(detail: Detail, currency: str) -> Money | None:
    return next((amount for amount in detail.amounts if amount.currency == currency), None)


def _movement(
    statement: Statement,
    entry: Entry,
    details: Sequence[Detail],
    amount: Money,
    *,
    is_whole: bool,
) -> Movement:
    one = None if is_whole else details[0]
    other = (one.debtor if amount.cents > 0 else one.creditor) if one else Party()
    booked_on = entry.booked_on or entry.valued_on or statement.made_on
    own_texts = tuple(text for detail in details for text in detail.texts)
    texts = own_texts or ((entry.text,) if entry.text and len(entry.details) < 2 else ())
    structured = tuple(words for detail in details for words in detail.structured)
    end_to_end = one.end_to_end if one else ""
    words = (end_to_end, other.account, *structured, "".join(texts))
    return Movement(
        line=one.line if one else entry.line,
        kind=_kind(entry, one, amount),
        amount=amount,
        booked_on=booked_on,
        bank_ids=tuple(_bank_ids(entry, one)),
        structured=structured,
        end_to_end=end_to_end,
        texts=texts,
        party=other.name,
        party_account=other.account,
        code=(_words(one.code) if one else "") or _words(entry.code),
        content=_content(statement, booked_on, amount, words),
        entry=_entry_mark(statement, entry, booked_on),
        is_whole=is_whole,
        is_unsplit=is_whole and (bool(entry.batch) or len(entry.details) > 1),
    )


def _bank_ids(entry: Entry, detail: Detail | None) -> Iterator[str]:
    if entry.bank_reference:
        yield f"entry {entry.bank_reference}"
    for sort, name in detail.bank_ids if detail else ():
        yield f"{sort} {name}"


def _kind(entry: Entry, detail: Detail | None, amount: Money) -> Kind:
    code = detail.code if detail and detail.code.subfamily else entry.code
    if not amount:
        return Kind.NOTHING
    if entry.is_reversal or code.subfamily in _RETURNS or (detail and detail.is_return):
        return Kind.RETURN
    if code.subfamily in _CHARGES:
        return Kind.CHARGE
    return Kind.RECEIPT if amount.cents > 0 else Kind.PAYOUT


def _words(code: Code) -> str:
    standard = (code.domain, code.family, code.subfamily)
    return "-".join(filter(None, standard)) or code.own


def _content(statement: Statement, booked_on: date, amount: Money, words: Sequence[str]) -> str:
    """What stays the same from the report of the day to the statement of the month: not the bank's
    own number, which comes later, nor how the words are cut into lines.
    """
    when = booked_on.isoformat()
    return _hash(statement.account, when, str(amount.cents), amount.currency, *map(_bare, words))


def _entry_mark(statement: Statement, entry: Entry, booked_on: date) -> str:
    name = _bare(entry.bank_reference or entry.batch)
    cents, currency = str(entry.amount.cents), entry.amount.currency
    marks = (statement.account, booked_on.isoformat(), cents, currency, name)
    return _hash(*marks) if name else ""


def _bare(words: str) -> str:
    return _NO_WORDS.sub("", words.upper())


def _hash(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()
