"""Money is exact, speaks Austrian and never mixes currencies; texts fall back to German."""

import re
from decimal import Decimal

import pytest

from rathaus.core import localized
from rathaus.core.localized import language_of, localize
from rathaus.core.money import ZERO, Money


def francs(cents: int) -> Money:
    return Money(cents, "CHF")


def exactly(text: str) -> str:
    return f"^{re.escape(text)}$"


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("12.50", 1250),
        ("0.01", 1),
        ("-3", -300),
        (7, 700),
        (Decimal("1.10"), 110),
        ("1e2", 10_000),
    ],
)
def test_an_amount_becomes_cents(amount, cents):
    assert Money.of(amount) == Money(cents, "EUR")
    assert Money.of(amount, "CHF") == Money(cents, "CHF")


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", Decimal("1.005")])
def test_what_is_no_whole_number_of_cents_is_refused(amount):
    with pytest.raises(ValueError, match=exactly(f"{amount!r} is not a whole number of cents")):
        Money.of(amount)


@pytest.mark.parametrize("amount", ["viel", "", "1,50", "sNaN"])
def test_what_is_no_number_is_refused(amount):
    with pytest.raises(ValueError, match=exactly(f"{amount!r} is not an amount")):
        Money.of(amount)


def test_sums_differences_and_multiples():
    assert Money(250) + Money(125) == Money(375)
    assert Money(250) - Money(300) == Money(-50)
    assert Money(250) * 3 == Money(750)
    assert francs(100) + francs(50) == francs(150)
    assert francs(100) - francs(1) == francs(99)
    assert francs(100) * 2 == francs(200)


def test_currencies_are_never_mixed():
    with pytest.raises(ValueError, match=exactly("cannot add EUR and CHF")):
        Money(1) + francs(100)
    with pytest.raises(ValueError, match=exactly("cannot add CHF and EUR")):
        francs(100) - Money(1)


def test_only_nothing_is_false():
    assert not ZERO
    assert Money(1)
    assert Money(-1)


@pytest.mark.parametrize(
    ("money", "written"),
    [
        (Money(0), "€ 0,00"),
        (Money(5), "€ 0,05"),
        (Money(123_450), "€ 1.234,50"),
        (Money(123_456_789), "€ 1.234.567,89"),
        (Money(-1), "−€ 0,01"),
        (Money(-123_450), "−€ 1.234,50"),
        (Money(1990, "CHF"), "CHF 19,90"),
    ],
)
def test_it_is_written_as_in_austria(money, written):
    assert str(money) == written


BOTH = {"de": "Hund", "en": "Dog"}
GERMAN = {"de": "Hund", "en": ""}


@pytest.mark.parametrize(
    ("text", "language", "shown", "told"),
    [
        (BOTH, "de", "Hund", "de"),
        (BOTH, "en", "Dog", "en"),
        (BOTH, "en-gb-oxford", "Dog", "en"),
        (BOTH, "de-at", "Hund", "de"),
        (BOTH, "fr", "Hund", "de"),
        ({"en": "Dog", "de": "Hund"}, "fr", "Hund", "de"),
        (GERMAN, "en", "Hund", "de"),
        ({"it": "Cane"}, "en", "Cane", "de"),
        ({}, "en", "", "de"),
        ({"de": "bis € 250,00"}, "de", "bis €\N{NO-BREAK SPACE}250,00", "de"),
    ],
)
def test_a_text_is_shown_in_the_best_language(text, language, shown, told):
    assert localize(text, language) == shown
    assert language_of(text, language) == told


@pytest.mark.parametrize(("active", "shown"), [("en", "Dog"), ("de-at", "Hund"), (None, "Hund")])
def test_without_a_wish_the_active_language_counts(active, shown, monkeypatch):
    monkeypatch.setattr(localized, "get_language", lambda: active)
    assert localize(BOTH) == shown
    assert language_of(BOTH) == (active or "de")[:2]
