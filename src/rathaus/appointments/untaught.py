"""What is assumed of a queue before its first lesson: the plan, and how far plans are off."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from rathaus.appointments.handling_times import Learnt, learn
from rathaus.appointments.spread import Spread, spread_of

# How matters of an office took, as multiples of their plan: half of them between 0.7 and 1.4 of it,
# with a long tail. A guess, which the first learnt days replace.
_MULTIPLES = (0.25, 0.45, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.8, 2.4, 3.5)
_DAYS_DIFFER = 0.2
_REACTION = (5.0, 15.0, 30.0, 60.0, 180.0)  # seconds until a clerk calls somebody


def untaught(planned: Mapping[str, timedelta]) -> Learnt:
    """A wide estimate from planned times alone."""
    plain = learn((), planned)
    reaction = spread_of(_REACTION)
    return replace(
        plain,
        handling={offer: _around(spread.median) for offer, spread in plain.handling.items()},
        any_offer=_around(plain.any_offer.median),
        pace_deviation=_DAYS_DIFFER,
        visit_deviation=0.5,
        gap=reaction,
        reaction=reaction,
        walk=reaction,
    )


def _around(seconds: float) -> Spread:
    return spread_of([seconds * multiple for multiple in _MULTIPLES])
