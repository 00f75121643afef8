"""Published percentages as statements about the underlying cells, and which of them disclose a count."""

from collections.abc import Sequence
from dataclasses import dataclass

from evenstat.disclosure.auditing.audit import audit
from evenstat.disclosure.auditing.averages import rounding_interval
from evenstat.disclosure.auditing.constraint_system import Statement
from evenstat.disclosure.policies import Attacker
from evenstat.disclosure.tables import Integers, Layout, Publication
from evenstat.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Ratio:
    """A published percentage or average: `scale` times the cell `part` over the cell `base` is between `low` and
    `high`.

    Multiplied out, it gives two linear constraints on the two cells.
    """

    part: int
    base: int
    low: float
    high: float
    scale: float

    @property
    def statements(self) -> tuple[Statement, Statement]:
        cells = (self.part, self.base)
        unbounded = float("inf")
        return (
            Statement(cells, (self.scale, -self.low), 0.0, unbounded),
            Statement(cells, (self.scale, -self.high), -unbounded, 0.0),
        )


def percentage(shape: Layout, part: Sequence[str], base: Sequence[str], percent: str | float, decimals: int) -> Ratio:
    """What a published percentage says about its part and its base.

    Args:
        shape: the tables that contain both cells.
        part, base: their codes; do not publish a percentage of a base of 0.
        percent: as published.
        decimals: how many are published: 33.3 with one is between 33.25 and 33.35.

    Raises:
        InvalidInput: no such cell, not a percentage, or decimals that the figure does not have.

    >>> from evenstat.disclosure.tables import flat, layout
    >>> shape = layout([flat("sex", ["F", "M"])], [["sex"]])
    >>> percentage(shape, ["F"], ["Total"], "33.3", 1)
    Ratio(part=1, base=0, low=33.25, high=33.35, scale=100.0)
    """
    low, high = rounding_interval(percent, decimals)
    if high < 0 or low > 100:
        raise InvalidInput(f"{percent}% of {shape.named(shape.cell(base))}: a percentage must be from 0 to 100.")
    return Ratio(shape.cell(part), shape.cell(base), max(low, 0.0), min(high, 100.0), 100.0)


@dataclass(frozen=True, slots=True)
class DisclosingFigure:
    """A figure that narrows the range of a cell: between `low` and `high` with it, `before` without it.

    -1 in `high` or in the second value of `before` if the cell has no upper bound. `exactly_disclosed`: only one count
    is left.
    """

    figure: int
    cell: int
    low: int
    high: int
    before: tuple[int, int]

    @property
    def exactly_disclosed(self) -> bool:
        return self.low == self.high


def disclosing_figures(
    published: Publication,
    figures: Sequence[Ratio],
    attacker: Attacker,
    *,
    below: int = 0,
    singletons: Sequence[Integers] | None = None,
) -> tuple[DisclosingFigure, ...]:
    """The published figures without which an attacker would not know a suppressed or rounded count.

    Population: the cells of one publication, and figures published with them about the same people.

    Method: the audit with all figures, then without each in turn. A figure is returned if without it a count is no
        longer exactly disclosed, or can no longer be proved to be below `below`. If several figures disclose the same
        count, each figure that would disclose it without the others is returned.

    Args:
        published: what is published.
        figures: percentages and averages, as returned by `percentage` and `average`.
        attacker, singletons: as for `audit`.
        below: the policy's threshold; 0 tests for exact disclosure only.

    Returns:
        One DisclosingFigure for each figure and count, in the order of the figures.

    Raises:
        InvalidCount: no counts fit all figures. InvalidInput: as for `audit`.

    Limits: two audits for each figure. Medians, quantiles and ratios of averages are not tried: show them only with
        shown counts and averages.

    Source: `audit`.

    >>> from evenstat.disclosure.tables import flat, from_records, layout, suppress_cells
    >>> shape = layout([flat("sex", ["F", "M"])], [["sex"]])
    >>> tables = from_records(shape, {"sex": ["F", "M"]}, [1, 2])
    >>> figures = [percentage(shape, ["F"], ["Total"], 33.3, 1)]
    >>> total_suppressed = suppress_cells(shape, tables.counts, tables.counts > 0)
    >>> disclosing_figures(total_suppressed, figures, Attacker.ZEROS_SHOWN)
    ()
    >>> total_shown = suppress_cells(shape, tables.counts, tables.counts < 3)
    >>> disclosing = disclosing_figures(total_shown, figures, Attacker.ZEROS_SHOWN)
    >>> [shape.named(figure.cell) for figure in disclosing]
    ['F', 'M']
    """
    without_figures = _ranges(published, (), attacker, singletons)
    with_figures = _ranges(published, figures, attacker, singletons)
    revealed = {
        cell
        for cell, cell_range in with_figures.items()
        if _reveals(cell_range, below) and not _reveals(without_figures[cell], below)
    }
    disclosing = []
    for position in range(len(figures)):
        without = _ranges(published, (*figures[:position], *figures[position + 1 :]), attacker, singletons)
        only = _ranges(published, (figures[position],), attacker, singletons)
        for cell in sorted(revealed):
            if not _reveals(without[cell], below):
                disclosing.append(DisclosingFigure(position, cell, *with_figures[cell], without[cell]))
            elif _reveals(only[cell], below):
                disclosing.append(DisclosingFigure(position, cell, *only[cell], without_figures[cell]))
    return tuple(disclosing)


def _reveals(cell_range: tuple[int, int], below: int) -> bool:
    low, high = cell_range
    return low == high or 0 <= high < below


def _ranges(
    published: Publication, figures: Sequence[Ratio], attacker: Attacker, singletons: Sequence[Integers] | None
) -> dict[int, tuple[int, int]]:
    statements = [statement for figure in figures for statement in figure.statements]
    audited = audit(published, attacker, singletons=singletons, statements=statements)
    rows = zip(audited.cells.tolist(), audited.low.tolist(), audited.high.tolist(), strict=True)
    return {cell: (low, high) for cell, low, high in rows}
