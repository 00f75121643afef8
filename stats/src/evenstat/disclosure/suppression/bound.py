"""A proven lower bound on the loss of any safe pattern."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from evenstat.disclosure.policies import Attacker, Guarantee, Method, Policy
from evenstat.disclosure.suppression.master_problem import MasterProblem, MasterSolution
from evenstat.disclosure.suppression.neighbours import Neighbours
from evenstat.disclosure.suppression.protect import Weight, cell_flags, suppression_problem, weights
from evenstat.disclosure.suppression.search import SuppressionProblem
from evenstat.disclosure.suppression.separation import MIN_VIOLATION, SeparationProblem
from evenstat.disclosure.tables import Integers, LinkedTables
from evenstat.errors import CannotProtect, UnknownPolicy

LP_BUDGET = 20_000  # LPs solved by default
MAX_NODES = 500  # of branch and bound for the master problem
FRACTIONAL = 1e-4


@dataclass(frozen=True, slots=True)
class LowerBound:
    """Every safe pattern suppresses the `primary` cells and secondary cells with a total weight of at least
    `secondary`.

    `suppressed` is the minimum number of suppressed cells if every cell weighs 1, and None for other weights.
    `proven_best`: a pattern with exactly this loss is safe against fractional attackers, so this method cannot improve
    the bound. `cuts` counts the cuts generated and `solves` the LPs solved.
    """

    primary: int
    secondary: float
    suppressed: int | None
    proven_best: bool
    cuts: int
    solves: int


def lower_bound(
    tables: LinkedTables,
    policy: Policy,
    *,
    attacker: Attacker | None = None,
    guarantee: Guarantee | None = None,
    weight: Weight = Weight.CELLS,
    publish: Collection[int] = (),
    suppress: Collection[int] = (),
    budget: int = LP_BUDGET,
) -> LowerBound:
    """A proven lower bound on the loss of any safe pattern.

    Population: people counted once each in the inner cells; the tables show sums of these.

    Method: cutting planes. A master problem chooses the suppressed cells with the smallest loss that satisfy all cuts
        so far, first as an LP relaxation, then as a MILP. For each suppressed cell and attacker an LP (the separation
        problem) finds whether the cell is protected; if not, its duals give a new cut. Every cut holds for every safe
        pattern, so the bound is never too high.

    Args:
        tables, policy, attacker, guarantee, weight, publish, suppress: as for `protect`.
        budget: LPs solved, not counting branch and bound; the same budget gives the same bound.

    Returns:
        A LowerBound. Compare `suppressed` with the number of suppressed cells of a pattern, or `secondary` with the
        weight of its secondary cells.

    Raises:
        CannotProtect: a primary cell can be derived from cells that must be published. UnknownPolicy: the policy
        rounds.

    Limits: attackers may consider fractional counts, so the best pattern may lose more than the bound. For large tables
        the budget may end before the bound is the best that this method can give; it is still valid.

    Source: Fischetti and Salazar 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805, for cuts from duals.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.tables import flat, from_records, layout
    >>> grade, sex = flat("grade", ["G1", "G2", "G3"]), flat("sex", ["F", "M"])
    >>> records = {"grade": ["G1", "G1", "G2", "G2", "G3", "G3"], "sex": ["F", "M"] * 3}
    >>> tables = from_records(layout([grade, sex], [["grade", "sex"]]), records, [3, 20, 30, 25, 40, 9])
    >>> lower_bound(tables, policy("council_lt5")).suppressed
    4
    """
    if policy.method is not Method.SUPPRESS:
        raise UnknownPolicy(f"Policy {policy.id!r} rounds and does not suppress: there is no loss to bound.")
    against, required = attacker or policy.attacker, guarantee or policy.guarantee
    problem = suppression_problem(
        tables, policy, against, required, weight, cell_flags(tables.shape, publish), cell_flags(tables.shape, suppress)
    )
    return _CuttingPlanes(replace(problem, weight=weights(tables.counts, weight)), budget).solve(weight)


@dataclass(eq=False)
class _CuttingPlanes:
    problem: SuppressionProblem
    budget: int
    _nearby: dict[int, list[Integers]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = self.problem
        self._separation = SeparationProblem(problem)
        self._master = MasterProblem(
            problem.primary, ~problem.must_publish & ~problem.shape.unpublished, problem.weight
        )
        self._neighbours = Neighbours(problem.shape)

    def solve(self, weight: Weight) -> LowerBound:
        loss, proven_best = 0.0, False
        for integer, all_singletons in ((False, False), (True, False), (True, True)):
            if integer and self._separation.solves >= self.budget:
                break  # branch and bound is slow with so many cuts and improves little
            solution = self._solve_master(integer)
            loss = max(loss, solution.loss)
            while solution.optimal and self._add_violated_cuts(solution, all_singletons):
                solution = self._solve_master(integer)
                loss = max(loss, solution.loss)
            proven_best = solution.optimal and self._separation.solves < self.budget
        secondary_loss, primary_count = self._master.rounded_up(loss), int(self.problem.primary.sum())
        suppressed_count = primary_count + round(secondary_loss) if weight is Weight.CELLS else None
        return LowerBound(
            primary_count, secondary_loss, suppressed_count, proven_best, self._master.cuts, self._separation.solves
        )

    def _solve_master(self, integer: bool) -> MasterSolution:
        return self._master.solve_integer(MAX_NODES) if integer else self._master.solve_relaxation()

    def _add_violated_cuts(self, solution: MasterSolution, all_singletons: bool) -> int:
        """Add at most one violated cut for each cell. Attackers who know more are tried after the outsider is
        satisfied.
        """
        added = 0
        self._separation.set_pattern(solution.suppressed)
        for cell in np.flatnonzero(solution.suppressed > FRACTIONAL).tolist():
            for upper_protection, known_cells in self._attackers_of(cell, all_singletons):
                if self._separation.solves >= self.budget:
                    return added
                cut = self._separation.violated_cut(cell, upper_protection, known_cells)
                if cut is None:
                    continue
                if self.problem.primary[cell] and not len(cut.cells):
                    raise CannotProtect(
                        f"{self.problem.shape.named(cell)} can be derived from cells that must be published."
                    )
                if cut.violation(solution.suppressed) > MIN_VIOLATION and self._master.add(cut):
                    added += 1
                    break
        return added

    def _attackers_of(self, cell: int, all_singletons: bool) -> Iterator[tuple[float, Sequence[int]]]:
        yield float(self.problem.requirements.upper_protection[cell]), ()
        for known_cells in self.problem.requirements.known_cells if all_singletons else self._nearby_singletons(cell):
            yield 0.0, known_cells.tolist()

    def _nearby_singletons(self, cell: int) -> list[Integers]:
        if cell not in self._nearby:
            shared = self._neighbours.shared_sums(cell)
            self._nearby[cell] = [
                known_cells for known_cells in self.problem.requirements.known_cells if shared[known_cells].any()
            ]
        return self._nearby[cell]
