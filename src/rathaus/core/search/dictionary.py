"""Which German words exist and what their basic form is, in one small file that processes share.

simplemma (MIT) brings the words, but needs a second and 100 MB in every process. Its answers are
therefore written once into a sorted file of hashes, which is mapped into memory and read by
bisection. Where the system has German spelling dictionaries (GPL), their words are added on the
spot; they are never shipped.
"""

import mmap
import os
import struct
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

SYSTEM_WORD_LISTS = (Path("/usr/share/hunspell/de_AT.dic"), Path("/usr/share/dict/ngerman"))
FORMAT = 1
HEADER = struct.Struct("<8sII")
MAGIC = b"RTHWORDS"
LONGEST_WORD = 30


class Dictionary(Protocol):
    """What the analysis of German asks."""

    def lemma(self, word: str) -> str | None:
        """The basic form of a lower-case word, nouns with a capital, or `None` if unknown."""
        ...


class GermanDictionary:
    """The file, mapped into memory. Build it with `open_dictionary`."""

    def __init__(self, content: bytes | mmap.mmap) -> None:
        magic, form, count = HEADER.unpack_from(content)
        if magic != MAGIC or form != FORMAT:
            raise ValueError("not a dictionary of this format")
        view = memoryview(content)
        places = HEADER.size + 8 * count
        self._hashes = view[HEADER.size : places].cast("Q")
        self._places = view[places : places + 4 * count].cast("I")
        self._lemmas = view[places + 4 * count :]
        self.lemma = lru_cache(maxsize=50_000)(self._find)

    def __len__(self) -> int:
        return len(self._hashes)

    def _find(self, word: str) -> str | None:
        hashed = _hash(word)
        place = bisect_left(self._hashes, hashed)
        if place == len(self._hashes) or self._hashes[place] != hashed:
            return None
        start = self._places[place]
        length = self._lemmas[start]
        return bytes(self._lemmas[start + 1 : start + 1 + length]).decode()


def open_dictionary(
    folder: Path, word_lists: Iterable[Path] = SYSTEM_WORD_LISTS
) -> GermanDictionary:
    """Map the file of this version from `folder`; make it first (seconds) where it is missing.

    A folder that cannot be written costs time at each start, nothing else.
    """
    present = [path for path in word_lists if path.is_file()]
    file = folder / f"german-{_fingerprint(present)}.words"
    if not file.is_file():
        content = packed(known_words(present))
        try:
            _write(file, content)
        except OSError:
            return GermanDictionary(content)
    with file.open("rb") as opened:
        return GermanDictionary(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))


def known_words(word_lists: Iterable[Path]) -> dict[str, str]:
    """Lower-case form → basic form; where a word is noun and verb, the noun wins."""
    words: dict[str, str] = {}
    for form, lemma in _simplemma_words():
        lower = form.lower()
        if _usable(lower) and (lower not in words or (form[0].isupper() and lemma[0].isupper())):
            words[lower] = lemma
    for path in word_lists:
        for word in _listed_words(path):
            words.setdefault(word.lower(), word)
    return words


def packed(words: Mapping[str, str]) -> bytes:
    """The file's bytes: header, sorted hashes, the places of the basic forms, the basic forms."""
    places: dict[str, int] = {}
    lemmas = bytearray()
    for lemma in words.values():
        encoded = lemma.encode()
        if lemma not in places and len(encoded) < 256:
            places[lemma] = len(lemmas)
            lemmas += bytes((len(encoded),)) + encoded
    rows = sorted((_hash(word), places[lemma]) for word, lemma in words.items() if lemma in places)
    hashes = struct.pack(f"<{len(rows)}Q", *(row[0] for row in rows))
    starts = struct.pack(f"<{len(rows)}I", *(row[1] for row in rows))
    return HEADER.pack(MAGIC, FORMAT, len(rows)) + hashes + starts + bytes(lemmas)


def _simplemma_words() -> Iterator[tuple[str, str]]:
    yield from DefaultDictionaryFactory().get_dictionary("de").items()


def _listed_words(path: Path) -> Iterator[str]:
    """Words of a hunspell `.dic` file (Latin-1, flags after a slash) or of a plain list."""
    encoding = "latin-1" if path.suffix == ".dic" else "utf-8"
    for line in path.read_text(encoding=encoding, errors="replace").splitlines():
        word = line.split("/")[0].strip()
        if _usable(word.lower()):
            yield word


def _usable(word: str) -> bool:
    return word.isalpha() and 2 <= len(word) <= LONGEST_WORD


def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


def _fingerprint(paths: Iterable[Path]) -> str:
    parts = [f"{FORMAT}-{version('simplemma')}"]
    parts += [f"{path}-{path.stat().st_size}" for path in paths]
    return blake2b("|".join(parts).encode(), digest_size=6).hexdigest()


def _write(file: Path, content: bytes) -> None:
    """Appear complete or not at all: another process may be building the same file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
        Path(temporary).replace(file)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
