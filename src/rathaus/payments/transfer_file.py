"""Transfers as a file for the city's banking software: pain.001.001.09 of ISO 20022.

Written and checked against its schema by `sepaxml`. Names go in basic Latin letters, which every
bank takes (EPC217-08).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sepaxml import SepaTransfer
from text_unidecode import unidecode

SCHEMA = "pain.001.001.09"
LONGEST_NAME, LONGEST_TEXT, LONGEST_ID = 70, 140, 35
_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


@dataclass(frozen=True)
class Payer:
    """The city's account."""

    name: str
    iban: str
    bic: str


@dataclass(frozen=True)
class Order:
    """One transfer; `end_to_end` comes back on the bank's statement."""

    end_to_end: str
    name: str
    iban: str
    cents: int
    text: str


def transfer_file(payer: Payer, orders: Sequence[Order], *, on: date) -> str:
    """The file for these orders, executed on that day; in euros.

    Raises `ValueError` without orders, and what `sepaxml` raises where the schema is not met.
    """
    if not orders:
        raise ValueError("a file of transfers needs at least one")
    account = {"name": _basic(payer.name, LONGEST_NAME), "IBAN": payer.iban, "currency": "EUR"}
    bank = {"BIC": payer.bic} if payer.bic else {}
    file = SepaTransfer({**account, **bank, "batch": True}, schema=SCHEMA, clean=False)
    for order in orders:
        file.add_payment(
            {
                "name": _basic(order.name, LONGEST_NAME),
                "IBAN": order.iban,
                "amount": order.cents,
                "execution_date": on,
                "description": _basic(order.text, LONGEST_TEXT),
                "endtoend_id": order.end_to_end[:LONGEST_ID],
            }
        )
    content: bytes = file.export(validate=True)
    return content.decode()


def _basic(text: str, longest: int) -> str:
    plain: str = unidecode(text.translate(_GERMAN))
    return plain[:longest]
