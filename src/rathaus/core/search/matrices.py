"""The three rankings as sparse matrices: one row of scores per question, no loop over entries."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Scores = NDArray[np.float32]
Numbers = dict[str, int]

SATURATION = 1.2
LENGTH_PENALTY = 0.5


def numbered(names: Iterable[str]) -> Numbers:
    """Give each distinct name a column, in order of first appearance."""
    return {name: column for column, name in enumerate(dict.fromkeys(names))}


def bag_matrix(rows: Sequence[Mapping[str, float]], columns: Numbers) -> sparse.csr_array:
    """One row per bag of weighted names; names without a column are left out."""
    known = [
        [(columns[name], weight) for name, weight in row.items() if name in columns] for row in rows
    ]
    starts = np.cumsum([0, *(len(row) for row in known)])
    places = np.fromiter((place for place, _ in chain(*known)), dtype=np.int32)
    weights = np.fromiter((weight for _, weight in chain(*known)), dtype=np.float32)
    return sparse.csr_array((weights, places, starts), shape=(len(rows), len(columns)))


def inverse_frequency(counts: sparse.csr_array) -> Scores:
    """How telling each column is: BM25's idf, never negative."""
    rows = counts.shape[0]
    holding = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.log1p((rows - holding + 0.5) / (holding + 0.5)).astype(np.float32)


def _rarest(counts: sparse.csr_array) -> float:
    """Idf of what only one row holds."""
    return float(np.log1p((counts.shape[0] - 0.5) / 1.5)) if counts.shape[0] else 0.0


class TermMatrix:
    """BM25 (Robertson) over weighted term counts."""

    def __init__(self, counts: sparse.csr_array) -> None:
        self.idf = inverse_frequency(counts)
        self._rarest = _rarest(counts)
        lengths = counts.sum(axis=1)
        share = lengths / max(float(lengths.sum()) / max(len(lengths), 1), 1e-9)
        norm = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * share)
        per_value = np.repeat(norm, np.diff(counts.indptr))
        scored = counts.copy()
        scored.data = (
            self.idf[counts.indices] * counts.data * (SATURATION + 1) / (counts.data + per_value)
        )
        self._by_term = sparse.csc_array(scored, dtype=np.float32)

    def scores(self, columns: NDArray[np.int32], weights: Scores) -> Scores:
        """Score of every entry for the weighted terms of a question."""
        return _weighted_sum(self._by_term, columns, weights)

    def telling(self, column: int | None) -> float:
        """Idf of a term; one that the collection does not know counts like the rarest."""
        return self._rarest if column is None else float(self.idf[column])

    def rows(self, column: int | None) -> NDArray[np.int32]:
        """The entries that hold a term."""
        if column is None:
            return np.empty(0, dtype=np.int32)
        start, end = self._by_term.indptr[column : column + 2]
        return self._by_term.indices[start:end]

    @property
    def nbytes(self) -> int:
        """Memory in bytes."""
        return _size(self._by_term)


class GramMatrix:
    """Cosine of TF-IDF over character n-grams inside words."""

    def __init__(self, counts: sparse.csr_array) -> None:
        self._idf = inverse_frequency(counts) + 1
        self._rarest = _rarest(counts) + 1
        scored = counts.copy()
        scored.data = np.log1p(counts.data) * self._idf[counts.indices]
        lengths = np.sqrt(scored.power(2).sum(axis=1))
        scored.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(scored.indptr))
        self._by_gram = sparse.csc_array(scored, dtype=np.float32)

    def scores(self, columns: NDArray[np.int32], weights: Scores, unknown: Scores) -> Scores:
        """Similarity from 0 to 1 of every entry to the weighted n-grams of a question.

        `unknown` are the weights of n-grams without a column: they are as telling as the rarest.
        """
        telling = np.log1p(weights) * self._idf[columns]
        strange = np.log1p(unknown) * self._rarest
        length = float(np.sqrt((telling**2).sum() + (strange**2).sum())) or 1.0
        return _weighted_sum(self._by_gram, columns, telling / length)

    @property
    def nbytes(self) -> int:
        """Memory in bytes."""
        return _size(self._by_gram)


class PhraseMatrix:
    """How well the question agrees with a whole title or synonym: Dice of idf, 1 if equal."""

    def __init__(
        self, phrases: sparse.csr_array, owners: Sequence[int], entries: int, idf: Scores
    ) -> None:
        self._owners = np.asarray(owners, dtype=np.int32)
        self._entries = entries
        present = phrases.copy()
        present.data = idf[phrases.indices]
        self._mass = present.sum(axis=1)
        self._by_term = sparse.csc_array(present, dtype=np.float32)

    def scores(self, columns: NDArray[np.int32], weights: Scores, asked: float) -> Scores:
        """Best agreement of each entry; `asked` is the idf sum of the question's own terms."""
        shared = _weighted_sum(self._by_term, columns, weights)
        agreement = np.minimum(2 * shared / np.maximum(self._mass + asked, 1e-9), 1.0)
        best = np.zeros(self._entries, dtype=np.float32)
        np.maximum.at(best, self._owners, agreement)
        return best

    @property
    def nbytes(self) -> int:
        """Memory in bytes."""
        return _size(self._by_term)


def _weighted_sum(matrix: sparse.csc_array, columns: NDArray[np.int32], weights: Scores) -> Scores:
    total = np.zeros(matrix.shape[0], dtype=np.float32)
    for column, weight in zip(columns, weights, strict=True):
        start, end = matrix.indptr[column : column + 2]
        total[matrix.indices[start:end]] += weight * matrix.data[start:end]
    return total


def _size(matrix: sparse.csc_array) -> int:
    return int(matrix.data.nbytes + matrix.indices.nbytes + matrix.indptr.nbytes)
