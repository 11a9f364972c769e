"""File names as people gave them, without what could mislead a person or a computer."""

import re
import unicodedata
from pathlib import PurePosixPath

from rathaus.core.models.files import LONGEST_NAME

NAMELESS = "Datei"
# Marks that turn the direction of reading: `Rechnung<RLO>fdp.exe` would look like
# `Rechnungexe.pdf`.
DIRECTION_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
INVISIBLE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
FORBIDDEN = re.compile(r'[<>:"|?*]')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """The name without folders, control and direction characters, at most 150 characters, its
    ending kept.

    Cleaning a clean name changes nothing. A name of which nothing is left becomes `Datei`.
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(character for character in text if not _is_hidden(character))
    text = re.split(r"[/\\]", text)[-1]
    text = FORBIDDEN.sub("-", text)
    text = re.sub(r"\s+", " ", text).strip(" .")
    if RESERVED.match(text):
        text = f"{NAMELESS}-{text}"
    return _shortened(text) or NAMELESS


def ending(name: str) -> str:
    """The ending in lower case without its dot, or empty."""
    return PurePosixPath(name).suffix.lower().lstrip(".")


def _is_hidden(character: str) -> bool:
    if character in "\t\n\r":
        return False
    return (
        character in DIRECTION_MARKS
        or unicodedata.category(character) in INVISIBLE
        or character == "\ufeff"
    )


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    suffix = PurePosixPath(name).suffix
    if len(suffix) > 10:
        suffix = ""
    return name[: LONGEST_NAME - len(suffix)].rstrip(" .") + suffix
