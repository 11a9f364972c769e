"""A question taken apart: its words, what they are filed under, and what else they may mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# How much a term counts that is not the person's own word. Synonyms may stand in for it when we ask
# whether an entry answers at all, but speak quietly when we rank.
PART = 0.6
SYNONYM = 0.6
CORRECTION = 0.8
COMPLETION = 0.7
QUIET = 0.2


@dataclass
class AskedWord:
    """One meaningful word, its `own` terms, and all that may stand for it with a trust."""

    word: str
    own: tuple[str, ...]
    terms: dict[str, float] = field(default_factory=dict)

    def may_mean(self, term: str, trust: float) -> None:
        """Add a term, or raise its trust."""
        self.terms[term] = max(trust, self.terms.get(term, 0.0))


@dataclass(frozen=True)
class Question:
    """What the rankings need: `terms` and `spelled` words (for n-grams), each with its weight."""

    words: tuple[AskedWord, ...]
    terms: Mapping[str, float]
    spelled: Mapping[str, float]
