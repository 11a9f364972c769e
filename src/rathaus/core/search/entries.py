"""What goes into an index and what comes out of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """Words of an entry and how much they count beside plain text."""

    words: str
    weight: float = 1.0


@dataclass(frozen=True)
class Entry:
    """Something that can be found. Synonyms are other names: asked exactly, they find it first.

    Among entries that answer about equally well those with a higher `preference` come first: 1 is
    worth a place or two near the top of one ranking.
    """

    id: str
    title: str
    texts: tuple[Text, ...] = ()
    synonyms: tuple[str, ...] = ()
    preference: float = 0.0


@dataclass(frozen=True)
class Hit:
    """An entry that answers; `coverage` is the share of the question it covers, from 0 to 1."""

    id: str
    coverage: float
    exact: bool


@dataclass(frozen=True)
class Answer:
    """What was found, best first; say "perhaps" unless `certain`."""

    hits: tuple[Hit, ...]
    certain: bool


NOTHING = Answer(hits=(), certain=False)


@dataclass(frozen=True)
class Settings:
    """What was chosen by measuring; `services/README.md` has the figures."""

    title_weight: float = 3.0
    synonym_weight: float = 1.0
    agreement_weight: float = 0.5
    coverage_weight: float = 0.5
    fusion_constant: int = 5
    preference_weight: float = 0.04
    near: float = 0.9
    certain_coverage: float = 0.55
    certain_similarity: float = 0.25
    least_coverage: float = 0.25
    least_similarity: float = 0.1
    share_of_best: float = 0.5
