"""Finds an address however people write it: `Rathauspl. 5`, `RATHAUSPLATZ 5`."""

import re

_ABBREVIATED = ((r"str\b\.?", "strasse"), (r"pl\b\.?", "platz"), (r"g\b\.", "gasse"))


def address_key(text: str) -> str:
    """Small letters, `ß` as `ss`, no punctuation, the usual abbreviations written out."""
    key = text.lower().replace("ß", "ss")
    for written, meant in _ABBREVIATED:
        key = re.sub(written, meant, key)
    return " ".join(re.sub(r"[^\w/]+", " ", key).split())
