"""The Merkle tree of a chain, read from the database: subtrees of 256 entries are kept, the rest is worked out."""

from functools import cache
from uuid import UUID

from evenhand.ledger import merkle
from evenhand.ledger.models import Entry, Subtree

STEP = 8  # a row of `Subtree` stands for 2^8 rows of the step below
WIDTH = 1 << STEP


class Tree:
    """The leaves of a chain up to a size. Make a new one for each question: it remembers what it has read."""

    def __init__(self, chain: UUID, size: int) -> None:
        self.chain, self.size = chain, size
        self._rows = cache(self._read)
        self._hash = cache(self._worked_out)

    def root(self) -> bytes:
        return merkle.root(self.size, self._hash)

    def inclusion(self, position: int) -> list[bytes]:
        return merkle.inclusion(position - 1, self.size, self._hash)

    def consistency(self, first: int) -> list[bytes]:
        return merkle.consistency(first, self.size, self._hash)

    def keep(self) -> None:
        """Keep what is complete and not kept yet. Two processes at once write the same rows, and each only once."""
        level = STEP
        while self.size >> level:
            kept = Subtree.objects.filter(chain=self.chain, level=level).count()
            new = [
                Subtree(chain=self.chain, level=level, index=index, hash=self._hash(level, index).hex())
                for index in range(kept, self.size >> level)
            ]
            Subtree.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
            level += STEP

    def _worked_out(self, level: int, index: int) -> bytes:
        if level % STEP == 0 and index in (rows := self._rows(level, index // WIDTH)):
            return rows[index]
        return merkle.node(self._hash(level - 1, 2 * index), self._hash(level - 1, 2 * index + 1))

    def _read(self, level: int, block: int) -> dict[int, bytes]:
        """The rows of one level from block · 256 on, 256 at most."""
        start, end = block * WIDTH, min((block + 1) * WIDTH, -(-self.size >> level))
        if level == 0:
            entries = Entry.objects.filter(chain=self.chain, position__gt=start, position__lte=end)
            found = entries.order_by("position").values_list("position", "entry_hash")
            return {position - 1: bytes.fromhex(each) for position, each in found}
        kept = Subtree.objects.filter(chain=self.chain, level=level, index__gte=start, index__lt=end)
        return {index: bytes.fromhex(each) for index, each in kept.values_list("index", "hash")}
