"""Keys by which names are sorted as people expect: Ä beside A, without regard to capitals.

PostgreSQL without ICU sorts by code point; the key is stored beside the name.
"""

import unicodedata

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})


def sort_key(name: str) -> str:
    """`Ämter & Öffnungszeiten` → `amter & offnungszeiten`."""
    decomposed = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
