"""How the number in a field is written for people, with its unit."""

from __future__ import annotations

from decimal import Decimal

from rathaus.core.money import Money
from rathaus.core.notation import amount_in, number_in
from rathaus.services.forms.fields import NumberField

_CENT = Decimal("0.01")


def quantity(field: NumberField, number: Decimal, language: str) -> str:
    """`€ 1.234,50`, `800 Watt`, `1950`; in English `€1,234.50`."""
    unit = (field.unit.get(language) or field.unit["de"]) if field.unit else ""
    if unit == "€" and number == number.quantize(_CENT):
        return amount_in(language, Money.of(number))
    return f"{number_in(language, number)} {unit}".rstrip()
