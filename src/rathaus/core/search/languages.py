"""What a word is filed under, language by language."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import snowballstemmer  # type: ignore[import-untyped]  # it ships no types

from rathaus.core.search.compounds import Splitter
from rathaus.core.search.dictionary import Dictionary
from rathaus.core.search.words import ENGLISH_STOP_WORDS, GERMAN_STOP_WORDS


@dataclass(frozen=True)
class Filed:
    """The terms of one word: for all of it, most exact first, and for its parts."""

    whole: tuple[str, ...]
    parts: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """Each term once."""
        return tuple(dict.fromkeys(self.whole + self.parts))


Analysis = Callable[[str], Filed]

# Endings that make nouns, adjectives and verb forms of one stem.
_ENDINGS = re.compile(
    r"(ungen|ung|erinnen|erin|keiten|keit|heiten|heit|lichen|licher|liche|lich|ischen|ische|isch"
    r"|igen|ige|ig|schaften|schaft|bar|ern|eln|er|en|em|es|el|e|n|ten|te|t|st|s)$"
)
_SHORTEST_ROOT = 4


class Language(Protocol):
    """Gives the analysis of a word, once the words of the collection are known."""

    code: str
    stop_words: frozenset[str]

    def analysis(self, collection: Mapping[str, int]) -> Analysis:
        """A function from a lower-case word to the terms it is filed under.

        `collection` counts how often each word occurs in all texts together.
        """
        ...

    def knows(self, word: str) -> bool:
        """Whether it is a word of the language, so that it is no typing error."""
        ...


class German:
    """Stem, word family (Anmeldung and anmelden meet) and the families of a compound's parts."""

    code = "de"
    stop_words = GERMAN_STOP_WORDS

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        stemmer = snowballstemmer.stemmer("german")
        self.stem = lru_cache(maxsize=50_000)(stemmer.stemWord)

    def analysis(self, collection: Mapping[str, int]) -> Analysis:
        """Analyse with a splitter that knows the words of this collection."""
        splitter = Splitter(collection, self.dictionary)

        def filed(word: str) -> Filed:
            parts = splitter.parts(word)
            families = tuple(self.family(part) for part in parts) if len(parts) > 1 else ()
            return Filed((self.stem(word), self.family(word)), families)

        return lru_cache(maxsize=50_000)(filed)

    def knows(self, word: str) -> bool:
        """Ask the dictionary."""
        return self.dictionary.lemma(word) is not None

    def family(self, word: str) -> str:
        """What remains when inflection and derivation are taken away."""
        return root(self.stem((self.dictionary.lemma(word) or word).lower()))


class English:
    """Stems only."""

    code = "en"
    stop_words = ENGLISH_STOP_WORDS

    def __init__(self) -> None:
        self._stemmer = snowballstemmer.stemmer("english")

    def analysis(self, collection: Mapping[str, int]) -> Analysis:
        """The collection makes no difference in English."""
        return lru_cache(maxsize=50_000)(lambda word: Filed((self._stemmer.stemWord(word),)))

    def knows(self, word: str) -> bool:
        """There is no English dictionary: every word may be a slip."""
        return False


def root(stem: str) -> str:
    """Strip endings as long as at least four letters remain: `anmeldung` → `anmeld`."""
    found = _ENDINGS.search(stem, _SHORTEST_ROOT)
    return root(stem[: found.start()]) if found else stem
