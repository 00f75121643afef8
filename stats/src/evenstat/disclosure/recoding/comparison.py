"""Policies and recodings compared by their cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.recoding.changes import Recoding, recode
from evenstat.disclosure.recoding.information import bits
from evenstat.disclosure.recoding.proposals import BUDGET, RecodingCost, cost
from evenstat.disclosure.suppression import Pattern, protect
from evenstat.disclosure.tables import Layout, TrueCounts
from evenstat.errors import CannotProtect


@dataclass(frozen=True, eq=False)
class ComparisonRow:
    """One policy on one recoding. `refusal` says why there is no pattern, and so no cost."""

    policy: Policy
    recoding: Recoding
    shape: Layout
    pattern: Pattern | None
    cost: RecodingCost | None
    refusal: str = ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Do not publish. In the order of the policies, and of the recodings within each."""

    rows: tuple[ComparisonRow, ...]

    @property
    def best(self) -> ComparisonRow | None:
        """The row that keeps most information; the first one for ties."""
        usable = [row for row in self.rows if row.cost is not None]
        return max(usable, key=lambda row: row.cost.kept if row.cost else 0.0, default=None)


def compare(
    shape: Layout,
    truth: TrueCounts,
    policies: Sequence[Policy],
    recodings: Sequence[Recoding] = (),
    *,
    budget: int = BUDGET,
    seed: int = 0,
) -> Comparison:
    """What each policy would suppress of the tables as they are and of each recoding.

    Population: as for `protect`.

    Method: every policy on every recoding, protected with the same budget and seed; the costs are those of `proposals`.

    Args:
        shape: the tables as requested.
        truth: the people, or tables that have the counts.
        policies: policies that suppress.
        recodings: besides the tables as they are, which always come first.
        budget, seed: as for `protect`.

    Returns:
        Comparison, with one row for each pair.

    Raises:
        UnknownPolicy: a policy rounds instead of suppressing. InvalidInput: a recoding does not fit the tables.

    Limits: those of `proposals`; a policy with a lower threshold always costs less, which is no reason to choose it.

    Source: as for `proposals`.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.tables import Records, flat, layout
    >>> grade = flat("grade", ["G1", "G2", "G3"])
    >>> people = Records({"grade": list(grade.categories)}, [7, 30, 40])
    >>> comparison = compare(layout([grade], [["grade"]]), people, [policy("council_lt5"), policy("council_lt10")])
    >>> [(row.policy.id, row.cost.suppressed, round(row.cost.kept, 2)) for row in comparison.rows]
    [('council_lt5', 0, 1.0), ('council_lt10', 2, 0.75)]
    """
    whole = bits(truth.over(shape), np.zeros(len(shape), dtype=bool))
    all_recodings = dict.fromkeys((Recoding(), *recodings))
    shapes = {recoding: recode(shape, recoding) if recoding.changes else shape for recoding in all_recodings}
    rows = []
    for policy in policies:
        for recoding, recoded in shapes.items():
            try:
                pattern = protect(truth.over(recoded), policy, budget=budget, seed=seed)
                rows.append(ComparisonRow(policy, recoding, recoded, pattern, cost(shape, pattern, whole)))
            except CannotProtect as refusal:
                rows.append(ComparisonRow(policy, recoding, recoded, None, None, str(refusal)))
    return Comparison(tuple(rows))
