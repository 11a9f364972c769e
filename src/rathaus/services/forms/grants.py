"""How much of a price the city pays."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from rathaus.core.money import ZERO, Money


def grant_for(price: Decimal, *, percent: int, cap: Money) -> Money:
    """So many per cent of a price in euros, rounded to cents half up, at most `cap`."""
    share = Money(int((price * percent).quantize(Decimal(1), ROUND_HALF_UP)))
    return max(ZERO, min(share, cap))
