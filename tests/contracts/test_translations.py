"""Everything people read exists in English: nothing missing, nothing fuzzy, no placeholder lost."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import allauth
import django.conf
import django.contrib.auth
import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

import rathaus

SOURCES = Path(rathaus.__file__).parent
CATALOGUE = SOURCES / "locale" / "en" / "LC_MESSAGES" / "django.po"
IN_OUR_WORDS = SOURCES / "locale" / "de" / "LC_MESSAGES" / "django.po"
LIBRARIES = [
    Path(library.__file__).parent / "locale" / "de" / "LC_MESSAGES" / "django.po"
    for library in (allauth, django.conf, django.contrib.auth)
]
WORDS = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy")
KEYWORDS = {
    **{word: (1, 2) if word.startswith("n") else None for word in WORDS},
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+")


@pytest.fixture(scope="module")
def english() -> Catalog:
    return _catalogue(CATALOGUE)


def test_every_text_of_the_sources_is_in_the_catalogue(english: Catalog) -> None:
    missing = {
        f"{path}: {text}"
        for path, text, context in _texts_of_the_sources()
        if english.get(text, context) is None
    }

    assert sorted(missing) == []


def test_nothing_is_untranslated_or_fuzzy(english: Catalog) -> None:
    open_ones = [message.id for message in english if message.id and not _is_done(message)]

    assert open_ones == []


def test_no_placeholder_is_lost(english: Catalog) -> None:
    lost = [message.id for message in english if message.id and _placeholders_differ(message)]

    assert lost == []


def test_what_libraries_say_is_said_in_our_words_in_both_languages(english: Catalog) -> None:
    german = {message.id for message in _catalogue(IN_OUR_WORDS) if message.id}
    theirs = {message.id for path in LIBRARIES for message in _catalogue(path)}

    assert german <= theirs
    assert german <= {message.id for message in english}
    with override("de"):
        assert gettext("This field is required.") == "Bitte füllen Sie dieses Feld aus."
    with override("en"):
        assert gettext("This field is required.") == "Please fill in this field."


def _catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def _texts_of_the_sources() -> Iterator[tuple[str, str, str | None]]:
    for path in sorted([*SOURCES.glob("**/*.py"), *SOURCES.glob("**/*.html")]):
        if "tests" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        code = _calls_in(source) if path.suffix == ".html" else source
        for _line, found, _comments, context in extract(
            "python", BytesIO(code.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            text = found if isinstance(found, str) else found[0]
            yield str(path.relative_to(SOURCES)), text, context


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
