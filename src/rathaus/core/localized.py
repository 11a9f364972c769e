"""Texts that a city writes in several languages: `{"de": "Hund", "en": "Dog"}`."""

from collections.abc import Mapping

from django.utils.translation import get_language

from rathaus.core.money import Money
from rathaus.core.notation import amount_in

Localized = Mapping[str, str]

SOURCE_LANGUAGE = "de"


def localize(text: Localized, language: str | None = None) -> str:
    """The text in the wanted (or active) language, else German, else whatever there is.

    An amount in it stays on one line.
    """
    wanted = (language or get_language() or SOURCE_LANGUAGE).split("-")[0]
    found = text.get(wanted) or text.get(SOURCE_LANGUAGE) or next(iter(text.values()), "")
    return found.replace("€ ", "€\N{NO-BREAK SPACE}")


def language_of(text: Localized, language: str | None = None) -> str:
    """The language in which `localize` answers, for the `lang` attribute of the text."""
    wanted = (language or get_language() or SOURCE_LANGUAGE).split("-")[0]
    return wanted if text.get(wanted) else SOURCE_LANGUAGE


def localize_amount(amount: Money) -> str:
    """The amount as people write it in the active language."""
    return amount_in(get_language() or SOURCE_LANGUAGE, amount)
