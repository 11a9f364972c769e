"""Amounts, numbers and days as people write them, in German and in English."""

from datetime import date
from decimal import Decimal

import pytest

from rathaus.core.money import Money
from rathaus.core.notation import amount_in, day_in, number_in


@pytest.mark.parametrize(
    ("cents", "german", "english"),
    [
        (0, "€ 0,00", "€0.00"),
        (123_450, "€ 1.234,50", "€1,234.50"),
        (123_456_789, "€ 1.234.567,89", "€1,234,567.89"),
        (-123_450, "−€ 1.234,50", "−€1,234.50"),
    ],
)
def test_an_amount_is_written_in_the_readers_way(cents, german, english):
    assert [amount_in(language, Money(cents)) for language in ("de", "de-at", "fr")] == [german] * 3
    assert [amount_in(language, Money(cents)) for language in ("en", "en-gb")] == [english] * 2


@pytest.mark.parametrize(
    ("number", "german", "english"),
    [
        ("0", "0", "0"),
        ("2.5", "2,5", "2.5"),
        ("1950", "1950", "1950"),
        ("9999.99", "9999,99", "9999.99"),
        ("10000", "10.000", "10,000"),
        ("-1234567.5", "-1.234.567,5", "-1,234,567.5"),
        ("1E+5", "100.000", "100,000"),
    ],
)
def test_a_number_of_four_digits_stays_together(number, german, english):
    assert number_in("de", Decimal(number)) == german
    assert number_in("en", Decimal(number)) == english


@pytest.mark.parametrize(
    ("day", "german", "english"),
    [
        (date(2026, 1, 2), "02.01.2026", "2 Jan 2026"),
        (date(2026, 12, 31), "31.12.2026", "31 Dec 2026"),
    ],
)
def test_a_day_cannot_be_mistaken_for_a_month(day, german, english):
    assert day_in("de", day) == german
    assert day_in("en", day) == english
