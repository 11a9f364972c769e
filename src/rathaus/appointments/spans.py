"""Stretches of time as sorted lists of (begin, end) in whole minutes; the end is not part of it."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def joined(spans: Iterable[Span]) -> list[Span]:
    """What any of the spans covers: sorted, disjoint, and not touching each other."""
    result: list[Span] = []
    for begin, end in sorted(spans):
        if begin >= end:
            continue
        if result and begin <= result[-1][1]:
            if end > result[-1][1]:
                result[-1] = (result[-1][0], end)
        else:
            result.append((begin, end))
    return result


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What of the spans is left; both are sorted and disjoint."""
    if not taken:
        return list(spans)
    result: list[Span] = []
    position, last = 0, len(taken)
    for begin, end in spans:
        while position < last and taken[position][1] <= begin:
            position += 1
        at = position
        while at < last and taken[at][0] < end:
            away, back = taken[at]
            if away > begin:
                result.append((begin, away))
            begin = back
            if begin >= end:
                break
            at += 1
        position = at
        if begin < end:
            result.append((begin, end))
    return result


def common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """What both cover; both are sorted and disjoint."""
    result: list[Span] = []
    one = other = 0
    while one < len(first) and other < len(second):
        begin = max(first[one][0], second[other][0])
        end = min(first[one][1], second[other][1])
        if begin < end:
            result.append((begin, end))
        if first[one][1] < second[other][1]:
            one += 1
        else:
            other += 1
    return result
