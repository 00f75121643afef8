"""What a reader can work out, as rows of a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evenstat.disclosure.auditing import NO_MOST, Audited


@dataclass(frozen=True, slots=True)
class Interval:
    """The least and the most that a reader allows for a cell; `high` is None where nothing limits it."""

    cell: int
    low: int
    high: int | None

    @property
    def exact(self) -> bool:
        return self.low == self.high


def intervals(audited: Audited, cells: Sequence[int]) -> tuple[Interval, ...]:
    """For each of these cells; one that is printed, here or in an earlier release, is known exactly."""
    ranges = zip(audited.cells.tolist(), audited.low.tolist(), audited.high.tolist(), strict=True)
    found = {cell: Interval(cell, low, None if high == NO_MOST else high) for cell, low, high in ranges}
    printed = audited.publication.low.tolist()
    return tuple(found.get(cell, Interval(cell, printed[cell], printed[cell])) for cell in cells)


def interval_rows(audited: Audited, found: Sequence[Interval]) -> Iterator[Sequence[str | int | None]]:
    """Names of columns first; `hi` is empty where nothing limits the cell, `exact` says yes or no."""
    shape = audited.publication.shape
    yield (*shape.names, "lo", "hi", "exact")
    for each in found:
        yield (*shape.key(each.cell), each.low, each.high, "yes" if each.exact else "no")
