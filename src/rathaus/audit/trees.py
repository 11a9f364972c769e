"""Where the hashes of the Merkle tree are: tiles of 32 entries and everything above them in a
table, everything below computed from the entries when somebody asks."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import Q

from rathaus.audit.merkle import (
    Range,
    Subtree,
    complete_subtrees,
    fold,
    leaf_hash,
    node_hash,
    range_hash,
)
from rathaus.audit.models import Entry, Node

TILE_LEVEL = 5
TILE = 1 << TILE_LEVEL


def hashes_of(ranges: Iterable[Range]) -> list[bytes]:
    """The hash of each range of entries, counted from 0, within the sealed part of the trail."""
    ranges = list(ranges)
    subtrees = {subtree for start, stop in ranges for subtree in complete_subtrees(start, stop)}
    known = _stored(subtrees) | _computed(subtrees)
    return [range_hash(start, stop, known.__getitem__) for start, stop in ranges]


def _stored(subtrees: set[Subtree]) -> dict[Subtree, bytes]:
    keys = [(it.level, it.position) for it in subtrees if it.level >= TILE_LEVEL]
    nodes = Node.objects.filter(pk__in=keys) if keys else []
    return {Subtree(node.level, node.position): bytes(node.hash) for node in nodes}


def _computed(subtrees: set[Subtree]) -> dict[Subtree, bytes]:
    small = [subtree for subtree in subtrees if subtree.level < TILE_LEVEL]
    leaves = _leaves({subtree.start >> TILE_LEVEL for subtree in small})
    return {it: fold([leaves[index] for index in range(it.start, it.stop)]) for it in small}


def _leaves(tiles: set[int]) -> dict[int, bytes]:
    """The leaf hashes of whole tiles, by their place in the trail."""
    wanted = Q()
    for tile in tiles:
        wanted |= Q(seq__gt=tile * TILE, seq__lte=(tile + 1) * TILE)
    entries = Entry.objects.filter(wanted).values_list("seq", "hash") if tiles else []
    return {seq - 1: leaf_hash(bytes(data)) for seq, data in entries}


def extend(size: int) -> None:
    """Store every tile, and every subtree above, that the first `size` entries have completed."""
    last = Node.objects.filter(level=TILE_LEVEL).order_by("position").last()
    done = last.position + 1 if last else 0
    fresh = dict(enumerate(_new_tiles(done, size >> TILE_LEVEL), done))
    level = TILE_LEVEL
    while fresh:
        rows = [Node(level=level, position=position, hash=it) for position, it in fresh.items()]
        Node.objects.bulk_create(rows, batch_size=10_000)
        fresh = dict(_parents(level, fresh))
        level += 1


def _new_tiles(done: int, complete: int) -> Iterator[bytes]:
    if done == complete:
        return
    entries = Entry.objects.filter(seq__gt=done * TILE, seq__lte=complete * TILE).order_by("seq")
    hashes = entries.values_list("hash", flat=True).iterator(chunk_size=20_000)
    leaves = (leaf_hash(bytes(it)) for it in hashes)
    for _tile in range(done, complete):
        yield fold(list(islice(leaves, TILE)))


def _parents(level: int, fresh: dict[int, bytes]) -> Iterator[tuple[int, bytes]]:
    for position, right in fresh.items():
        if position % 2:
            left = fresh.get(position - 1)
            if left is None:
                left = bytes(Node.objects.get(pk=(level, position - 1)).hash)
            yield position // 2, node_hash(left, right)
