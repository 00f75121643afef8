"""Proposals to make tables coarser before anything is hidden, each with what it costs once it is protected."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.hiding import Pattern, protect
from evenstat.disclosure.policies import Attacker, Guarantee, Policy
from evenstat.disclosure.recoding.changes import Change, Coarser, Drop, Recoding, published, recode
from evenstat.disclosure.recoding.information import bits
from evenstat.disclosure.recoding.merging import merges
from evenstat.disclosure.tables import Dimension, Layout, Truth, layout
from evenstat.errors import CannotProtect

BUDGET = 150  # programmes solved for each proposal: enough to tell them apart
LIMIT = 24  # proposals tried
BEST = 2  # single changes of each dimension, put together with those of others


@dataclass(frozen=True, slots=True)
class Cost:
    """What is lost. Never for the public: it is made of true counts.

    `cells` are figures that the tables have, `cells_lost` those that they no longer have, `hidden` and `people` what is
    hidden of them; `bits_lost` a person, of the tables as they were with nothing hidden, and `kept` the share left.
    """

    cells: int
    cells_lost: int
    hidden: int
    people: int
    bits_lost: float
    kept: float


@dataclass(frozen=True, eq=False)
class Proposal:
    """A recoding, the tables that it makes, and how they come out. Never for the public."""

    recoding: Recoding
    shape: Layout
    pattern: Pattern
    cost: Cost

    @property
    def words(self) -> str:
        return self.recoding.words


def proposals(
    shape: Layout,
    truth: Truth,
    policy: Policy,
    *,
    ordered: Collection[str] = (),
    attacker: Attacker | None = None,
    guarantee: Guarantee | None = None,
    limit: int = LIMIT,
    budget: int = BUDGET,
    seed: int = 0,
) -> tuple[Proposal, ...]:
    """Ways to make the tables coarser, best first: those that keep most of what the tables tell once they are safe.

    Population: as in `protect`.

    Method: each coarser level of each dimension, and merges of its smallest categories (with neighbours where they have
        an order; elsewhere with siblings of the same group, or into one rest); then pairs of the best of these. Each is
        protected with a small budget. What is left is told in bits: the entropy of the people over the figures shown,
        those hidden taken as one, mean of the tables.

    Args:
        shape: the tables as they were asked for.
        truth: the people, or tables that have the counts.
        policy: which counts are unsafe; `attacker` and `guarantee` replace what it says of readers.
        ordered: the dimensions whose categories stand in an order, as they were given.
        limit: how many are tried.
        budget: programmes solved for each; seed as in `protect`.

    Returns:
        Proposals, best first; of those that keep the same share, to a hundredth, the one that hides fewest figures.
        Those that can't be protected are left out.

    Raises:
        UnknownPolicy: the policy rounds instead of hiding.

    Limits: a proposal's pattern is a first one; protect the tables chosen with a full budget. What else is out is not
        taken into account: `successive` does that with the tables chosen. Bits know nothing of what a figure is for.

    Source: Hundepool et al. 2012, https://doi.org/10.1002/9781118348239, on recoding and entropy as loss.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.tables import Records, flat, layout
    >>> grade = flat("grade", ["G1", "G2", "G3", "G4", "G5"])
    >>> people = Records({"grade": list(grade.categories)}, [2, 30, 40, 50, 3])
    >>> for each in proposals(layout([grade], [["grade"]]), people, policy("council_lt5"), ordered=["grade"]):
    ...     print(each.words, each.cost.hidden, round(each.cost.kept, 2))
    grade with 'G1 to G2', 'G4 to G5' together 0 0.88
    grade with 'G1 to G2' together 2 0.88
    grade with 'G1 to G3', 'G4 to G5' together 0 0.55
    """
    whole = bits(truth.over(shape), np.zeros(len(shape), dtype=bool))

    def tried(changes: tuple[Change, ...]) -> Proposal | None:
        return _proposal(shape, truth, policy, Recoding(changes), whole, attacker, guarantee, budget, seed)

    single = [(each,) for each in changes(shape, truth, ordered)][:limit]
    found = [each for each in map(tried, single) if each is not None]
    first = (each.recoding.changes[0] for each in sorted(found, key=_better))
    pairs = _pairs([each for each in first if not isinstance(each, Drop)])
    found += [each for each in map(tried, pairs[: max(limit - len(single), 0)]) if each is not None]
    return tuple(sorted(found, key=_better))


def changes(shape: Layout, truth: Truth, ordered: Collection[str] = ()) -> tuple[Change, ...]:
    """Every coarser level that a table could stop at, and merges of the codes that tables show."""
    found: dict[Change, None] = {}
    for dimension in shape.dimensions:
        used = {level for table in published(shape) for level in table if level in dimension.levels}
        for level in _finest(dimension, used):
            shown = dimension.down_to(level)
            found |= {
                Coarser(dimension.name, each): None for each in dimension.levels if dimension.down_to(each) < shown
            }
            alone = layout([dimension], [[level]])
            counts = truth.over(alone).counts
            people = {code: int(counts[alone.cell([code])]) for code in dimension.levels[level]}
            found |= dict.fromkeys(merges(dimension, level, people, ordered=dimension.name in ordered))
    return tuple(found)


def _pairs(best_first: Sequence[Change]) -> list[tuple[Change, ...]]:
    """The best changes of each dimension with those of others, the best together first."""
    chosen: list[Change] = []
    for each in best_first:
        if sum(other.dimension == each.dimension for other in chosen) < BEST:
            chosen.append(each)
    pairs = [(a, b) for a in range(len(chosen)) for b in range(a + 1, len(chosen))]
    pairs.sort(key=lambda pair: (sum(pair), pair))
    return [(chosen[a], chosen[b]) for a, b in pairs if chosen[a].dimension != chosen[b].dimension]


def _finest(dimension: Dimension, used: Collection[str]) -> list[str]:
    """The levels in use below which no other is."""
    shown = {level: dimension.down_to(level) for level in sorted(used)}
    return [level for level in shown if not any(shown[level] < each for each in shown.values())]


def cost(shape: Layout, pattern: Pattern, whole: float) -> Cost:
    """What a recoding of the tables costs; `whole` is what these told with nothing hidden, in bits."""
    loss, left = pattern.loss, bits(pattern.tables, pattern.hidden)
    lost = int((~shape.behind).sum()) - loss.cells
    return Cost(loss.cells, max(lost, 0), loss.hidden, loss.people, whole - left, left / whole if whole else 1.0)


def _proposal(
    shape: Layout,
    truth: Truth,
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


def _better(each: Proposal) -> tuple[float, int, int, str]:
    return (-round(each.cost.kept, 2), each.cost.hidden, each.cost.cells_lost, each.words)
