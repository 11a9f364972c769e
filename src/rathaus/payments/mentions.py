"""Finds our payment references in what people and banks write: exact, or with one typing mistake.

Nothing needs to be known of the claims for that: the check digits say whether a word can be one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rathaus.payments.references import LENGTH, corrected, is_ours, is_reference

_DIGITS = LENGTH - 2
_BETWEEN = r"[\s.\-/:_,]*"
_BEGINNING = re.compile(rf"R{_BETWEEN}F{_BETWEEN}(?=[0-9A-Z])", re.ASCII)
_SIGN = re.compile(rf"([0-9A-Z])({_BETWEEN})", re.ASCII)
_UNBROKEN = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}(?![0-9A-Z])", re.ASCII)
# Digits in groups, as somebody writes who leaves out the letters or mistypes them.
_GROUPS = re.compile(r"(?<![0-9])[0-9]+(?:[ .\-/]{1,3}[0-9]+)*", re.ASCII)
# Signs that a reader, or a machine that reads paper, takes for digits.
_LOOKALIKES = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Mentions:
    """References of ours in a text: written as they are, or meant if one mistake was made.

    Each of `near` holds what one wrong word may mean: nearly always one reference. `has_foreign`:
    another creditor's reference stands there too.
    """

    exact: tuple[str, ...] = ()
    near: tuple[frozenset[str], ...] = ()
    has_foreign: bool = False

    @property
    def all(self) -> frozenset[str]:
        """Every reference that may be meant."""
        return frozenset(self.exact).union(*self.near)


def mentions(texts: Iterable[str]) -> Mentions:
    """What is mentioned in the pieces of one text; a reference may run from one into the next."""
    text = " ".join(texts).upper()
    exact: dict[str, None] = {}
    near: dict[frozenset[str], None] = {}
    has_foreign = False
    for beginning in _BEGINNING.finditer(text):
        unbroken = _UNBROKEN.match(text, beginning.start())
        word, goes_on = _word_from(text, beginning.end())
        if is_ours(f"RF{word[:_DIGITS]}") and not goes_on:
            exact[f"RF{word[:_DIGITS]}"] = None
        elif _is_foreign(word, unbroken):
            has_foreign = True
        elif meant := _meant_by(word):
            near[meant] = None
    for meant in _without_letters(text):
        near[meant] = None
    certain = frozenset(exact)
    return Mentions(
        tuple(exact), tuple(meant for meant in near if not meant <= certain), has_foreign
    )


def _word_from(text: str, start: int) -> tuple[str, bool]:
    """Up to fifteen signs from there, separators left out; whether a digit follows the fourteenth
    without any.
    """
    signs: list[str] = []
    goes_on = joined = False
    at = start
    while len(signs) <= _DIGITS and (found := _SIGN.match(text, at)):
        goes_on = goes_on or (len(signs) == _DIGITS and found[1].isdigit() and joined)
        signs.append(found[1])
        joined = not found[2]
        at = found.end()
    return "".join(signs), goes_on


def _is_foreign(word: str, unbroken: re.Match[str] | None) -> bool:
    """Whether a valid reference of somebody else stands here: a mistake in ours makes none."""
    first = f"RF{word[:_DIGITS]}"
    candidates = [unbroken[0] if unbroken else "", "" if is_ours(first) else first]
    return any(is_reference(candidate) for candidate in candidates)


def _meant_by(word: str) -> frozenset[str]:
    digits = word.translate(_LOOKALIKES)
    if is_ours(f"RF{digits[:_DIGITS]}"):
        return frozenset({f"RF{digits[:_DIGITS]}"})
    lengths = range(_DIGITS - 1, _DIGITS + 2)
    words = {digits[:length] for length in lengths if len(digits) >= length}
    return frozenset[str]().union(
        *(corrected(candidate) for candidate in words if _letters(candidate) <= 1)
    )


def _letters(word: str) -> int:
    return sum(not sign.isdigit() for sign in word)


def _without_letters(text: str) -> Iterator[frozenset[str]]:
    """Fourteen digits, in one piece or in neighbouring groups, whose check digits are right."""
    for run in _GROUPS.finditer(text):
        groups = re.findall(r"[0-9]+", run[0])
        for first in range(len(groups)):
            digits = ""
            for group in groups[first:]:
                digits += group
                if len(digits) >= _DIGITS:
                    break
            if is_ours(f"RF{digits}"):
                yield frozenset({f"RF{digits}"})
