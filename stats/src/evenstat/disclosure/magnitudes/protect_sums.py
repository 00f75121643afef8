"""Protection of linked magnitude tables, with the same search as for counts."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.magnitudes.amounts import Amounts
from evenstat.disclosure.magnitudes.primary import primary_sums, upper_protection_levels
from evenstat.disclosure.policies import Attacker, Method, Policy
from evenstat.disclosure.suppression.perturbation_pool import ProtectionRequirements
from evenstat.disclosure.suppression.protect import (
    BUDGET,
    Pattern,
    cell_flags,
    known_to_singletons,
    never_stop,
    refuse_contradiction,
)
from evenstat.disclosure.suppression.search import PatternSearch, ProgressCallback, SuppressionProblem
from evenstat.disclosure.tables import Flags, Integers, Publication, suppress_cells
from evenstat.errors import InvalidInput, UnknownPolicy

MAX_UNITS = 10**9  # the total in units of the search: the limit of its arithmetic


@dataclass(frozen=True, eq=False)
class AmountPattern:
    """Which sums are suppressed. Do not publish: publish `publication`.

    `upper_protection` is how far above its true value each primary sum must seem possible. `stopped`: another run may
    differ.
    """

    amounts: Amounts
    policy: Policy
    attacker: Attacker
    primary: Flags
    upper_protection: Integers
    suppressed: Flags
    seed: int
    solves: int
    stopped: bool

    @property
    def publication(self) -> Publication:
        return suppress_cells(self.amounts.shape, self.amounts.sums, self.suppressed, zeros_shown=False)

    def seen_by(self, contributor: Integers) -> Publication:
        """The publication as seen by a contributor who is the only one in these cells, and so knows their sums."""
        suppressed = self.suppressed.copy()
        suppressed[contributor] = False
        return suppress_cells(self.amounts.shape, self.amounts.sums, suppressed, zeros_shown=False)

    @property
    def averages_shown(self) -> Flags:
        """Where an average, median, quantile or share of pay may be shown: the sum is shown, and it has enough
        contributors.

        An average with a shown count reveals the sum, so averages follow the pattern of the sums, and so do the other
        figures.
        """
        people, shape = self.amounts.contributors, self.amounts.shape
        enough = people >= max(self.policy.contributors, 1)
        return enough & ~self.suppressed & ~shape.unpublished & ~self._counts_too_small

    @property
    def _counts_too_small(self) -> Flags:
        people = self.amounts.contributors
        return (people >= self.policy.suppress_from) & (people <= self.policy.threshold)


def protect_sums(
    amounts: Amounts,
    policy: Policy,
    *,
    counts: Pattern | None = None,
    attacker: Attacker | None = None,
    publish: Collection[int] = (),
    suppress: Collection[int] = (),
    seed: int = 0,
    budget: int = BUDGET,
    stop: Callable[[], bool] = never_stop,
    progress: ProgressCallback | None = None,
) -> AmountPattern:
    """Linked tables of sums with every primary sum suppressed and with secondary suppressions.

    Population: people counted once each, with an amount that is not negative, including 0.

    Method: a sum is primary if it has too few contributors, or by the (n, k) rule or the p% rule, if the policy has
        them. It is suppressed, with others, until other amounts would be published in the same way with the sum higher
        by what the rule requires (by linear programming, as for counts). Secondary suppressions are only protected from
        exact disclosure, to one part in 1,000,000,000 of the total.

    Args:
        amounts: sums, contributors and their largest contributions.
        policy: the rules; `attacker` replaces that of the policy. SINGLETON attackers are the only contributors to a
        sum.
        counts: how the counts of the same people are published: if a count is suppressed, so is its sum, because a
            typical amount for one person would reveal the count.
        publish, suppress, seed, budget, stop, progress: as for `protect`.

    Returns:
        AmountPattern. Sums without contributors are shown unless the policy suppresses zeros.

    Raises:
        CannotProtect: the cells to be published leave no safe pattern, or the search was stopped too early.
        UnknownPolicy: the policy rounds, or uses more contributions than are kept. InvalidInput: the counts are about
        other people or tables.

    Limits: attackers are assumed to know only that amounts are not negative; one who knows the pay of a grade knows
        more. Only upward protection. It does not protect against contributors who pool what they know, or one with two
        records. Sums and counts are protected separately; their ratio, if both are suppressed, is not tried. `audit`
        knows that a
        cell contains one person but not their pay: for singleton contributors, audit what is `seen_by` them with a
        NON_NEGATIVE attacker.

    Source: Hundepool and others 2012, Statistical Disclosure Control, https://doi.org/10.1002/9781118348239, chapter 4,
        for the rules and what they require.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.magnitudes import amounts
    >>> from evenstat.disclosure.tables import flat, layout
    >>> grades = ["G1"] * 6 + ["G2"] * 3 + ["G3"] * 6 + ["G4"] * 7
    >>> shape = layout([flat("grade", ["G1", "G2", "G3", "G4"])], [["grade"]])
    >>> pay = amounts(shape, {"grade": grades}, [20_000_00] * 6 + [30_000_00] * 3 + [40_000_00] * 6 + [50_000_00] * 7)
    >>> pattern = protect_sums(pay, policy("council_lt5"))
    >>> [shape.named(int(cell)) for cell in pattern.suppressed.nonzero()[0]]
    ['G1', 'G2']
    """
    if policy.method is not Method.SUPPRESS:
        raise UnknownPolicy(f"Policy {policy.id!r} rounds counts and has no rule for sums. Use one that suppresses.")
    attacker = attacker or policy.attacker
    shape = amounts.shape
    forced, shown = cell_flags(shape, suppress), cell_flags(shape, publish)
    if counts is not None:
        _refuse_mismatch(amounts, counts)
        forced = forced | counts.suppressed
    refuse_contradiction(shape, shown, forced)
    by_policy = primary_sums(amounts, policy) & ~shown
    upper_protection = np.where(by_policy, upper_protection_levels(amounts, policy), 0)
    primary = by_policy | forced
    result = PatternSearch(
        _problem(amounts, policy, attacker, primary, shown, upper_protection), seed, budget, stop, progress
    ).run()
    return AmountPattern(
        amounts, policy, attacker, by_policy, upper_protection, result.suppressed, seed, result.solves, result.stopped
    )


def _problem(
    amounts: Amounts, policy: Policy, attacker: Attacker, primary: Flags, shown: Flags, upper_protection: Integers
) -> SuppressionProblem:
    """In units coarse enough for the solver; bounds are rounded to the safe side."""
    shape, size = amounts.shape, len(amounts.shape)
    unit = max(int(amounts.sums.max(initial=0)) // MAX_UNITS, 1)
    nobody = (amounts.contributors == 0) & ~primary & ~shape.unpublished
    must_publish = shown | (nobody if policy.zeros_shown else np.zeros(size, dtype=bool))
    known = known_to_singletons(amounts.people, ~must_publish) if attacker is Attacker.SINGLETON else ()
    lower_bound = np.zeros(size, dtype=np.int64)
    needs = ProtectionRequirements(known, -(-upper_protection // unit))
    return SuppressionProblem(
        shape, amounts.sums // unit, primary, must_publish, np.ones(size), needs, lower_bound, divisible=True
    )


def _refuse_mismatch(amounts: Amounts, counts: Pattern) -> None:
    theirs = counts.tables
    if not np.array_equal(theirs.shape.codes, amounts.shape.codes) or theirs.shape.names != amounts.shape.names:
        raise InvalidInput("The counts and the sums are of different tables. Give both over the same cells.")
    differ = np.flatnonzero(theirs.counts != amounts.contributors)
    if len(differ):
        cell = int(differ[0])
        raise InvalidInput(
            f"{amounts.shape.named(cell)} counts {theirs.counts[cell]} people and {amounts.contributors[cell]}"
            " contributors. Give the counts of all contributors, including those with an amount of 0."
        )
