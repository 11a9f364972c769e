"""Reciprocal rank fusion: a place near the top of any ranking counts, the scores' scales do not."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rathaus.core.search.matrices import Scores

DEPTH = 100


def best_first(scores: Scores, depth: int = DEPTH) -> NDArray[np.intp]:
    """Rows with a score above zero, best first; equal scores keep the order of the rows."""
    above = np.flatnonzero(scores > 0)
    if len(above) > depth:
        worst_kept = np.partition(scores[above], -depth)[-depth]
        above = above[scores[above] >= worst_kept]
    return above[np.argsort(-scores[above], kind="stable")][:depth]


def fused(rankings: Iterable[tuple[Scores, float]], rows: int, constant: int) -> Scores:
    """Sum over all rankings of weight / (constant + place)."""
    total = np.zeros(rows, dtype=np.float32)
    for scores, weight in rankings:
        order = best_first(scores)
        total[order] += weight / (constant + 1 + np.arange(len(order)))
    return total
