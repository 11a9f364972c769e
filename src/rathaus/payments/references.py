"""Payment references (Zahlungsreferenz) after ISO 11649: `RF`, two check digits, our own part."""

import re

LONGEST = 25
_PREFIX = "RF"
_FORM = re.compile(r"RF\d\d[0-9A-Z]{1,21}")


def reference_of(number: int) -> str:
    """The reference with that running number: `RF` and two check digits, then ten digits.

    Raises `ValueError` for a number below one or of more than ten digits.
    """
    if not 0 < number < 10**10:
        raise ValueError(f"{number} is no running number of a reference")
    body = f"{number:010d}"
    return f"{_PREFIX}{98 - _remainder(body + _PREFIX + '00'):02d}{body}"


def is_reference(text: str) -> bool:
    """Whether the text, without spaces and in capitals, has the form and the right check digits."""
    bare = bare_reference(text)
    return bool(_FORM.fullmatch(bare)) and _remainder(bare[4:] + bare[:4]) == 1


def bare_reference(text: str) -> str:
    """As machines read it: without spaces, in capitals."""
    return re.sub(r"\s", "", text).upper()


def printed_reference(reference: str) -> str:
    """As people read it: in groups of four."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def _remainder(text: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in text)) % 97
