"""Tells movements that are new from those that another file told before.

The day's report (052), the notification (054) and the statement (053) tell of the same money, and
statements overlap. Counted, not just looked up: two equal payments in one file are two.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rathaus.payments.camt import Movement


@dataclass(frozen=True)
class Stored:
    """A movement that was taken before; `is_left`: nobody has cleared it yet."""

    id: int
    content: str
    entry: str
    bank_ids: tuple[str, ...]
    is_whole: bool
    is_left: bool


@dataclass(frozen=True)
class SortedOut:
    """What is to be taken, how many were known, and the lines whose transactions came only now."""

    new: tuple[Movement, ...]
    known: int
    replaced: frozenset[int]


def sort_out(told: Iterable[Movement], stored: Iterable[Stored]) -> SortedOut:
    """Compare with all that is stored of the same account."""
    stored = list(stored)
    told = list(told)
    unmatched = _not_the_same(told, stored)
    wholes, parts = defaultdict(list), set()
    for one in stored:
        if one.is_whole:
            wholes[one.entry].append(one)
        else:
            parts.add(one.entry)
    new: list[Movement] = []
    replaced: set[int] = set()
    for movement in unmatched:
        earlier = wholes[movement.entry] if movement.entry and not movement.is_whole else []
        told_in_parts = movement.is_whole and movement.entry and movement.entry in parts
        if told_in_parts or not all(one.is_left for one in earlier):
            continue
        new.append(movement)
        replaced.update(one.id for one in earlier)
    return SortedOut(tuple(new), len(told) - len(new), frozenset(replaced))


def _not_the_same(told: Sequence[Movement], stored: Sequence[Stored]) -> list[Movement]:
    """Without those that have a counterpart of the same content, in the order of the file.

    First those that the bank calls the same, then those of which it does not say otherwise.
    """
    free: defaultdict[str, list[Stored]] = defaultdict(list)
    for one in stored:
        free[one.content].append(one)
    rest = [movement for movement in told if not _take(movement, free, named_alike=True)]
    return [movement for movement in rest if not _take(movement, free, named_alike=False)]


def _take(movement: Movement, free: defaultdict[str, list[Stored]], *, named_alike: bool) -> bool:
    """Use up one counterpart; whether there was one."""
    names = _by_sort(movement.bank_ids)
    for place, one in enumerate(free.get(movement.content, ())):
        others = _by_sort(one.bank_ids)
        common = names.keys() & others.keys()
        is_same = all(names[sort] == others[sort] for sort in common)
        if is_same and (common or not named_alike):
            free[movement.content].pop(place)
            return True
    return False


def _by_sort(bank_ids: Iterable[str]) -> dict[str, str]:
    return {sort: name for sort, _space, name in (name.partition(" ") for name in bank_ids)}
