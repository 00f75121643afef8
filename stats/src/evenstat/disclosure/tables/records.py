"""What true counts come from, so that they can be had for any tables: records of people, or tables made up already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from evenstat.disclosure.tables.counts import LinkedTables, from_records, from_tabulated
from evenstat.disclosure.tables.joining import join_shapes
from evenstat.disclosure.tables.layout import Integers, Layout
from evenstat.errors import InvalidCount, InvalidInput

UNKNOWN = -1


class Truth(Protocol):
    """True counts of whatever tables are asked for. Never for the public."""

    def over(self, shape: Layout) -> LinkedTables: ...


@dataclass(frozen=True)
class Records:
    """For each dimension the category of every record, and how many people each record stands for."""

    categories: Mapping[str, Sequence[str]]
    people: Sequence[int]

    def over(self, shape: Layout) -> LinkedTables:
        return from_records(shape, self.categories, self.people)


@dataclass(frozen=True)
class Tabulated:
    """Tables whose counts are known, those of earlier releases too: hidden ones included."""

    tables: Sequence[LinkedTables]

    def over(self, shape: Layout) -> LinkedTables:
        """The counts, and what follows from them by adding and taking away.

        Raises:
            InvalidInput: a count is neither given nor follows. InvalidCount: two tables differ.
        """
        together = join_shapes([shape, *(each.shape for each in self.tables)])
        counts = np.full(len(together.shape), UNKNOWN, dtype=np.int64)
        for tables, places in zip(self.tables, together.places[1:], strict=True):
            differ = np.flatnonzero((counts[places] != UNKNOWN) & (counts[places] != tables.counts))
            if len(differ):
                name = tables.shape.named(int(differ[0]))
                raise InvalidCount(f"{name} has two counts in the tables given: are they of the same people?")
            counts[places] = tables.counts
        _complete(together.shape, counts)
        asked = counts[together.places[0]]
        missing = np.flatnonzero(asked == UNKNOWN)
        if len(missing):
            raise InvalidInput(
                f"No count is given for {shape.named(int(missing[0]))}, and it does not follow from the others: give"
                f" records of people, or tables that have it."
            )
        return from_tabulated(shape, {shape.key(cell): int(count) for cell, count in enumerate(asked)})


def _complete(shape: Layout, counts: Integers) -> None:
    """Fill in what is the only unknown of a sum, until nothing more follows."""
    waiting = list(shape.sums())
    while waiting:
        left = []
        for whole, parts in waiting:
            unknown = [*parts[counts[parts] == UNKNOWN].tolist(), *([whole] if counts[whole] == UNKNOWN else [])]
            if len(unknown) > 1:
                left.append((whole, parts))
            elif unknown == [whole]:
                counts[whole] = counts[parts].sum()
            elif unknown:
                counts[unknown[0]] = counts[whole] - counts[parts].sum() + UNKNOWN
        if len(left) == len(waiting):
            return
        waiting = left
