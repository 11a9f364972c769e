"""Amounts as people type them: `1.234,50`, `€ 50`, `50.00`."""

import re

from rathaus.core.money import Money

_COMMA = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,11})(?:,(\d{1,2}))?", re.ASCII)
_POINT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,11})\.(\d{1,2})", re.ASCII)


def parse_amount(text: str, currency: str = "EUR") -> Money | None:
    """The amount, in Austrian or English notation; `None` for anything else, and for minus."""
    bare = re.sub(r"[€\s]", "", text)
    found = _COMMA.fullmatch(bare) or _POINT.fullmatch(bare)
    if found is None:
        return None
    whole = re.sub(r"\D", "", found[1])
    return Money(int(whole) * 100 + int((found[2] or "").ljust(2, "0")), currency)


def typed_amount(amount: Money) -> str:
    """As somebody would type it into a field: `1234,50`."""
    return f"{amount.cents // 100},{amount.cents % 100:02d}"
