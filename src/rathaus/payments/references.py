"""Payment references (Zahlungsreferenz) after ISO 11649: `RF`, two check digits, our own part of
eight digits of a number and four more check digits.

With the standard's check digits alone two mistakes make one reference of another (939,287 pairs
in a million numbers), so that one mistake may lie as near to a stranger's. With the four of our
own any two are three mistakes apart, but for seven pairs in the first million.
"""

import re
from collections.abc import Iterator

LONGEST = 25
LENGTH = 16
MOST = 10**8 - 1
_PREFIX = "RF"
_FORM = re.compile(r"RF\d\d[0-9A-Z]{1,21}", re.ASCII)
_OURS = re.compile(r"RF\d{14}", re.ASCII)
_DIGITS = "0123456789"
_OWN_MODULUS, _OWN_REMAINDER = 9967, 7
# Prime to ten, so that each number keeps a reference of its own: neighbours in time look unlike
# each other, rows of zeros are rare, and nobody reads off how many claims a city raises.
_SPREAD = 61_803_399


def reference_of(number: int) -> str:
    """The reference with that running number: `RF`, fourteen digits.

    Raises `ValueError` for a number below one or of more than eight digits.
    """
    if not 0 < number <= MOST:
        raise ValueError(f"{number} is no running number of a reference")
    first = number * _SPREAD % (MOST + 1) * 10**4
    body = first + (_OWN_REMAINDER - first) % _OWN_MODULUS
    return f"{_PREFIX}{98 - _remainder(f'{body:012d}RF00'):02d}{body:012d}"


def is_reference(text: str) -> bool:
    """Whether the text, without spaces and in capitals, has the form and the right check digits."""
    bare = bare_reference(text)
    return bool(_FORM.fullmatch(bare)) and _remainder(bare[4:] + bare[:4]) == 1


def is_ours(bare: str) -> bool:
    """Whether `reference_of` makes this one of some number; bare, as machines read it."""
    return bool(_OURS.fullmatch(bare)) and _checks(bare[2:])


def corrected(digits: str) -> frozenset[str]:
    """The references of ours that one typing mistake in the digits (of fourteen) makes this word.

    A mistake is a sign too many, too few or wrong, or two neighbours that changed places.
    """
    return frozenset(
        _PREFIX + word
        for word in _one_mistake_away(digits)
        if word.isdecimal() and int(word[2:]) % _OWN_MODULUS == _OWN_REMAINDER and _checks(word)
    )


def bare_reference(text: str) -> str:
    """As machines read it: without spaces, in capitals."""
    return re.sub(r"\s", "", text).upper()


def printed_reference(reference: str) -> str:
    """As people read it: in groups of four."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def _checks(digits: str) -> bool:
    """Our own check digits first: they refuse all but one of ten thousand."""
    if len(digits) != LENGTH - len(_PREFIX) or not (digits.isascii() and digits.isdecimal()):
        return False
    body, check = int(digits[2:]), int(digits[:2])
    own = body % _OWN_MODULUS == _OWN_REMAINDER and 2 <= check <= 98
    return own and (body * 10**6 + 271_500 + check) % 97 == 1


def _one_mistake_away(word: str) -> Iterator[str]:
    missing = LENGTH - len(_PREFIX) - len(word)
    if missing == 1:
        for at in range(len(word) + 1):
            yield from (word[:at] + digit + word[at:] for digit in _DIGITS)
    elif missing == -1:
        yield from (word[:at] + word[at + 1 :] for at in range(len(word)))
    elif missing == 0:
        for at in range(len(word)):
            yield from (word[:at] + digit + word[at + 1 :] for digit in _DIGITS)
        for at in range(len(word) - 1):
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _remainder(text: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in text)) % 97
