"""Bookings as files for the city's accounting: a table for people, documents for its FI program.

Columns and codes are written down in `docs/accounting-files.md`.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
TABLE_HEAD = [
    "Buchung", "Buchungsdatum", "Belegart", "Konto", "Kontoname", "Soll", "Haben", "Währung",
    "Text", "Bezug",
]  # fmt: skip
HEADER_COLUMNS = ["BLDAT", "BUDAT", "BLART", "BUKRS", "WAERS", "XBLNR", "BKTXT"]
POSITION_COLUMNS = ["BUZEI", "BSCHL", "HKONT", "WRBTR", "SHKZG", "SGTXT", "ZUONR"]
DOCUMENT_KINDS = {
    "claim": "DR", "receipt": "DZ", "credit": "DA", "refund": "ZP", "reversal": "AB",
    "cash": "SA", "deposit": "SA",
}  # fmt: skip
DEBIT, CREDIT = ("40", "S"), ("50", "H")


@dataclass(frozen=True)
class BookedLeg:
    """One side of a booking with what its header says; positive cents are debit."""

    number: int
    booked_on: date
    posted_on: date
    kind: str
    text: str
    reference: str
    currency: str
    account: str
    account_name: str
    cents: int


def table(legs: Sequence[BookedLeg], kinds: dict[str, str]) -> str:
    """All sides as CSV: semicolons, a byte order mark, German numbers, totals at the end."""
    rows = [
        [
            str(leg.number),
            f"{leg.booked_on:%d.%m.%Y}",
            kinds[leg.kind],
            leg.account,
            leg.account_name,
            german(leg.cents) if leg.cents > 0 else "",
            german(-leg.cents) if leg.cents < 0 else "",
            leg.currency,
            leg.text,
            leg.reference,
        ]
        for leg in legs
    ]
    return BOM + _lines([TABLE_HEAD, *rows, *_totals(legs)])


def documents(legs: Sequence[BookedLeg], *, company: str) -> str:
    """Each booking as a header (K) and its positions (P), and a line of control sums (S)."""
    rows = [["K", *HEADER_COLUMNS], ["P", *POSITION_COLUMNS]]
    for _number, group in groupby(legs, key=attrgetter("number")):
        sides = list(group)
        rows.append(_header(sides[0], company))
        rows += [_position(place, leg) for place, leg in enumerate(sides, 1)]
    count = len({leg.number for leg in legs})
    debit = sum(leg.cents for leg in legs if leg.cents > 0)
    rows.append(["S", str(count), str(len(legs)), german(debit), german(debit - _sum(legs))])
    return _lines(rows)


def german(cents: int) -> str:
    """`1234,50`, without signs between the thousands."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}"


def _header(leg: BookedLeg, company: str) -> list[str]:
    return [
        "K",
        f"{leg.posted_on:%d.%m.%Y}",
        f"{leg.booked_on:%d.%m.%Y}",
        DOCUMENT_KINDS[leg.kind],
        company,
        leg.currency,
        f"RH{leg.number:012d}",
        leg.text[:25],
    ]


def _position(place: int, leg: BookedLeg) -> list[str]:
    key, side = DEBIT if leg.cents > 0 else CREDIT
    return [
        "P",
        f"{place:03d}",
        key,
        leg.account.zfill(10),
        german(abs(leg.cents)),
        side,
        leg.text[:50],
        leg.reference[:18],
    ]


def _totals(legs: Sequence[BookedLeg]) -> Iterable[list[str]]:
    for currency in sorted({leg.currency for leg in legs}):
        cents = [leg.cents for leg in legs if leg.currency == currency]
        debit, credit = (sum(one for one in cents if one * sign > 0) for sign in (1, -1))
        yield ["Summe", "", "", "", "", german(debit), german(-credit), currency, "", ""]


def _sum(legs: Sequence[BookedLeg]) -> int:
    return sum(leg.cents for leg in legs)


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue()
