"""Splits German compounds: `Hundesteuermarke` → `hund`, `steuer`, `marke`."""

import math
from collections.abc import Mapping

from rathaus.core.search.dictionary import Dictionary

LINKS = ("", "s", "es", "n", "en", "er", "e")
SHORTEST_PART = 4
SHORTEST_COMPOUND = 9


class Splitter:
    """Cuts where both halves are known: the collection has them twice, or the dictionary as noun.

    Of several cuts the one whose halves are most frequent wins; long linking letters cost a little.
    """

    def __init__(self, collection: Mapping[str, int], dictionary: Dictionary) -> None:
        self._collection = collection
        self._dictionary = dictionary
        self._kept: dict[str, tuple[str, ...]] = {}

    def parts(self, word: str) -> tuple[str, ...]:
        """The parts in order; the word itself if it cannot be cut."""
        if len(word) < SHORTEST_COMPOUND:
            return (word,)
        if word not in self._kept:
            self._kept[word] = self._cut(word)
        return self._kept[word]

    def _cut(self, word: str) -> tuple[str, ...]:
        cuts = [
            (self._score(first) + self._score(tail) - 0.5 * len(link), first, tail)
            for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
            if self._is_known(tail := word[at:])
            for link in LINKS
            if word[:at].endswith(link) and self._is_whole(first := word[: at - len(link)])
        ]
        if not cuts:
            return (word,)
        _score, first, tail = max(cuts)
        return self.parts(first) + self.parts(tail)

    def _is_whole(self, word: str) -> bool:
        return self._is_known(word) or len(self.parts(word)) > 1

    def _is_known(self, word: str) -> bool:
        return len(word) >= SHORTEST_PART and (
            self._collection.get(word, 0) >= 2 or self._is_noun(word)
        )

    def _is_noun(self, word: str) -> bool:
        return (self._dictionary.lemma(word) or "")[:1].isupper()

    def _score(self, word: str) -> float:
        return math.log(1 + self._collection.get(word, 0) + self._is_noun(word))
