"""Stretches of time at many counters as one line of numbers, on which all are worked at once.

A place on the line is a counter's number and a minute (see `opening`); a counter's stretches never
overlap each other, so that their beginnings and their ends have the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rathaus.appointments.spans import Span

Numbers = np.ndarray[Any, np.dtype[np.int64]]
ONE_COUNTER = 1 << 32  # no minute is as large
FAR = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Stretches:
    """Where stretches begin and end on the line; both rise, and the end is not part of one."""

    begins: Numbers
    ends: Numbers

    @classmethod
    def sorted(cls, counters: Numbers, begins: Numbers, ends: Numbers) -> Stretches:
        """Of stretches in any order: for each its counter and its first minute, and the minute
        after its last.
        """
        line = counters * ONE_COUNTER
        return cls(np.sort(line + begins), np.sort(line + ends))

    def at(self, counter: int) -> list[Span]:
        """Those of one counter, in minutes."""
        zero = counter * ONE_COUNTER
        first, last = np.searchsorted(self.begins, (zero, zero + ONE_COUNTER))
        begins = (self.begins[first:last] - zero).tolist()
        return list(zip(begins, (self.ends[first:last] - zero).tolist(), strict=True))


def stretches_of(spans: Mapping[int, Sequence[Span]]) -> Stretches:
    """The same as sorted, disjoint spans of each counter."""
    flat = [(counter, begin, end) for counter, each in spans.items() for begin, end in each]
    counters, begins, ends = np.array(flat, dtype=np.int64).reshape(-1, 3).T
    return Stretches.sorted(counters, begins, ends)


def remaining(served: Stretches, busy: Stretches) -> Stretches:
    """What of the first is not covered by the second.

    What is left begins where something served begins or something busy ends, and lasts until
    what is served ends or the next busy begins.
    """
    if not len(served.begins):
        return served
    begins = np.unique(np.concatenate((served.begins, busy.ends)))
    around = np.searchsorted(served.begins, begins, side="right") - 1
    before = np.searchsorted(busy.begins, begins, side="right")
    busy_until = np.concatenate(([-1], busy.ends))[before]
    ends = np.minimum(served.ends[around], np.append(busy.begins, FAR)[before])
    left = (around >= 0) & (begins < served.ends[around]) & (busy_until <= begins)
    return Stretches(begins[left], ends[left])


def steps_within(
    free: Stretches, whole: int, step: int, earliest: int, latest: int
) -> dict[int, list[int]]:
    """The minutes from `earliest` until before `latest` at which `whole` minutes can begin, at
    each counter that has any: where a stretch begins, and every `step` minutes after that.
    """
    counters, begins = np.divmod(free.begins, ONE_COUNTER)
    stops = np.minimum(free.ends % ONE_COUNTER - whole + 1, latest)
    begins = begins + np.maximum(-((begins - earliest) // step), 0) * step
    counts = np.maximum(-((begins - stops) // step), 0)
    passed = np.cumsum(counts) - counts
    steps = np.arange(counts.sum()) - np.repeat(passed, counts)
    minutes = (np.repeat(begins, counts) + steps * step).tolist()
    found: dict[int, list[int]] = {}
    numbers, firsts = np.unique(counters, return_index=True)
    borders = [*passed[firsts].tolist(), len(minutes)]
    for number, first, last in zip(numbers.tolist(), borders, borders[1:], strict=False):
        if first < last:
            found[number] = minutes[first:last]
    return found
