"""The loss from suppression, to compare two ways of protecting a table."""

from dataclasses import dataclass

from evenstat.disclosure.single_tables._tables import CountTable, ProtectedTable
from evenstat.errors import InvalidCount
from evenstat.estimates import Suppressed


@dataclass(frozen=True, slots=True)
class TableLoss:
    """Rows suppressed and the people in them. Do not publish: the number of people is a true count."""

    cells_suppressed: int
    people_suppressed: int


def loss(table: CountTable, protected: ProtectedTable) -> TableLoss:
    """The rows of `table` that `protected` suppresses, and the people in them; suppressed subtotals are not counted."""
    if [cell.code for cell in table.cells] != [cell.code for cell in protected.cells]:
        raise InvalidCount(f"{protected.name!r} is not a publication of {table.name!r}: their rows differ.")
    suppressed = [
        cell.count
        for cell, published in zip(table.cells, protected.cells, strict=True)
        if isinstance(published.count, Suppressed)
    ]
    return TableLoss(len(suppressed), sum(suppressed))
