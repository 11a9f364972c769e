"""The index: built once from plain entries, immutable, safe to share among threads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rathaus.core.search.building import Collection
from rathaus.core.search.entries import NOTHING, Answer, Entry, Hit, Settings
from rathaus.core.search.fusion import best_first, fused
from rathaus.core.search.grams import grams_of
from rathaus.core.search.languages import Language
from rathaus.core.search.matrices import GramMatrix, Numbers, PhraseMatrix, Scores, TermMatrix
from rathaus.core.search.question import AskedWord, Question
from rathaus.core.search.reading import Reader
from rathaus.core.search.spelling import Spelling
from rathaus.core.search.synonyms import SynonymGroup

EXACT = 0.999


@dataclass(frozen=True)
class Index:
    """Finds entries for a question in people's own words. Make it with `Index.build`."""

    ids: Sequence[str]
    settings: Settings
    reader: Reader
    term_columns: Numbers
    gram_columns: Numbers
    terms: TermMatrix
    grams: GramMatrix
    phrases: PhraseMatrix
    preferences: Scores

    @classmethod
    def build(
        cls,
        entries: Iterable[Entry],
        language: Language,
        synonyms: Iterable[SynonymGroup] = (),
        settings: Settings | None = None,
    ) -> "Index":
        """Read all entries; a tenth of a second for a town, seconds for ten thousand."""
        chosen = settings or Settings()
        read = Collection.read(list(entries), language, chosen)
        terms = TermMatrix(read.counts @ read.word_terms)
        word_grams = GramMatrix(read.word_grams)
        spelling = Spelling(read.frequency, word_grams, read.gram_columns)
        return cls(
            ids=read.ids,
            settings=chosen,
            reader=Reader(language, read.analysis, spelling, read.term_columns, synonyms),
            term_columns=read.term_columns,
            gram_columns=read.gram_columns,
            terms=terms,
            grams=GramMatrix(read.counts @ read.word_grams),
            phrases=PhraseMatrix(read.phrases, read.phrase_owners, len(read.ids), terms.idf),
            preferences=np.asarray(read.preferences, dtype=np.float32),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def nbytes(self) -> int:
        """Memory of the three matrices, in bytes."""
        return self.terms.nbytes + self.grams.nbytes + self.phrases.nbytes

    def search(self, text: str, *, limit: int = 20, typing: bool = False) -> Answer:
        """Entries that answer, best first; nothing rather than anything.

        With `typing` the last word may be unfinished.
        """
        question = self.reader.read(text, typing=typing)
        if not question.words or not self.ids:
            return NOTHING
        asked = _vector(question.terms, self.term_columns)
        similarity = self._similarity(question)
        agreement = self.phrases.scores(*asked, self._own_mass(question))
        coverage = self._coverage(question)
        score = fused(
            (
                (self.terms.scores(*asked), 1.0),
                (similarity, 1.0),
                (agreement, self.settings.agreement_weight),
                (coverage, self.settings.coverage_weight),
            ),
            len(self.ids),
            self.settings.fusion_constant,
        )
        exact = agreement >= EXACT
        shown = self._shown(coverage, similarity)
        preferred = self._preferred(agreement, coverage)
        order = best_first(np.where(shown, score + exact + preferred, 0).astype(np.float32))
        return Answer(
            hits=tuple(
                Hit(self.ids[row], float(coverage[row]), bool(exact[row])) for row in order[:limit]
            ),
            certain=bool(
                coverage.max() >= self.settings.certain_coverage
                or similarity.max() >= self.settings.certain_similarity
            ),
        )

    def _preferred(self, agreement: Scores, coverage: Scores) -> Scores:
        """What entries gain that people want more often, where names and words agree about equally
        well with the question.
        """
        near = self.settings.near
        tied = (agreement >= near * agreement.max()) & (coverage >= near * coverage.max())
        gain: Scores = self.settings.preference_weight * self.preferences * tied
        return gain

    def _shown(self, coverage: Scores, similarity: Scores) -> NDArray[np.bool_]:
        """Which entries come near enough to the question, and to the best of them."""
        share = self.settings.share_of_best
        least_covered = max(share * float(coverage.max()), self.settings.least_coverage)
        least_alike = max(share * float(similarity.max()), self.settings.least_similarity)
        return (coverage >= least_covered) | (similarity >= least_alike)

    def _similarity(self, question: Question) -> Scores:
        weights = _gram_weights(question.spelled)
        unknown = [weight for gram, weight in weights.items() if gram not in self.gram_columns]
        known = _vector(weights, self.gram_columns)
        return self.grams.scores(*known, np.array(unknown, dtype=np.float32))

    def _own_mass(self, question: Question) -> float:
        """Sum of idf of all terms of the person's own words."""
        return sum(
            self.terms.telling(self.term_columns.get(term))
            for word in question.words
            for term in word.own
        )

    def _coverage(self, question: Question) -> Scores:
        """Share of the question that each entry answers; telling words count for more."""
        covered = np.zeros(len(self.ids), dtype=np.float32)
        whole = 0.0
        for word in question.words:
            telling = self._telling(word)
            held = np.zeros(len(self.ids), dtype=np.float32)
            for term, trust in word.terms.items():
                rows = self.terms.rows(self.term_columns.get(term))
                held[rows] = np.maximum(held[rows], trust)
            covered += telling * held
            whole += telling
        return covered / max(whole, 1e-9)

    def _telling(self, word: AskedWord) -> float:
        known = [self.term_columns[term] for term in word.own if term in self.term_columns]
        return min(
            (self.terms.telling(column) for column in known), default=self.terms.telling(None)
        )


def _vector(weights: Mapping[str, float], columns: Numbers) -> tuple[NDArray[np.int32], Scores]:
    """Columns and weights of the names that the collection knows."""
    known = {columns[name]: weight for name, weight in weights.items() if name in columns}
    return (
        np.fromiter(known.keys(), dtype=np.int32, count=len(known)),
        np.fromiter(known.values(), dtype=np.float32, count=len(known)),
    )


def _gram_weights(spelled: Mapping[str, float]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for word, weight in spelled.items():
        for gram in grams_of(word):
            weights[gram] = weights.get(gram, 0.0) + weight
    return weights
