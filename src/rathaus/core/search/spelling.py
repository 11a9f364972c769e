"""The collection's own words: what a mistyped word may mean, how an unfinished word may go on."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from rathaus.core.search.fusion import best_first
from rathaus.core.search.grams import grams_of
from rathaus.core.search.matrices import GramMatrix, Numbers

CANDIDATES = 25
LONG_WORD = 6
SHORTEST_CORRECTED = 4


class Spelling:
    """Sorted words with their frequency, and their n-grams for finding similar ones."""

    def __init__(self, frequency: Mapping[str, int], grams: GramMatrix, columns: Numbers) -> None:
        self._frequency = frequency
        self._words = list(frequency)
        self._grams = grams
        self._columns = columns
        self._sorted = sorted(frequency)
        self._anagrams: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            self._anagrams[_letters(word)].append(word)

    def corrections(self, word: str, limit: int = 2) -> list[str]:
        """Words one slip away (two from six letters on), nearest and most frequent first."""
        if len(word) < SHORTEST_CORRECTED or not word.isalpha():
            return []
        allowed = 2 if len(word) >= LONG_WORD else 1
        near = [
            (slips(word, other, allowed), -self._frequency[other], other)
            for other in self._similar(word)
        ]
        return [other for distance, _, other in sorted(near) if distance <= allowed][:limit]

    def completions(self, start: str, limit: int = 12) -> list[str]:
        """The most frequent words that begin so."""
        first = bisect_left(self._sorted, start)
        last = bisect_left(self._sorted, start + "\U0010ffff")
        return sorted(self._sorted[first:last], key=lambda word: (-self._frequency[word], word))[
            :limit
        ]

    def _similar(self, word: str) -> set[str]:
        """Words that share n-grams, and words of the same letters in another order."""
        columns = [self._columns[gram] for gram in grams_of(word) if gram in self._columns]
        places = np.array(columns, dtype=np.int32)
        weights = np.ones(len(places), dtype=np.float32)
        scores = self._grams.scores(places, weights, unknown=weights[:0])
        alike = [self._words[row] for row in best_first(scores, CANDIDATES)]
        return {*alike, *self._anagrams.get(_letters(word), ())}


def slips(one: str, other: str, most: int) -> int:
    """Damerau-Levenshtein distance (optimal string alignment), or `most + 1` if it is larger."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, target in enumerate(other, start=1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != target))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == target:
                cost = min(cost, before_last[column - 2] + 1)
            line.append(cost)
        before_last, last = last, line
    return min(last[-1], most + 1)


def _letters(word: str) -> str:
    return "".join(sorted(word))
