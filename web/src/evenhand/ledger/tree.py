"""The Merkle tree of a chain, read from the database: subtrees of 256 entries are stored, the rest is computed."""

from functools import cache
from uuid import UUID

from evenhand.ledger import merkle
from evenhand.ledger.models import Entry, Subtree

STEP = 8  # a row of `Subtree` covers 2^8 rows of the level below
WIDTH = 1 << STEP


class Tree:
    """The first `size` leaves of a chain. Create a new instance for each use, because it caches what it has read."""

    def __init__(self, chain: UUID, size: int) -> None:
        self.chain, self.size = chain, size
        self._rows = cache(self._read)
        self._hash = cache(self._compute)

    def root(self) -> bytes:
        return merkle.root(self.size, self._hash)

    def inclusion(self, position: int) -> list[bytes]:
        return merkle.inclusion(position - 1, self.size, self._hash)

    def consistency(self, first: int) -> list[bytes]:
        return merkle.consistency(first, self.size, self._hash)

    def store_complete_subtrees(self) -> None:
        """Store the complete subtrees that are not stored yet. Concurrent processes write each row only once."""
        level = STEP
        while self.size >> level:
            stored = Subtree.objects.filter(chain=self.chain, level=level).count()
            new = [
                Subtree(chain=self.chain, level=level, index=index, hash=self._hash(level, index).hex())
                for index in range(stored, self.size >> level)
            ]
            Subtree.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
            level += STEP

    def _compute(self, level: int, index: int) -> bytes:
        if level % STEP == 0 and index in (rows := self._rows(level, index // WIDTH)):
            return rows[index]
        return merkle.node(self._hash(level - 1, 2 * index), self._hash(level - 1, 2 * index + 1))

    def _read(self, level: int, block: int) -> dict[int, bytes]:
        """The rows of one level, starting at block · 256, at most 256."""
        start, end = block * WIDTH, min((block + 1) * WIDTH, -(-self.size >> level))
        if level == 0:
            entries = Entry.objects.filter(chain=self.chain, position__gt=start, position__lte=end)
            hashes = entries.order_by("position").values_list("position", "entry_hash")
            return {position - 1: bytes.fromhex(entry_hash) for position, entry_hash in hashes}
        subtrees = Subtree.objects.filter(chain=self.chain, level=level, index__gte=start, index__lt=end)
        return {index: bytes.fromhex(hash_) for index, hash_ in subtrees.values_list("index", "hash")}
