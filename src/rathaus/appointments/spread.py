"""How long something takes, as the spread of what was observed, and how long it still takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_POINTS = 201
_OUTLIER = 4.5  # in deviations of the logarithm: one in 150,000 of a lognormal time
_DEVIATION = 1.4826  # a normal deviation, in median absolute deviations
_LEAST_DEVIATION = 0.25
_TAIL = 3.0  # what takes longer than all observed has a Pareto tail of this index


@dataclass(frozen=True)
class Spread:
    """A distribution by its quantiles: evenly spaced in probability, growing, in seconds."""

    quantiles: tuple[float, ...]

    @cached_property
    def _values(self) -> Floats:
        return np.asarray(self.quantiles, dtype=np.float64)

    @cached_property
    def _levels(self) -> Floats:
        return np.linspace(0.0, 1.0, len(self.quantiles))

    @property
    def median(self) -> float:
        """The time that half of all are below."""
        return self.quantiles[len(self.quantiles) // 2]

    def draw(self, chance: Floats) -> Floats:
        """The time below which a share of `chance` (0 to 1) lies, of any shape."""
        return np.interp(chance, self._levels, self._values)

    def share_below(self, value: float) -> float:
        """The share of times that are at most `value`."""
        values, levels = self._values, self._levels
        last = int(np.searchsorted(values, value, side="right"))
        if last == 0:
            return 0.0
        if last == len(values):
            return 1.0
        step = values[last] - values[last - 1]
        return float(levels[last - 1] + (value - values[last - 1]) / step * levels[1])

    def still(self, chance: Floats, elapsed: float) -> Floats:
        """How much longer something takes that has taken `elapsed` already.

        Drawn from the times that are longer. Beyond all that were observed, the longer it has
        taken the longer it still will (Pareto): a quarter of `elapsed` in the middle.
        """
        if elapsed <= 0:
            return self.draw(chance)
        below = self.share_below(elapsed)
        if below >= 1.0:
            tail: Floats = elapsed * ((1.0 - 0.99 * chance) ** (-1.0 / _TAIL) - 1.0)
            return tail
        return np.maximum(self.draw(below + (1.0 - below) * chance) - elapsed, 0.0)


def spread_of(values: Sequence[float], weights: Sequence[float] | None = None) -> Spread:
    """The spread of observed times, which may weigh differently; at least one value."""
    ordered = np.argsort(np.asarray(values, dtype=np.float64), kind="stable")
    sorted_values = np.asarray(values, dtype=np.float64)[ordered]
    weight = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    weight = weight[ordered] / weight.sum()
    middles = np.cumsum(weight) - weight / 2
    quantiles = np.interp(np.linspace(0.0, 1.0, _POINTS), middles, sorted_values)
    return Spread(tuple(float(value) for value in quantiles))


def constant(value: float) -> Spread:
    """Something that always takes the same time."""
    return Spread((value, value))


def without_outliers(values: Sequence[float]) -> list[float]:
    """The times but for those that nobody worked so long or so briefly.

    Somebody forgot to press "finished", or pressed it at once. Judged by the logarithm, around the
    median and in median absolute deviations, which no outlier moves.
    """
    positive = np.asarray([value for value in values if value > 0], dtype=np.float64)
    if len(positive) == 0:
        return []
    logs = np.log(positive)
    centre = np.median(logs)
    deviation = max(_DEVIATION * float(np.median(np.abs(logs - centre))), _LEAST_DEVIATION)
    kept = positive[np.abs(logs - centre) <= _OUTLIER * deviation]
    return [float(value) for value in kept]
