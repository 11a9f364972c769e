"""Amounts of money: integer cents with a currency, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, order=True)
class Money:
    """An exact amount; `cents` may be negative (a credit)."""

    cents: int
    currency: str = "EUR"

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str = "EUR") -> Money:
        """`Money.of("12.50")`. Raises `ValueError` for fractions of a cent and for no number."""
        try:
            cents = Decimal(amount) * 100
        except ArithmeticError as error:
            raise ValueError(f"{amount!r} is not an amount") from error
        if not cents.is_finite() or cents != cents.to_integral_value():
            raise ValueError(f"{amount!r} is not a whole number of cents")
        return cls(int(cents), currency)

    def __add__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.cents + other.cents, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same_currency(other)
        return Money(self.cents - other.cents, self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.cents * count, self.currency)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        """Austrian notation: `€ 1.234,50`."""
        euros, cents = divmod(abs(self.cents), 100)
        sign = "−" if self.cents < 0 else ""
        symbol = "€" if self.currency == "EUR" else self.currency
        return f"{sign}{symbol} {euros:,}".replace(",", ".") + f",{cents:02d}"

    def _same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot add {self.currency} and {other.currency}")


ZERO = Money(0)
