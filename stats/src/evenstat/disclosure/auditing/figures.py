"""Printed percentages as statements about the cells behind them, and which of them give a count away."""

from collections.abc import Sequence
from dataclasses import dataclass

from evenstat.disclosure.auditing.audit import audit
from evenstat.disclosure.auditing.averages import stands_for
from evenstat.disclosure.auditing.facts import Statement
from evenstat.disclosure.policies import Attacker
from evenstat.disclosure.tables import Integers, Layout, Publication
from evenstat.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Ratio:
    """A printed percentage or average: `scale` times the cell `part` over the cell `base` is from `low` to `high`.

    It is linear in the two cells once it is multiplied out: a base below and one above tie the part from both sides.
    """

    part: int
    base: int
    low: float
    high: float
    scale: float

    @property
    def statements(self) -> tuple[Statement, Statement]:
        cells = (self.part, self.base)
        endless = float("inf")
        return (
            Statement(cells, (self.scale, -self.low), 0.0, endless),
            Statement(cells, (self.scale, -self.high), -endless, 0.0),
        )


def percentage(shape: Layout, part: Sequence[str], base: Sequence[str], percent: str | float, decimals: int) -> Ratio:
    """What a printed percentage says of its part and its base.

    Args:
        shape: the tables that both cells are in.
        part, base: their codes; with a part of nobody and a base of nobody, print no percentage.
        percent: as printed.
        decimals: how many are printed: 33.3 with one is from 33.25 to 33.35.

    Raises:
        InvalidInput: no such cell, not a percentage, or decimals that a print does not have.

    >>> from evenstat.disclosure.tables import flat, layout
    >>> shape = layout([flat("sex", ["F", "M"])], [["sex"]])
    >>> percentage(shape, ["F"], ["Total"], "33.3", 1)
    Ratio(part=1, base=0, low=33.25, high=33.35, scale=100.0)
    """
    low, high = stands_for(percent, decimals)
    if high < 0 or low > 100:
        raise InvalidInput(f"{percent}% of {shape.named(shape.cell(base))}: a percentage of people is from 0 to 100.")
    return Ratio(shape.cell(part), shape.cell(base), max(low, 0.0), min(high, 100.0), 100.0)


@dataclass(frozen=True, slots=True)
class Given:
    """A figure that narrows what a reader knows of a cell: from `low` to `high` with it, `before` without it.

    -1 in `high` or the second of `before` where nothing limits the cell. `exact`: it leaves one count.
    """

    figure: int
    cell: int
    low: int
    high: int
    before: tuple[int, int]

    @property
    def exact(self) -> bool:
        return self.low == self.high


def giveaways(
    published: Publication,
    figures: Sequence[Ratio],
    attacker: Attacker,
    *,
    below: int = 0,
    alone: Sequence[Integers] | None = None,
) -> tuple[Given, ...]:
    """The figures without which a reader would not know a hidden or rounded count.

    Population: the cells of one publication, and figures printed beside them about the same people.

    Method: the audit with all figures, then without each in turn. A figure is given where a count is then no longer
        exact, or can no longer be proven to be below `below`. Where several figures tell the same, none is needed
        alone: then each is given that would tell it without the others.

    Args:
        published: what is printed.
        figures: percentages and averages, as `percentage` and `average` say them.
        attacker, alone: as for `audit`.
        below: the policy's threshold; 0 asks for exact counts alone.

    Returns:
        One Given for each figure and count, in the order of the figures.

    Raises:
        InvalidCount: no counts fit all figures. InvalidInput: as `audit`.

    Limits: two audits for each figure. Medians, quantiles and ratios of averages are not tried: show them only where
        counts and averages are shown.

    Source: `audit`.

    >>> from evenstat.disclosure.tables import flat, from_records, layout, suppressed
    >>> shape = layout([flat("sex", ["F", "M"])], [["sex"]])
    >>> tables = from_records(shape, {"sex": ["F", "M"]}, [1, 2])
    >>> hidden = tables.counts > 0
    >>> giveaways(suppressed(shape, tables.counts, hidden), [percentage(shape, ["F"], ["Total"], 33.3, 1)], Attacker.B)
    ()
    >>> shown = suppressed(shape, tables.counts, tables.counts < 3)
    >>> [shape.named(each.cell) for each in
    ...     giveaways(shown, [percentage(shape, ["F"], ["Total"], 33.3, 1)], Attacker.B)]
    ['F', 'M']
    """
    nothing = _ranges(published, (), attacker, alone)
    everything = _ranges(published, figures, attacker, alone)
    told = {cell for cell, found in everything.items() if _tells(found, below) and not _tells(nothing[cell], below)}
    given = []
    for place in range(len(figures)):
        without = _ranges(published, (*figures[:place], *figures[place + 1 :]), attacker, alone)
        only = _ranges(published, (figures[place],), attacker, alone)
        for cell in sorted(told):
            if not _tells(without[cell], below):
                given.append(Given(place, cell, *everything[cell], without[cell]))
            elif _tells(only[cell], below):
                given.append(Given(place, cell, *only[cell], nothing[cell]))
    return tuple(given)


def _tells(found: tuple[int, int], below: int) -> bool:
    low, high = found
    return low == high or 0 <= high < below


def _ranges(
    published: Publication, figures: Sequence[Ratio], attacker: Attacker, alone: Sequence[Integers] | None
) -> dict[int, tuple[int, int]]:
    statements = [each for figure in figures for each in figure.statements]
    found = audit(published, attacker, alone=alone, statements=statements)
    rows = zip(found.cells.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    return {cell: (low, high) for cell, low, high in rows}
