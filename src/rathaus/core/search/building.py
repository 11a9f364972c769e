"""Counts every word of every entry once; terms and n-grams then follow by matrix products."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy import sparse

from rathaus.core.search.entries import Entry, Settings, Text
from rathaus.core.search.grams import grams_of
from rathaus.core.search.languages import Analysis, Language
from rathaus.core.search.matrices import Numbers, bag_matrix, numbered
from rathaus.core.search.words import words_of


@dataclass(frozen=True)
class Collection:
    """Everything the rankings are made of.

    `counts` is entries × words, `word_terms` words × terms, `word_grams` words × n-grams, `phrases`
    one row of terms per title or synonym with its entry's number in `phrase_owners`. `frequency`
    says in how many entries a word occurs, in the order of the words; `preferences` is one number
    per entry.
    """

    ids: Sequence[str]
    frequency: Mapping[str, int]
    analysis: Analysis
    counts: sparse.csr_array
    term_columns: Numbers
    word_terms: sparse.csr_array
    gram_columns: Numbers
    word_grams: sparse.csr_array
    phrases: sparse.csr_array
    phrase_owners: Sequence[int]
    preferences: Sequence[float]

    @classmethod
    def read(cls, entries: Sequence[Entry], language: Language, settings: Settings) -> "Collection":
        """Take the entries apart."""
        bags = [_bag(entry, language, settings) for entry in entries]
        frequency = Counter(word for bag in bags for word in bag)
        analysis = language.analysis(_occurrences(entries))
        term_columns, word_terms = _filed([analysis(word).every for word in frequency])
        gram_columns, word_grams = _filed([grams_of(word) for word in frequency])
        names = [
            (owner, _terms_of(name, language, analysis))
            for owner, entry in enumerate(entries)
            for name in (entry.title, *entry.synonyms)
        ]
        return cls(
            ids=[entry.id for entry in entries],
            frequency=frequency,
            analysis=analysis,
            counts=bag_matrix(bags, numbered(frequency)),
            term_columns=term_columns,
            word_terms=word_terms,
            gram_columns=gram_columns,
            word_grams=word_grams,
            phrases=bag_matrix([terms for _, terms in names], term_columns),
            phrase_owners=[owner for owner, _ in names],
            preferences=[entry.preference for entry in entries],
        )


def _bag(entry: Entry, language: Language, settings: Settings) -> Counter[str]:
    """The words of an entry with the sum of the weights of the texts they stand in."""
    weighted = [Text(entry.title, settings.title_weight), *entry.texts]
    weighted += [Text(synonym, settings.synonym_weight) for synonym in entry.synonyms]
    bag: Counter[str] = Counter()
    for text in weighted:
        for word in words_of(text.words):
            if word not in language.stop_words:
                bag[word] += text.weight  # type: ignore[assignment]  # typeshed: Counter holds int
    return bag


def _occurrences(entries: Iterable[Entry]) -> Counter[str]:
    """How often each word stands in all texts together."""
    return Counter(
        word
        for entry in entries
        for text in (entry.title, *entry.synonyms, *(text.words for text in entry.texts))
        for word in words_of(text)
    )


def _filed(rows: Sequence[Sequence[str]]) -> tuple[Numbers, sparse.csr_array]:
    columns = numbered(name for row in rows for name in row)
    return columns, bag_matrix([Counter(row) for row in rows], columns)


def _terms_of(name: str, language: Language, analysis: Analysis) -> dict[str, float]:
    return {
        term: 1.0
        for word in words_of(name)
        if word not in language.stop_words
        for term in analysis(word).every
    }
