"""The Merkle tree of RFC 9162, compared with its recursive definition and with published test vectors."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.ledger import merkle
from evenhand.ledger.merkle import Frontier, consistency, inclusion, is_consistent, is_included

# Leaves and roots from the test vectors of certificate transparency (RFC 6962, which uses the same hashing).
KNOWN_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
KNOWN_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

Data = Sequence[bytes]


def split(count: int) -> int:
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def root_by_definition(data: Data) -> bytes:
    if not data:
        return hashlib.sha256().digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = split(len(data))
    return hashlib.sha256(b"\x01" + root_by_definition(data[:k]) + root_by_definition(data[k:])).digest()


def path_by_definition(index: int, data: Data) -> list[bytes]:
    if len(data) == 1:
        return []
    k = split(len(data))
    if index < k:
        return [*path_by_definition(index, data[:k]), root_by_definition(data[k:])]
    return [*path_by_definition(index - k, data[k:]), root_by_definition(data[:k])]


def subproof_by_definition(first: int, data: Data, whole: bool) -> list[bytes]:
    if first == len(data):
        return [] if whole else [root_by_definition(data)]
    k = split(len(data))
    if first <= k:
        return [*subproof_by_definition(first, data[:k], whole), root_by_definition(data[k:])]
    return [*subproof_by_definition(first - k, data[k:], False), root_by_definition(data[:k])]


def subtrees_of(data: Data) -> merkle.Subtrees:
    def hash_of(level: int, index: int) -> bytes:
        part = data[index << level : (index + 1) << level]
        assert len(part) == 1 << level, "only complete subtrees are requested"
        return root_by_definition(part)

    return hash_of


trees = st.lists(st.binary(max_size=3), min_size=1, max_size=70)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_match_the_published_test_vectors(size: int) -> None:
    frontier = Frontier()
    for data in KNOWN_LEAVES[:size]:
        frontier.add(merkle.leaf(data))
    assert frontier.root().hex() == KNOWN_ROOTS[size - 1]
    assert merkle.root(size, subtrees_of(KNOWN_LEAVES[:size])).hex() == KNOWN_ROOTS[size - 1]


def test_the_empty_tree() -> None:
    assert Frontier().root() == merkle.root(0, subtrees_of([])) == hashlib.sha256(b"").digest()


@given(trees)
def test_the_root_matches_the_definition_after_each_leaf(data: list[bytes]) -> None:
    frontier = Frontier()
    for size, leaf_data in enumerate(data, start=1):
        frontier.add(merkle.leaf(leaf_data))
        assert frontier.root() == merkle.root(size, subtrees_of(data)) == root_by_definition(data[:size])


@given(trees, st.data())
def test_inclusion_proofs_match_the_definition_and_altered_proofs_fail(data: list[bytes], draw: st.DataObject) -> None:
    index = draw.draw(st.integers(0, len(data) - 1))
    leaf, root = merkle.leaf(data[index]), root_by_definition(data)
    path = inclusion(index, len(data), subtrees_of(data))
    assert path == path_by_definition(index, data)
    assert is_included(leaf, index, len(data), path, root)
    assert not is_included(merkle.leaf(data[index] + b"x"), index, len(data), path, root)
    assert not is_included(leaf, index, len(data), [*path, root], root)
    assert not is_included(leaf, index, len(data), path, merkle.leaf(root))
    for index_in_path in range(len(path)):
        assert not is_included(leaf, index, len(data), [*path[:index_in_path], *path[index_in_path + 1 :]], root)
        changed = [*path[:index_in_path], merkle.leaf(path[index_in_path]), *path[index_in_path + 1 :]]
        assert not is_included(leaf, index, len(data), changed, root)


@given(trees, st.data())
def test_consistency_proofs_match_the_definition_and_altered_proofs_fail(
    data: list[bytes], draw: st.DataObject
) -> None:
    first = draw.draw(st.integers(1, len(data)))
    old, root = root_by_definition(data[:first]), root_by_definition(data)
    path = consistency(first, len(data), subtrees_of(data))
    assert path == subproof_by_definition(first, data, True)
    assert is_consistent(first, len(data), path, old, root)
    assert not is_consistent(first, len(data), path, merkle.leaf(old), root)
    assert not is_consistent(first, len(data), path, old, merkle.leaf(root))
    assert not is_consistent(first, len(data), [*path, root], old, root)
    for index_in_path in range(len(path)):
        assert not is_consistent(first, len(data), [*path[:index_in_path], *path[index_in_path + 1 :]], old, root)


@given(trees, st.data())
def test_a_tree_with_a_changed_leaf_is_not_consistent(data: list[bytes], draw: st.DataObject) -> None:
    first = draw.draw(st.integers(1, len(data)))
    changed = draw.draw(st.integers(0, first - 1))
    other = [*data[:changed], data[changed] + b"x", *data[changed + 1 :]]
    path = consistency(first, len(data), subtrees_of(other))
    old, root = root_by_definition(data[:first]), root_by_definition(other)
    assert not is_consistent(first, len(data), path, old, root)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion(index, size, subtrees_of(KNOWN_LEAVES))
    assert not is_included(b"", index, size, [], b"")


@pytest.mark.parametrize(("first", "size"), [(0, 3), (4, 3)])
def test_there_is_no_consistency_proof_from_an_empty_or_larger_tree(first: int, size: int) -> None:
    with pytest.raises(ValueError, match="cannot extend"):
        consistency(first, size, subtrees_of(KNOWN_LEAVES))
    assert not is_consistent(first, size, [], b"", b"")
