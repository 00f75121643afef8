"""What the new year hides so that last year's figures tell of nobody: both years protected as one release."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from evenstat.disclosure.hiding import protect
from evenstat.disclosure.policies import Policy
from evenstat.disclosure.successive.answers import Next, numbers
from evenstat.disclosure.successive.asked import LastYear, Options
from evenstat.disclosure.successive.out import Standing
from evenstat.disclosure.successive.parts import MOVED, Part, Ranges, TwoYears
from evenstat.disclosure.tables import Flags, Integers, LinkedTables, Truth
from evenstat.errors import CannotProtect


def hidden_for_last_year(
    stands: Standing, answer: Next, last_year: LastYear, truth: Truth, options: Options
) -> set[int]:
    """Cells of what is out and new, as `stands` numbers them; none where what is out already leaves no way.

    Last year is out and fixed. Who left and who joined are cells that nobody printed: what a reader knows of them is
    fixed as well, and what nobody may learn is kept as a hidden figure is.
    """
    years = TwoYears(last_year.publication, answer.joint, last_year.moves)
    here = years.here
    now = truth.over(years.shape)
    visible, fixed, kept = (np.zeros((len(years.shape), len(Part)), dtype=bool) for _ in range(3))
    counts, doubtful = _counts(years, now.counts), _doubtful(years, last_year.about)
    fixed[:, Part.NOBODY] = True
    for part in MOVED:
        fixed[:, part] = ~doubtful
        kept[:, part] = doubtful & (counts[:, part] > 0)
    for part in (Part.LAST, Part.THIS):
        visible[:, part] = years.printed[part] | years.hidden[part]
    fixed[:, Part.LAST], kept[:, Part.LAST] = years.printed[Part.LAST], years.hidden[Part.LAST]
    own = here >= 0
    fixed[own, Part.THIS] = (stands.printed | stands.given_away)[here[own]]
    kept[own, Part.THIS] = stands.kept[here[own]]
    lost = _lost(stands, years, last_year, doubtful, answer.pattern.policy) & kept
    fixed |= lost
    shape = replace(years.layout, behind=~visible.ravel())
    alone = tuple(each * len(Part) + Part.THIS for each in now.alone)
    try:
        pattern = protect(
            LinkedTables(shape, counts.ravel(), alone),
            answer.pattern.policy,
            attacker=answer.pattern.attacker,
            guarantee=answer.pattern.guarantee,
            weight=options.weight,
            publish=numbers(fixed.ravel()),
            hide=numbers((kept & ~fixed).ravel()),
            seed=options.seed,
            budget=options.budget,
            stop=options.stop,
        )
    except CannotProtect:
        return set()
    hidden: Flags = pattern.hidden.reshape(-1, len(Part))[:, Part.THIS]
    return set(here[hidden & own].tolist())


def _lost(stands: Standing, years: TwoYears, last_year: LastYear, doubtful: Flags, policy: Policy) -> Flags:
    """What follows even if nothing of the new tables is shown but what must be: nothing keeps it."""
    counts = stands.tables.counts[stands.places]
    most = (counts > 0) & ~stands.printed[stands.places] & ~stands.new.behind
    barest = TwoYears(last_year.publication, stands.with_new(stands.publication(most, policy)), last_year.moves)
    unknown = {}
    for part in MOVED:
        people = years.moved_in(part)
        wider = [people[years.without(axis)] for axis in _axes(years, last_year.about)]
        unknown[part] = Ranges(np.where(doubtful, 0, people), np.where(doubtful, np.min(wider, axis=0), people))
    deduced = barest.deduced(unknown)
    return np.stack([deduced[part].low == deduced[part].high for part in Part], axis=1)


def _axes(years: TwoYears, about: Collection[str]) -> list[int]:
    return [axis for axis, each in enumerate(years.shape.dimensions) if not about or each.name in about]


def _counts(years: TwoYears, now: Integers) -> Integers:
    """How many are in each cell, a column a part; nobody in the first."""
    joined, left = years.moved_in(Part.JOINED), years.moved_in(Part.LEFT)
    counts = np.zeros((len(now), len(Part)), dtype=np.int64)
    counts[:, Part.THIS], counts[:, Part.STAYED] = now, now - joined
    counts[:, Part.LAST], counts[:, Part.LEFT], counts[:, Part.JOINED] = now - joined + left, left, joined
    return counts


def _doubtful(years: TwoYears, about: Collection[str]) -> Flags:
    """Cells that say what nobody may learn of who left or joined."""
    doubtful = np.zeros(len(years.shape), dtype=bool)
    for axis in _axes(years, about):
        doubtful |= years.shape.codes[:, axis] > 0
    return doubtful
