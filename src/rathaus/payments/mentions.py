"""Finds our payment references in what people and banks write: exact, or with one typing mistake.

Nothing needs to be known of the claims for that: the check digits say whether a word can be one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rathaus.payments.references import LENGTH, corrected, is_ours, is_reference

_DIGITS = LENGTH - 2
_LENGTHS = range(_DIGITS - 1, _DIGITS + 2)
_MOSTLY_DIGITS = 10
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

    Each of `near` holds what one wrong word may mean: nearly always one reference. `has_other`:
    another creditor's reference stands there too.
    """

    exact: tuple[str, ...] = ()
    near: tuple[frozenset[str], ...] = ()
    has_other: bool = False

    @property
    def all(self) -> frozenset[str]:
        """Every reference that may be meant."""
        return frozenset(self.exact).union(*self.near)


def mentions(texts: Iterable[str]) -> Mentions:
    """What is mentioned in the pieces of one text; a reference may run from one into the next."""
    text = " ".join(texts).upper()
    exact: dict[str, None] = {}
    near: dict[frozenset[str], None] = {}
    has_other = False
    for beginning in _BEGINNING.finditer(text):
        unbroken = _UNBROKEN.match(text, beginning.start())
        word = _word_from(text, beginning.end())
        if word.is_ours:
            exact[f"RF{word.signs[:_DIGITS]}"] = None
        elif _is_foreign(word, unbroken):
            has_other = True
        elif meant := _meant_by(word):
            near[meant] = None
        else:
            has_other = has_other or word.looks_like_one
    for meant in _without_letters(text):
        near[meant] = None
    certain = frozenset(exact)
    return Mentions(tuple(exact), tuple(meant for meant in near if not meant <= certain), has_other)


@dataclass(frozen=True)
class _Word:
    """Up to fifteen signs without what separates them; `ends` are the lengths at which no further
    digit is joined on.
    """

    signs: str
    ends: frozenset[int]

    @property
    def is_ours(self) -> bool:
        return _DIGITS in self.ends and is_ours(f"RF{self.signs[:_DIGITS]}")

    @property
    def looks_like_one(self) -> bool:
        return sum(sign.isdigit() for sign in self.signs[:_DIGITS]) >= _MOSTLY_DIGITS


def _word_from(text: str, start: int) -> _Word:
    signs: list[str] = []
    ends: set[int] = set()
    at, joined = start, True
    while found := _SIGN.match(text, at):
        if not (joined and found[1].isdigit()):
            ends.add(len(signs))
        if len(signs) > _DIGITS:
            break
        signs.append(found[1])
        joined = not found[2]
        at = found.end()
    else:
        ends.add(len(signs))
    return _Word("".join(signs), frozenset(ends))


def _is_foreign(word: _Word, unbroken: re.Match[str] | None) -> bool:
    """Whether a valid reference of somebody else stands here: a mistake in ours makes none."""
    first = f"RF{word.signs[:_DIGITS]}"
    candidates = [unbroken[0] if unbroken else "", "" if is_ours(first) else first]
    return any(is_reference(candidate) for candidate in candidates)


def _meant_by(word: _Word) -> frozenset[str]:
    digits = word.signs.translate(_LOOKALIKES)
    ends = [length for length in _LENGTHS if length in word.ends]
    if _DIGITS in ends and is_ours(f"RF{digits[:_DIGITS]}"):
        return frozenset({f"RF{digits[:_DIGITS]}"})
    return frozenset[str]().union(
        *(corrected(digits[:length]) for length in ends if _letters(digits[:length]) <= 1)
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
