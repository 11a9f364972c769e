"""Amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.core.money import Money
from rathaus.payments.typed_amounts import parse_amount, typed_amount


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,50", 1_250),
        ("12.50", 1_250),
        ("€ 50", 5_000),
        ("1.234,5", 123_450),
        ("1,234.50", 123_450),
        ("1.234", 123_400),
        ("0,05", 5),
        ("1234567,00", 123_456_700),
    ],
)
def test_both_notations_are_understood(text: str, cents: int) -> None:
    assert parse_amount(text) == Money(cents)


@pytest.mark.parametrize("text", ["", "5o,00", "-5", "1,234", "12,345", "1.23.4", "١٢", "9" * 12])
def test_anything_else_is_no_amount(text: str) -> None:
    assert parse_amount(text) is None


@given(st.integers(0, 10**13 - 1))
def test_what_is_shown_is_understood(cents: int) -> None:
    assert parse_amount(typed_amount(Money(cents))) == Money(cents)
