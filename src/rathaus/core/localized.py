"""Texts that a city writes in several languages: `{"de": "Hund anmelden", "en": "Register a dog"}`."""

from collections.abc import Mapping

from django.utils.translation import get_language

Localized = Mapping[str, str]

SOURCE_LANGUAGE = "de"


def localize(text: Localized, language: str | None = None) -> str:
    """The text in the wanted (or the active) language, else in German, else in whatever there is, else empty."""
    wanted = (language or get_language() or SOURCE_LANGUAGE).split("-")[0]
    return text.get(wanted) or text.get(SOURCE_LANGUAGE) or next(iter(text.values()), "")


def language_of(text: Localized, language: str | None = None) -> str:
    """The language in which `localize` answers, for the `lang` attribute of a text that is not translated yet."""
    wanted = (language or get_language() or SOURCE_LANGUAGE).split("-")[0]
    return wanted if text.get(wanted) else SOURCE_LANGUAGE
