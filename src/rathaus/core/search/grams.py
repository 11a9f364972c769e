"""Character n-grams inside a word, borders included: forgiving to inflection and slips."""

from functools import lru_cache

SHORTEST = 3
LONGEST = 5


@lru_cache(maxsize=20_000)
def grams_of(word: str) -> tuple[str, ...]:
    """All runs of three to five characters of the word between two spaces."""
    bordered = f" {word} "
    return tuple(
        bordered[start : start + length]
        for length in range(SHORTEST, min(LONGEST, len(bordered)) + 1)
        for start in range(len(bordered) - length + 1)
    )
