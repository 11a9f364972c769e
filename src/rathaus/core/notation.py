"""How amounts, numbers, days and addresses are written: as in Austria, and for whoever reads
English.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from rathaus.core.money import Money

_COMMAS_AND_POINTS = str.maketrans(",.", ".,")
_EUROS = re.compile(r"(?:[0-9]{1,7}|[0-9]{1,3}(?:\.[0-9]{3}){1,2})(?:,[0-9]{2})?")
_FIVE_DIGITS = 10_000
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def amount_in(language: str, amount: Money) -> str:
    """`€ 1.234,50`, in English `€1,234.50`."""
    german = str(amount)
    if not _is_english(language):
        return german
    return german.replace("€ ", "€").translate(_COMMAS_AND_POINTS)


def number_in(language: str, number: Decimal) -> str:
    """`50.000`, in English `50,000`; `2026` in both, since four digits stay together."""
    english = f"{number:,f}" if abs(number) >= _FIVE_DIGITS else f"{number:f}"
    return english if _is_english(language) else english.translate(_COMMAS_AND_POINTS)


def day_in(language: str, day: date) -> str:
    """`22.11.2026`, in English `22 Nov 2026`, so that nobody takes the month for the day."""
    if _is_english(language):
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day:%d.%m.%Y}"


def euros(text: str) -> Money:
    """An amount as people type it: `25000`, `25.000,00`, `€ 25.000`. Raises `ValueError`."""
    plain = text.replace("€", "").strip()
    if not _EUROS.fullmatch(plain):
        raise ValueError(f"{text!r} is not an amount in euros")
    return Money.of(plain.replace(".", "").replace(",", "."))


def address_lines(address: Mapping[str, str]) -> list[str]:
    """Street and numbers (`Lindengasse 12/2/7`), then postcode and place, as on an envelope."""
    numbers = "/".join(_given(address, "house_number", "staircase", "door"))
    street = " ".join(filter(None, (address.get("street"), numbers)))
    place = " ".join(_given(address, "postcode", "place"))
    return [line for line in (street, place) if line]


def _given(address: Mapping[str, str], *names: str) -> list[str]:
    return [address[name] for name in names if address.get(name)]


def _is_english(language: str) -> bool:
    return language.startswith("en")
