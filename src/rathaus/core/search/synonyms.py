"""Words that mean the same: a question with one of them also asks, more quietly, for the others."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class SynonymGroup:
    """Words or short phrases of one meaning."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class _Phrase:
    """A phrase of a group by its position, with the terms that a question must hold to mean it."""

    group: int
    position: int
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """A phrase found in the question, and words that say the same with a share from 0 to 1."""

    terms: tuple[str, ...]
    words: tuple[str, ...]
    share: float


class Thesaurus:
    """All groups, found by the first term of each phrase.

    `words` breaks a phrase into meaningful words, `term` files a word under its main term.
    """

    def __init__(
        self,
        groups: Iterable[SynonymGroup],
        words: Callable[[str], list[str]],
        term: Callable[[str], str],
    ) -> None:
        self._groups = [[words(phrase) for phrase in group.words] for group in groups]
        self._by_first: dict[str, list[_Phrase]] = defaultdict(list)
        for number, phrases in enumerate(self._groups):
            for position, phrase in enumerate(phrases):
                terms = tuple(term(word) for word in phrase)
                if terms:
                    self._by_first[terms[0]].append(_Phrase(number, position, terms))

    def meanings(self, whole: Iterable[str], parts: Iterable[str]) -> Iterator[Meaning]:
        """What the question may also mean.

        `whole` are the main terms of the question's words, `parts` those of parts of its compounds;
        a phrase that only the parts hold counts half.
        """
        exact = frozenset(whole)
        held = exact | frozenset(parts)
        for phrase in (one for term in sorted(held) for one in self._by_first.get(term, ())):
            if held.issuperset(phrase.terms):
                share = 1.0 if exact.issuperset(phrase.terms) else 0.5
                yield Meaning(phrase.terms, tuple(self._others(phrase)), share)

    def _others(self, phrase: _Phrase) -> Iterator[str]:
        for position, words in enumerate(self._groups[phrase.group]):
            if position != phrase.position:
                yield from words
