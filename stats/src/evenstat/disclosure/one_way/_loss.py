"""What hiding cost, so that two ways of protecting a table can be compared."""

from dataclasses import dataclass

from evenstat.disclosure.one_way._tables import CountTable, ProtectedTable
from evenstat.errors import InvalidCount
from evenstat.estimates import Hidden


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows hidden and the people in them. Never for the public: the number of people is a true count."""

    cells_hidden: int
    people_hidden: int


def loss(table: CountTable, protected: ProtectedTable) -> Loss:
    """The rows that `protected` hides of `table` and the people in them; hidden subtotals are not counted."""
    if [cell.code for cell in table.cells] != [cell.code for cell in protected.cells]:
        raise InvalidCount(f"{protected.name!r} is not a publication of {table.name!r}: their rows differ.")
    hidden = [
        cell.count
        for cell, published in zip(table.cells, protected.cells, strict=True)
        if isinstance(published.count, Hidden)
    ]
    return Loss(len(hidden), sum(hidden))
