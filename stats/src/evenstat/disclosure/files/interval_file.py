"""The audit's intervals as rows of a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evenstat.disclosure.auditing import NO_UPPER_BOUND, DisclosureAudit


@dataclass(frozen=True, slots=True)
class CellInterval:
    """The lower and upper bound that an attacker can prove for a cell; `high` is None if there is no upper bound."""

    cell: int
    low: int
    high: int | None

    @property
    def exactly_disclosed(self) -> bool:
        return self.low == self.high


def intervals(audited: DisclosureAudit, cells: Sequence[int]) -> tuple[CellInterval, ...]:
    """The interval of each of these cells; a cell whose count is shown, here or in a prior release, is known
    exactly.
    """
    ranges = zip(audited.cells.tolist(), audited.low.tolist(), audited.high.tolist(), strict=True)
    by_cell = {cell: CellInterval(cell, low, None if high == NO_UPPER_BOUND else high) for cell, low, high in ranges}
    printed = audited.publication.low.tolist()
    return tuple(by_cell.get(cell, CellInterval(cell, printed[cell], printed[cell])) for cell in cells)


def interval_rows(
    audited: DisclosureAudit, cell_intervals: Sequence[CellInterval]
) -> Iterator[Sequence[str | int | None]]:
    """Column names first; `hi` is empty if there is no upper bound, `exact` is yes or no."""
    shape = audited.publication.shape
    yield (*shape.names, "lo", "hi", "exact")
    for interval in cell_intervals:
        yield (*shape.key(interval.cell), interval.low, interval.high, "yes" if interval.exactly_disclosed else "no")
