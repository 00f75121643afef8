"""Suppressions of the new year that protect movers from the previous year's figures: both years protected as one
release.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.successive_releases.context import ReleaseContext
from evenstat.disclosure.successive_releases.decisions import PublishableTables, cell_numbers
from evenstat.disclosure.successive_releases.options import PreviousYear, SearchOptions
from evenstat.disclosure.successive_releases.two_years import MOVED, GroupRanges, TwoYears, YearPart
from evenstat.disclosure.suppression import protect
from evenstat.disclosure.tables import Flags, Integers, LinkedTables, TrueCounts
from evenstat.errors import CannotProtect


def cells_protecting_previous_year(
    context: ReleaseContext,
    answer: PublishableTables,
    previous_year: PreviousYear,
    truth: TrueCounts,
    options: SearchOptions,
) -> set[int]:
    """Cells of prior releases and new tables, as numbered by `context`; none if prior releases leave no way.

    The previous year is published and fixed. Those who left and joined are unpublished cells: what an attacker knows
    about them is fixed as well, and what nobody may learn is protected like a suppressed figure.
    """
    years = TwoYears(previous_year.publication, answer.joint, previous_year.moves)
    new_year_number = years.new_year_number
    now = truth.over(years.shape)
    visible, fixed, must_protect = (np.zeros((len(years.shape), len(YearPart)), dtype=bool) for _ in range(3))
    counts, sensitive = _counts(years, now.counts), _sensitive_cells(years, previous_year.about)
    fixed[:, YearPart.NOBODY] = True
    for part in MOVED:
        fixed[:, part] = ~sensitive
        must_protect[:, part] = sensitive & (counts[:, part] > 0)
    for part in (YearPart.LAST, YearPart.THIS):
        visible[:, part] = years.printed[part] | years.suppressed[part]
    fixed[:, YearPart.LAST], must_protect[:, YearPart.LAST] = (
        years.printed[YearPart.LAST],
        years.suppressed[YearPart.LAST],
    )
    own = new_year_number >= 0
    fixed[own, YearPart.THIS] = (context.printed | context.disclosed)[new_year_number[own]]
    must_protect[own, YearPart.THIS] = context.must_protect[new_year_number[own]]
    unprotectable = _unprotectable(context, years, previous_year, sensitive, answer.pattern.policy) & must_protect
    fixed |= unprotectable
    shape = replace(years.layout, unpublished=~visible.ravel())
    singletons = tuple(cells * len(YearPart) + YearPart.THIS for cells in now.singletons)
    try:
        pattern = protect(
            LinkedTables(shape, counts.ravel(), singletons),
            answer.pattern.policy,
            attacker=answer.pattern.attacker,
            guarantee=answer.pattern.guarantee,
            weight=options.weight,
            publish=cell_numbers(fixed.ravel()),
            suppress=cell_numbers((must_protect & ~fixed).ravel()),
            seed=options.seed,
            budget=options.budget,
            stop=options.stop,
        )
    except CannotProtect:
        return set()
    suppressed: Flags = pattern.suppressed.reshape(-1, len(YearPart))[:, YearPart.THIS]
    return set(new_year_number[suppressed & own].tolist())


def _unprotectable(
    context: ReleaseContext, years: TwoYears, previous_year: PreviousYear, sensitive: Flags, policy: Policy
) -> Flags:
    """Cells that can be derived even if only the figures that must be shown are shown: nothing can protect them."""
    counts = context.tables.counts[context.places]
    all_suppressed = (counts > 0) & ~context.printed[context.places] & ~context.new.unpublished
    minimal = TwoYears(
        previous_year.publication, context.with_new(context.publication(all_suppressed, policy)), previous_year.moves
    )
    unknown = {}
    for part in MOVED:
        people = years.moved_in(part)
        wider = [people[years.total_over_axis(axis)] for axis in _axes(years, previous_year.about)]
        unknown[part] = GroupRanges(np.where(sensitive, 0, people), np.where(sensitive, np.min(wider, axis=0), people))
    deduced = minimal.deduced(unknown)
    return np.stack([deduced[part].low == deduced[part].high for part in YearPart], axis=1)


def _axes(years: TwoYears, about: Collection[str]) -> list[int]:
    return [axis for axis, dimension in enumerate(years.shape.dimensions) if not about or dimension.name in about]


def _counts(years: TwoYears, now: Integers) -> Integers:
    """The number of people in each cell, one column for each part; nobody in the first."""
    joined, left = years.moved_in(YearPart.JOINED), years.moved_in(YearPart.LEFT)
    counts = np.zeros((len(now), len(YearPart)), dtype=np.int64)
    counts[:, YearPart.THIS], counts[:, YearPart.STAYED] = now, now - joined
    counts[:, YearPart.LAST], counts[:, YearPart.LEFT], counts[:, YearPart.JOINED] = now - joined + left, left, joined
    return counts


def _sensitive_cells(years: TwoYears, about: Collection[str]) -> Flags:
    """Cells that reveal what nobody may learn about people who left or joined."""
    sensitive = np.zeros(len(years.shape), dtype=bool)
    for axis in _axes(years, about):
        sensitive |= years.shape.codes[:, axis] > 0
    return sensitive
