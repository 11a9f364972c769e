"""What was learnt about a queue as a document of JSON, and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from rathaus.appointments.handling_times import Learnt
from rathaus.appointments.spread import Spread
from rathaus.appointments.waiting_time import Calibration

Document = Mapping[str, Any]
_POINTS = 41  # of the 201 of a spread: what lies between is on a line


def learnt_document(learnt: Learnt) -> dict[str, Any]:
    """Spreads become lists of quantiles in whole tenths of a second."""
    found: dict[str, Any] = {}
    for one in fields(learnt):
        value = getattr(learnt, one.name)
        if one.name == "handling":
            found[one.name] = {offer: _quantiles(spread) for offer, spread in value.items()}
        elif isinstance(value, Spread):
            found[one.name] = _quantiles(value)
        else:
            found[one.name] = dict(value) if isinstance(value, Mapping) else value
    return found


def learnt_in(document: Document) -> Learnt:
    """The same as the estimate takes it. Raises `KeyError` for a document of another version."""
    found: dict[str, Any] = {}
    for one in fields(Learnt):
        value = document[one.name]
        if one.name == "handling":
            found[one.name] = {offer: _spread(row) for offer, row in value.items()}
        else:
            found[one.name] = _spread(value) if isinstance(value, list) else value
    return Learnt(**found)


def calibration_document(calibration: Calibration) -> dict[str, float]:
    """Its three numbers by name."""
    return asdict(calibration)


def _quantiles(spread: Spread) -> list[float]:
    """The ends and evenly spaced points between them."""
    last = len(spread.quantiles) - 1
    step = max(last // (_POINTS - 1), 1)
    return [round(spread.quantiles[at], 1) for at in range(0, last + 1, step)]


def _spread(row: list[float]) -> Spread:
    return Spread(tuple(row))
