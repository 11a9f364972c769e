"""Numbers of bank accounts (IBAN, ISO 13616) and banks (BIC, ISO 9362) as machines and people write
them.
"""

import re

_IBAN = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}")
_LENGTHS = {"AT": 20, "DE": 22, "CH": 21, "LI": 21, "IT": 27, "CZ": 24, "SK": 24, "HU": 28}
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")


def bare_iban(text: str) -> str:
    """As machines read it: without spaces, in capitals."""
    return re.sub(r"\s", "", text).upper()


def printed_iban(iban: str) -> str:
    """As people read it: in groups of four."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def is_iban(text: str) -> bool:
    """Whether the text has the form, the right check digits and, where we know it, the length of
    its country.
    """
    bare = bare_iban(text)
    if not _IBAN.fullmatch(bare) or len(bare) != _LENGTHS.get(bare[:2], len(bare)):
        return False
    digits = "".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])
    return int(digits) % 97 == 1


def is_bic(text: str) -> bool:
    """Whether the text has the form of a BIC of eight or eleven signs."""
    return bool(_BIC.fullmatch(text))
