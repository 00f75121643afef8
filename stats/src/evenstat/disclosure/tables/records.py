"""Sources of true counts, from which counts for any tables can be calculated: records of people, or existing tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from evenstat.disclosure.tables.combining import combine_layouts
from evenstat.disclosure.tables.counts import LinkedTables, from_records, from_tabulated
from evenstat.disclosure.tables.layout import Integers, Layout
from evenstat.errors import InvalidCount, InvalidInput

UNKNOWN = -1


class TrueCounts(Protocol):
    """True counts for any tables that are requested. Do not publish."""

    def over(self, shape: Layout) -> LinkedTables: ...


@dataclass(frozen=True)
class Records:
    """For each dimension the category of every record, and the number of people that each record represents."""

    categories: Mapping[str, Sequence[str]]
    people: Sequence[int]

    def over(self, shape: Layout) -> LinkedTables:
        return from_records(shape, self.categories, self.people)


@dataclass(frozen=True)
class Tabulated:
    """Tables with known counts, such as earlier releases, including the suppressed counts."""

    tables: Sequence[LinkedTables]

    def over(self, shape: Layout) -> LinkedTables:
        """The given counts, and those that follow from them by addition and subtraction.

        Raises:
            InvalidInput: a count is neither given nor derivable. InvalidCount: two tables differ.
        """
        combined = combine_layouts([shape, *(known_tables.shape for known_tables in self.tables)])
        counts = np.full(len(combined.shape), UNKNOWN, dtype=np.int64)
        for tables, places in zip(self.tables, combined.places[1:], strict=True):
            differ = np.flatnonzero((counts[places] != UNKNOWN) & (counts[places] != tables.counts))
            if len(differ):
                name = tables.shape.named(int(differ[0]))
                raise InvalidCount(f"{name} has two different counts in the tables. Are they of the same people?")
            counts[places] = tables.counts
        _complete(combined.shape, counts)
        requested = counts[combined.places[0]]
        missing = np.flatnonzero(requested == UNKNOWN)
        if len(missing):
            raise InvalidInput(
                f"No count is given for {shape.named(int(missing[0]))}, and it cannot be derived from the others. Give"
                f" records of people, or tables that contain it."
            )
        return from_tabulated(shape, {shape.key(cell): int(count) for cell, count in enumerate(requested)})


def _complete(shape: Layout, counts: Integers) -> None:
    """Fill in counts that are the only unknown of a sum, until nothing further can be derived."""
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
