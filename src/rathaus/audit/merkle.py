"""Merkle trees as in RFC 6962: short proofs that an entry is in a published tree, and that a later
tree only added to an earlier one.

The rules name the subtrees they need as ranges of leaves `[start, stop)`; whoever calls them knows
where their hashes are kept.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()


@dataclass(frozen=True, order=True)
class Subtree:
    """A complete subtree: the 2^level leaves from position * 2^level on."""

    level: int
    position: int

    @property
    def start(self) -> int:
        """Its first leaf."""
        return self.position << self.level

    @property
    def stop(self) -> int:
        """One past its last leaf."""
        return (self.position + 1) << self.level


Range = tuple[int, int]
HashOf = Callable[[Subtree], bytes]


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 § 2.1: a leaf is marked with 0x00, so that no inner node can pass for one."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 § 2.1: an inner node is marked with 0x01."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def complete_subtrees(start: int, stop: int) -> list[Subtree]:
    """The fewest complete subtrees that cover `[start, stop)`, from left to right."""
    found = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        found.append(Subtree(level, start >> level))
        start += 1 << level
    return found


def range_hash(start: int, stop: int, hash_of: HashOf) -> bytes:
    """The hash over the leaves `[start, stop)` where `start` begins a subtree of the whole tree."""
    if start == stop:
        return EMPTY_ROOT
    *before, result = [hash_of(subtree) for subtree in complete_subtrees(start, stop)]
    for left in reversed(before):
        result = node_hash(left, result)
    return result


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash of a complete subtree from its 2^n leaf hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def _split(start: int, stop: int) -> int:
    """RFC 6962 § 2.1: the left side takes the largest power of two smaller than the whole."""
    return start + (1 << ((stop - start - 1).bit_length() - 1))


def inclusion_path(index: int, size: int) -> list[Range]:
    """RFC 6962 § 2.1.1: the ranges whose hashes prove leaf `index` in a tree of `size`, leaf first.

    Raises `ValueError` for an index outside the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[Range] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = _split(start, stop)
        if index < middle:
            path.append((middle, stop))
            stop = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int) -> list[Range]:
    """RFC 6962 § 2.1.2: the ranges whose hashes prove that the tree of `new` begins with `old`.

    Raises `ValueError` unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"no proof from {old} to {new}")
    path: list[Range] = []
    start, stop, whole = 0, new, True
    while stop != old:
        middle = _split(start, stop)
        if old <= middle:
            path.append((middle, stop))
            stop = middle
        else:
            path.append((start, middle))
            start, whole = middle, False
    return path[::-1] if whole else [(start, stop), *path[::-1]]


def included(leaf: bytes, index: int, size: int, proof: Iterable[bytes], root: bytes) -> bool:
    """Whether `proof` leads from a leaf hash at `index` to the root of a tree of `size` leaves."""
    proof = list(proof)
    if not 0 <= index < size:
        return False
    path = inclusion_path(index, size)
    if len(path) != len(proof):
        return False
    for (start, _stop), sibling in zip(path, proof, strict=True):
        leaf = node_hash(leaf, sibling) if index < start else node_hash(sibling, leaf)
    return leaf == root


def consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Iterable[bytes]
) -> bool:
    """Whether `proof` shows that the tree of `new` leaves begins with the tree of `old` leaves."""
    proof = list(proof)
    if not 0 < old <= new or len(proof) != len(consistency_path(old, new)):
        return False
    path = consistency_path(old, new)
    if path and path[0][1] == old:
        seed, path, proof = proof[0], path[1:], proof[1:]
    else:
        seed = old_root
    first = second = seed
    for (start, _stop), sibling in zip(path, proof, strict=True):
        if start >= old:
            second = node_hash(second, sibling)
        else:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
    return first == old_root and second == new_root
