"""What an entry's hash refuses and ignores; sizes and sides of Merkle proofs, one by one."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from rathaus.audit.chain import Content, canonical, open_part, sealed_part
from rathaus.audit.merkle import (
    Subtree,
    complete_subtrees,
    consistency_path,
    consistent,
    included,
    leaf_hash,
    node_hash,
)

ENTRY = Content(
    seq=7,
    at=datetime(2026, 11, 22, 10, 30, 0, 5, tzinfo=timezone(timedelta(hours=1))),
    act="change",
    actor=None,
    actor_kind="system",
    office="",
    did="cases.decided",
    thing_type="case",
    thing_id="42",
    case="",
    why="",
    about=(),
)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"a": 1.5}, "float has no canonical form"),
        ({"a": [{"b": b"x"}]}, "bytes has no canonical form"),
        ({"a": ({1},)}, "set has no canonical form"),
        ({"a": {1: "b"}}, "keys must be text"),
    ],
)
def test_what_has_several_spellings_is_named(value, reason):
    with pytest.raises(TypeError, match=f"^{reason}$"):
        canonical(value)


def test_the_clock_of_the_machine_does_not_count(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Vienna")
    time.tzset()
    try:
        shown = open_part(ENTRY)["at"]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert shown == "2026-11-22T09:30:00.000005+00:00"
    assert ENTRY.at.astimezone(UTC).isoformat() == shown


def test_nobody_is_an_actor_too():
    assert sealed_part(ENTRY)["actor"] is None


def test_subtrees_are_as_large_as_they_can_be():
    assert complete_subtrees(0, 7) == [Subtree(2, 0), Subtree(1, 2), Subtree(0, 6)]
    assert complete_subtrees(4, 8) == [Subtree(2, 1)]
    assert complete_subtrees(3, 8) == [Subtree(0, 3), Subtree(2, 1)]
    assert complete_subtrees(5, 5) == []


A, B, C = leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")
TWO, THREE = node_hash(A, B), node_hash(node_hash(A, B), C)


def test_a_proof_of_the_wrong_length_is_none():
    assert included(C, 2, 3, [TWO], THREE)
    assert not included(C, 2, 3, [], C)
    assert not included(C, 3, 3, [TWO], THREE)
    assert not included(C, -1, 3, [TWO], THREE)


def test_a_tree_grows_from_its_whole_or_from_a_part_of_it():
    assert consistency_path(1, 3) == [(1, 2), (2, 3)]
    assert consistent(1, 3, A, THREE, [B, C])
    assert consistency_path(2, 3) == [(2, 3)]
    assert consistent(2, 3, TWO, THREE, [C])
    assert consistency_path(3, 4) == [(2, 3), (3, 4), (0, 2)]
    four = node_hash(TWO, node_hash(C, A))
    assert consistent(3, 4, THREE, four, [C, A, TWO])
    assert not consistent(3, 4, TWO, four, [C, A, TWO])
    assert consistent(3, 3, THREE, THREE, [])
    assert not consistent(3, 3, THREE, four, [])
    assert not consistent(4, 3, four, THREE, [])
