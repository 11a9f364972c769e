"""Reads a question with the words of one collection: synonyms, slips, unfinished words."""

from collections.abc import Iterable, Mapping, Sequence

from rathaus.core.search.languages import Analysis, Language
from rathaus.core.search.question import (
    COMPLETION,
    CORRECTION,
    PART,
    QUIET,
    SYNONYM,
    AskedWord,
    Question,
)
from rathaus.core.search.spelling import Spelling
from rathaus.core.search.synonyms import SynonymGroup, Thesaurus
from rathaus.core.search.words import LONGEST_QUESTION, words_of

SHORTEST_COMPLETED = 2


class Reader:
    """Knows the collection's words and terms; made once per index."""

    def __init__(
        self,
        language: Language,
        analysis: Analysis,
        spelling: Spelling,
        terms: Mapping[str, int],
        groups: Iterable[SynonymGroup],
    ) -> None:
        self._language = language
        self._analysis = analysis
        self._spelling = spelling
        self._terms = terms
        self._thesaurus = Thesaurus(groups, self.meaningful, lambda word: analysis(word).whole[0])

    def meaningful(self, text: str) -> list[str]:
        """The words of a text without stop words; all of them if nothing else is left."""
        words = words_of(text[:LONGEST_QUESTION])
        return [word for word in words if word not in self._language.stop_words] or words

    def read(self, text: str, *, typing: bool) -> Question:
        """Understand a question; while `typing` its last word may be unfinished."""
        spelled: dict[str, float] = {}
        asked = [self._asked(word, spelled) for word in self.meaningful(text)]
        if typing and asked and not text[-1:].isspace():
            self._complete(asked[-1], spelled)
        ranked: dict[str, float] = {}
        for word in asked:
            for term, trust in word.terms.items():
                ranked[term] = ranked.get(term, 0.0) + trust
        for term, share in self._add_synonyms(asked, spelled).items():
            ranked.setdefault(term, QUIET * share)
        return Question(tuple(asked), ranked, spelled)

    def _asked(self, word: str, spelled: dict[str, float]) -> AskedWord:
        asked = AskedWord(word, own=self._analysis(word).every)
        spelled[word] = 1.0
        self._file(asked, word, 1.0)
        if not any(term in self._terms for term in asked.terms) and not self._language.knows(word):
            for other in self._spelling.corrections(word):
                spelled[other] = max(CORRECTION, spelled.get(other, 0.0))
                self._file(asked, other, CORRECTION)
        return asked

    def _file(self, asked: AskedWord, word: str, trust: float) -> None:
        """Stem and family stand for the word fully, parts of a compound only in part."""
        filed = self._analysis(word)
        for term in filed.whole:
            asked.may_mean(term, trust)
        for term in filed.parts:
            asked.may_mean(term, trust * PART)

    def _complete(self, asked: AskedWord, spelled: dict[str, float]) -> None:
        if len(asked.word) < SHORTEST_COMPLETED:
            return
        for other in self._spelling.completions(asked.word):
            if other != asked.word:
                spelled[other] = max(COMPLETION, spelled.get(other, 0.0))
                asked.may_mean(self._analysis(other).whole[0], COMPLETION)

    def _add_synonyms(
        self, asked: Sequence[AskedWord], spelled: dict[str, float]
    ) -> dict[str, float]:
        """Terms of the synonyms; each asked word learns what may stand for it."""
        quiet: dict[str, float] = {}
        whole = [self._analysis(word).whole[0] for word in spelled]
        parts = [term for word in asked for term in word.terms]
        for meaning in self._thesaurus.meanings(whole, parts):
            terms = {term for word in meaning.words for term in self._analysis(word).whole}
            for term in terms:
                quiet[term] = max(meaning.share, quiet.get(term, 0.0))
            for other in meaning.words:
                spelled[other] = max(QUIET * meaning.share, spelled.get(other, 0.0))
            for word in asked:
                if not word.terms.keys().isdisjoint(meaning.terms):
                    for term in terms:
                        word.may_mean(term, SYNONYM * meaning.share)
        return quiet
