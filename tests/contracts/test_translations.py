"""Everything people read exists in English: nothing missing, nothing fuzzy, no placeholder lost."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import rathaus

SOURCES = Path(rathaus.__file__).parent
CATALOGUE = SOURCES / "locale" / "en" / "LC_MESSAGES" / "django.po"
WORDS = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy")
KEYWORDS = {word: (1, 2) if word.startswith("n") else None for word in WORDS}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def test_every_text_of_the_sources_is_in_the_catalogue(english: Catalog) -> None:
    missing = {
        f"{path}: {text}" for path, text in _texts_of_the_sources() if english.get(text) is None
    }

    assert sorted(missing) == []


def test_nothing_is_untranslated_or_fuzzy(english: Catalog) -> None:
    open_ones = [message.id for message in english if message.id and not _is_done(message)]

    assert open_ones == []


def test_no_placeholder_is_lost(english: Catalog) -> None:
    lost = [message.id for message in english if message.id and _placeholders_differ(message)]

    assert lost == []


def _texts_of_the_sources() -> Iterator[tuple[str, str]]:
    for path in sorted([*SOURCES.glob("**/*.py"), *SOURCES.glob("**/*.html")]):
        if "tests" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        code = _calls_in(source) if path.suffix == ".html" else source
        for _line, found, _comments, _context in extract(
            "python", BytesIO(code.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            yield str(path.relative_to(SOURCES)), found if isinstance(found, str) else found[0]


def _calls_in(template: str) -> str:
    """A template's texts as calls of gettext, one below the other."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())


def _is_done(message: Message) -> bool:
    texts = [message.string] if isinstance(message.string, str) else message.string
    return not message.fuzzy and all(texts)


def _placeholders_differ(message: Message) -> bool:
    source, english = (
        text if isinstance(text, str) else text[-1] for text in (message.id, message.string)
    )
    return sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(english))
