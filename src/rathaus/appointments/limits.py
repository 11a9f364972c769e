"""How many appointments one person or one e-mail address may have, so that all can have some."""

from collections.abc import Mapping
from dataclasses import dataclass

MOST_OPEN = 5  # held and booked at once, whatever for
MOST_A_DAY = 10  # tried in one day, given back or not: whoever holds and lets go is counted too


@dataclass(frozen=True, slots=True)
class Having:
    """What somebody has already: open bookings, tries today, and open ones by offer."""

    open: int = 0
    today: int = 0
    by_offer: Mapping[str, int] | None = None


def may_have_another(having: Having, wanted: Mapping[str, int]) -> bool:
    """Whether one more is within all limits; `wanted` maps each offer to its own limit."""
    if having.open >= MOST_OPEN or having.today >= MOST_A_DAY:
        return False
    held = having.by_offer or {}
    return all(held.get(offer, 0) < limit for offer, limit in wanted.items())
