"""The Merkle tree of RFC 9162, section 2.1: roots, inclusion proofs and consistency proofs.

Pure functions. The caller supplies the leaf hashes: `Subtrees` returns the hash of the complete subtree over the leaves
from index · 2^level up to (index + 1) · 2^level.
"""

import hashlib
from collections.abc import Callable, Sequence

Subtrees = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree. Gives the root after any number of leaves, in logarithmic memory."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []  # roots of complete subtrees, largest first

    def add(self, leaf_hash: bytes) -> None:
        carried, full = leaf_hash, self.size
        while full & 1:
            carried, full = node(self._edge.pop(), carried), full >> 1
        self._edge.append(carried)
        self.size += 1

    def root(self) -> bytes:
        if not self._edge:
            return EMPTY
        root_hash = self._edge[-1]
        for subtree in reversed(self._edge[:-1]):
            root_hash = node(subtree, root_hash)
        return root_hash


def root(size: int, subtrees: Subtrees) -> bytes:
    return _span(0, size, subtrees) if size else EMPTY


def inclusion(index: int, size: int, subtrees: Subtrees) -> list[bytes]:
    """PATH(index, D[size]): the sibling hashes on the path from the leaf to the root, from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return _path(index, 0, size, subtrees)


def consistency(first: int, size: int, subtrees: Subtrees) -> list[bytes]:
    """PROOF(first, D[size]): proves that the first `first` of the `size` leaves are those of the earlier tree."""
    if not 0 < first <= size:
        raise ValueError(f"a tree of {size} leaves cannot extend a tree of {first} leaves")
    return _subproof(first, 0, size, True, subtrees)


def _span(start: int, end: int, subtrees: Subtrees) -> bytes:
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return subtrees(level, start >> level)
    middle = start + _split(count)
    return node(_span(start, middle, subtrees), _span(middle, end, subtrees))


def _path(index: int, start: int, end: int, subtrees: Subtrees) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, subtrees), _span(middle, end, subtrees)]
    return [*_path(index, middle, end, subtrees), _span(start, middle, subtrees)]


def _subproof(first: int, start: int, end: int, whole: bool, subtrees: Subtrees) -> list[bytes]:
    count = end - start
    if first == count:
        return [] if whole else [_span(start, end, subtrees)]
    split = _split(count)
    middle = start + split
    if first <= split:
        return [*_subproof(first, start, middle, whole, subtrees), _span(middle, end, subtrees)]
    return [*_subproof(first - split, middle, end, False, subtrees), _span(start, middle, subtrees)]


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << (count - 1).bit_length() - 1


def is_included(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    position, last, computed = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            computed = node(sibling, computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node(computed, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and computed == root_hash


def is_consistent(first: int, size: int, path: Sequence[bytes], first_root: bytes, root_hash: bytes) -> bool:
    """RFC 9162, section 2.1.4.2."""
    if not 0 < first <= size:
        return False
    if first == size:
        return not path and first_root == root_hash
    hashes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not hashes:
        return False
    position, last = first - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node(sibling, old), node(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == first_root and new == root_hash
