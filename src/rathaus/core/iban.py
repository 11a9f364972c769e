"""Numbers of bank accounts, shape, length by country and check digits (ISO 13616, ISO 7064), and
of banks.
"""

from __future__ import annotations

import re

# Countries of the single euro payments area (European Payments Council, EPC409-09).
_LENGTHS = {
    "AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23,
    "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20,
    "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18,
    "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "VA": 22,
}  # fmt: skip
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def compact(text: str) -> str:
    """Without spaces, in capitals: `AT611904300234573201`."""
    return re.sub(r"\s", "", text).upper()


def is_iban(number: str) -> bool:
    """Whether a compact number has the shape, the length and the check digits of an IBAN."""
    if not _SHAPE.fullmatch(number) or len(number) != _LENGTHS.get(number[:2]):
        return False
    digits = "".join(str(int(character, 36)) for character in number[4:] + number[:4])
    return int(digits) % 97 == 1


def printed(number: str) -> str:
    """As people read it, in groups of four: `AT61 1904 3002 3457 3201`."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def readable(text: str) -> str:
    """An IBAN as people read it; any other number of an account as it is."""
    number = compact(text)
    return printed(number) if is_iban(number) else text


def is_bic(text: str) -> bool:
    """Whether it has the form of a bank's number (ISO 9362): eight signs or eleven."""
    return bool(_BIC.fullmatch(text))
