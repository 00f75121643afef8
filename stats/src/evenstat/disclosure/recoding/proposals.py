"""Proposals for coarser tables before suppression, each with its cost once it is protected."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.policies import Attacker, Guarantee, Policy
from evenstat.disclosure.recoding.changes import (
    CoarserLevel,
    DropTable,
    Recoding,
    RecodingChange,
    published_tables,
    recode,
)
from evenstat.disclosure.recoding.information import bits
from evenstat.disclosure.recoding.merging import merges
from evenstat.disclosure.suppression import Pattern, protect
from evenstat.disclosure.tables import Dimension, Layout, TrueCounts, layout
from evenstat.errors import CannotProtect

BUDGET = 150  # LPs solved for each proposal: enough to rank them
LIMIT = 24  # maximum number of proposals
BEST = 2  # single changes of each dimension that are combined with those of others


@dataclass(frozen=True, slots=True)
class RecodingCost:
    """What is lost. Do not publish: it is calculated from true counts.

    `cells`: figures in the recoded tables. `cells_lost`: figures that they no longer have. `suppressed` and `people`:
    what is suppressed in them. `bits_lost`: bits for each person, compared with the original tables without
    suppression. `kept`: the share of information that is kept.
    """

    cells: int
    cells_lost: int
    suppressed: int
    people: int
    bits_lost: float
    kept: float


@dataclass(frozen=True, eq=False)
class Proposal:
    """A recoding, the recoded tables, and their pattern. Do not publish."""

    recoding: Recoding
    shape: Layout
    pattern: Pattern
    cost: RecodingCost

    @property
    def words(self) -> str:
        return self.recoding.words


def proposals(
    shape: Layout,
    truth: TrueCounts,
    policy: Policy,
    *,
    ordered: Collection[str] = (),
    attacker: Attacker | None = None,
    guarantee: Guarantee | None = None,
    limit: int = LIMIT,
    budget: int = BUDGET,
    seed: int = 0,
) -> tuple[Proposal, ...]:
    """Ways to make the tables coarser, best first: those that keep most information once they are protected.

    Population: as for `protect`.

    Method: each coarser level of each dimension, and merges of its smallest categories (with neighbours if they are
        ordered; otherwise with siblings of the same group, or into one rest); then pairs of the best of these. Each is
        protected with a small budget. The remaining information is the entropy of the people over the shown figures,
        with suppressed cells as one, in bits, as a mean over the tables.

    Args:
        shape: the tables as requested.
        truth: the people, or tables that have the counts.
        policy: which counts are primary; `attacker` and `guarantee` replace those of the policy.
        ordered: the dimensions whose categories are ordered, in the given order.
        limit: the maximum number of proposals tried.
        budget: LPs solved for each; seed as for `protect`.

    Returns:
        Proposals, best first; among those that keep the same share, to a hundredth, the one with fewest suppressed
        cells. Those that cannot be protected are left out.

    Raises:
        UnknownPolicy: the policy rounds instead of suppressing.

    Limits: a proposal's pattern is preliminary; protect the chosen tables with a full budget. Prior releases are not
    taken
        into account: `successive_releases` does that for the chosen tables. Bits ignore the purpose of a figure.

    Source: Hundepool et al. 2012, https://doi.org/10.1002/9781118348239, on recoding and entropy as loss.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.tables import Records, flat, layout
    >>> grade = flat("grade", ["G1", "G2", "G3", "G4", "G5"])
    >>> people = Records({"grade": list(grade.categories)}, [2, 30, 40, 50, 3])
    >>> for proposal in proposals(layout([grade], [["grade"]]), people, policy("council_lt5"), ordered=["grade"]):
    ...     print(proposal.words, proposal.cost.suppressed, round(proposal.cost.kept, 2))
    grade with 'G1 to G2', 'G4 to G5' together 0 0.88
    grade with 'G1 to G2' together 2 0.88
    grade with 'G1 to G3', 'G4 to G5' together 0 0.55
    """
    whole = bits(truth.over(shape), np.zeros(len(shape), dtype=bool))

    def protected_proposal(changes: tuple[RecodingChange, ...]) -> Proposal | None:
        return _proposal(shape, truth, policy, Recoding(changes), whole, attacker, guarantee, budget, seed)

    single = [(change,) for change in changes(shape, truth, ordered)][:limit]
    safe = [proposal for proposal in map(protected_proposal, single) if proposal is not None]
    first = (proposal.recoding.changes[0] for proposal in sorted(safe, key=_better))
    pairs = _pairs([change for change in first if not isinstance(change, DropTable)])
    safe += [
        proposal for proposal in map(protected_proposal, pairs[: max(limit - len(single), 0)]) if proposal is not None
    ]
    return tuple(sorted(safe, key=_better))


def changes(shape: Layout, truth: TrueCounts, ordered: Collection[str] = ()) -> tuple[RecodingChange, ...]:
    """Every coarser level at which a table could stop, and merges of the codes that tables show."""
    possible: dict[RecodingChange, None] = {}
    for dimension in shape.dimensions:
        used = {level for table in published_tables(shape) for level in table if level in dimension.levels}
        for level in _finest(dimension, used):
            shown = dimension.down_to(level)
            possible |= {
                CoarserLevel(dimension.name, coarser): None
                for coarser in dimension.levels
                if dimension.down_to(coarser) < shown
            }
            one_way_layout = layout([dimension], [[level]])
            counts = truth.over(one_way_layout).counts
            people = {code: int(counts[one_way_layout.cell([code])]) for code in dimension.levels[level]}
            possible |= dict.fromkeys(merges(dimension, level, people, ordered=dimension.name in ordered))
    return tuple(possible)


def _pairs(best_first: Sequence[RecodingChange]) -> list[tuple[RecodingChange, ...]]:
    """The best changes of each dimension with those of others, the best pairs first."""
    chosen: list[RecodingChange] = []
    for change in best_first:
        if sum(other.dimension == change.dimension for other in chosen) < BEST:
            chosen.append(change)
    pairs = [(a, b) for a in range(len(chosen)) for b in range(a + 1, len(chosen))]
    pairs.sort(key=lambda pair: (sum(pair), pair))
    return [(chosen[a], chosen[b]) for a, b in pairs if chosen[a].dimension != chosen[b].dimension]


def _finest(dimension: Dimension, used: Collection[str]) -> list[str]:
    """The levels in use that have no finer level in use."""
    shown = {level: dimension.down_to(level) for level in sorted(used)}
    return [level for level in shown if not any(shown[level] < codes for codes in shown.values())]


def cost(shape: Layout, pattern: Pattern, whole: float) -> RecodingCost:
    """The cost of a recoding; `whole` is the information in the original tables without suppression, in bits."""
    loss, left = pattern.loss, bits(pattern.tables, pattern.suppressed)
    lost = int((~shape.unpublished).sum()) - loss.cells
    return RecodingCost(
        loss.cells, max(lost, 0), loss.suppressed, loss.people, whole - left, left / whole if whole else 1.0
    )


def _proposal(
    shape: Layout,
    truth: TrueCounts,
    policy: Policy,
    recoding: Recoding,
    whole: float,
    attacker: Attacker | None,
    guarantee: Guarantee | None,
    budget: int,
    seed: int,
) -> Proposal | None:
    recoded = recode(shape, recoding)
    try:
        pattern = protect(truth.over(recoded), policy, attacker=attacker, guarantee=guarantee, budget=budget, seed=seed)
    except CannotProtect:
        return None
    return Proposal(recoding, recoded, pattern, cost(shape, pattern, whole))


def _better(proposal: Proposal) -> tuple[float, int, int, str]:
    return (-round(proposal.cost.kept, 2), proposal.cost.suppressed, proposal.cost.cells_lost, proposal.words)
