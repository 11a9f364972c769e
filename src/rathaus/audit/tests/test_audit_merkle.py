"""The tree against RFC 6962's own vectors and against a naive reading of its text."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.audit import verify
from rathaus.audit.merkle import (
    EMPTY_ROOT,
    Subtree,
    complete_subtrees,
    consistency_path,
    consistent,
    fold,
    included,
    inclusion_path,
    leaf_hash,
    range_hash,
)

# The eight leaves of the Certificate Transparency reference implementation and its roots.
LEAVES = [bytes.fromhex(it) for it in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 § 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = naive_root(leaves[:half]), naive_root(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def hashes(leaves: list[bytes], ranges: list[tuple[int, int]]) -> list[bytes]:
    def hash_of(subtree: Subtree) -> bytes:
        return fold([leaf_hash(data) for data in leaves[subtree.start : subtree.stop]])

    return [range_hash(start, stop, hash_of) for start, stop in ranges]


trees = st.lists(st.binary(max_size=3), min_size=1, max_size=70)


@pytest.mark.parametrize("size", range(1, 9))
def test_reference_roots(size):
    assert hashes(LEAVES, [(0, size)])[0].hex() == ROOTS[size - 1]


def test_reference_inclusion_proofs():
    assert inclusion_path(0, 1) == []
    assert [it.hex() for it in hashes(LEAVES, inclusion_path(0, 8))] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [it.hex() for it in hashes(LEAVES, inclusion_path(2, 3))] == [
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    ]


def test_reference_consistency_proofs():
    assert [it.hex() for it in hashes(LEAVES, consistency_path(6, 8))] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert consistency_path(4, 4) == []


def test_the_empty_tree():
    assert hashes([], [(0, 0)]) == [EMPTY_ROOT] == [naive_root([])]


@given(trees)
def test_root_is_the_naive_one(leaves):
    assert hashes(leaves, [(0, len(leaves))]) == [naive_root(leaves)]


@given(trees)
def test_the_verifier_grows_the_same_tree(leaves):
    tree = verify.Tree()
    for data in leaves:
        tree.add(leaf_hash(data))
    assert tree.root() == naive_root(leaves).hex()


@given(trees, st.data())
def test_inclusion_is_proved_for_this_leaf_only(leaves, data):
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    root, leaf = naive_root(leaves), leaf_hash(leaves[index])
    proof = hashes(leaves, inclusion_path(index, size))

    assert included(leaf, index, size, proof, root)
    assert verify._climb(leaf, index, size, proof) == root
    assert not included(leaf_hash(b"forged"), index, size, proof, root)
    assert not included(leaf, index, size, [*proof, root], root)
    assert not included(leaf, size, size, proof, root)
    if proof:
        assert not included(leaf, index, size, proof[:-1], root)
        assert verify._climb(leaf, index, size, proof[:-1]) != root


@given(trees, st.data())
def test_consistency_is_proved_for_a_true_prefix_only(leaves, data):
    new = len(leaves)
    old = data.draw(st.integers(1, new))
    roots = naive_root(leaves[:old]), naive_root(leaves)
    proof = hashes(leaves, consistency_path(old, new))

    assert consistent(old, new, *roots, proof)
    assert not consistent(old, new, naive_root([*leaves[: old - 1], b"forged"]), roots[1], proof)
    assert not consistent(old, new, roots[0], naive_root([*leaves[:-1], b"forged"]), proof)
    assert not consistent(old, new, *roots, [*proof, roots[0]])
    assert not consistent(0, new, *roots, proof)


@given(st.integers(0, 500), st.integers(0, 500))
def test_complete_subtrees_cover_the_range_without_a_gap(start, length):
    found = complete_subtrees(start, start + length)
    edges = [start, *(subtree.stop for subtree in found)]
    assert [subtree.start for subtree in found] == edges[:-1]
    assert edges[-1] == start + length


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_path_to_a_leaf_outside(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_path(index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_no_path_between_impossible_sizes(old, new):
    with pytest.raises(ValueError, match="no proof"):
        consistency_path(old, new)
