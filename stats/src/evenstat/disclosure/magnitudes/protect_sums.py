"""Protection of linked tables of amounts, by the same search that hides counts."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.hiding.protect import BUDGET, Pattern, chosen, known_to_people, never, refuse_both
from evenstat.disclosure.hiding.search import Problem, Progress, Search
from evenstat.disclosure.hiding.witnesses import Needs
from evenstat.disclosure.magnitudes.amounts import Amounts
from evenstat.disclosure.magnitudes.unsafe import rises, unsafe_sums
from evenstat.disclosure.policies import Attacker, Method, Policy
from evenstat.disclosure.tables import Flags, Integers, Publication, suppressed
from evenstat.errors import InvalidInput, UnknownPolicy

FINEST = 10**9  # the total in units of the search: as fine as its arithmetic bears


@dataclass(frozen=True, eq=False)
class AmountPattern:
    """Which sums are hidden. Never for the public: `publication` is.

    `rise` is how far above its true sum each unsafe one must seem possible. `stopped`: another run may differ.
    """

    amounts: Amounts
    policy: Policy
    attacker: Attacker
    unsafe: Flags
    rise: Integers
    hidden: Flags
    seed: int
    solves: int
    stopped: bool

    @property
    def publication(self) -> Publication:
        return suppressed(self.amounts.shape, self.amounts.sums, self.hidden, zeros_shown=False)

    def seen_by(self, contributor: Integers) -> Publication:
        """The publication as it is to whoever is alone in these cells, and so knows their sums."""
        hidden = self.hidden.copy()
        hidden[contributor] = False
        return suppressed(self.amounts.shape, self.amounts.sums, hidden, zeros_shown=False)

    @property
    def averages_shown(self) -> Flags:
        """Where an average, median, quantile or share of pay may stand: the sum is shown, and people enough are in it.

        An average beside a shown count is the sum, so that it follows the sums' pattern; the rest follows it too.
        """
        people, shape = self.amounts.contributors, self.amounts.shape
        enough = people >= max(self.policy.contributors, 1)
        return enough & ~self.hidden & ~shape.behind & ~self._counts_too_small

    @property
    def _counts_too_small(self) -> Flags:
        people = self.amounts.contributors
        return (people >= self.policy.hide_from) & (people <= self.policy.hide_to)


def protect_sums(
    amounts: Amounts,
    policy: Policy,
    *,
    counts: Pattern | None = None,
    attacker: Attacker | None = None,
    publish: Collection[int] = (),
    hide: Collection[int] = (),
    seed: int = 0,
    budget: int = BUDGET,
    stop: Callable[[], bool] = never,
    progress: Progress | None = None,
) -> AmountPattern:
    """Linked tables of sums with every unsafe one hidden, and with whatever would give one away.

    Population: people counted once each, with an amount that is not negative, those with nothing too.

    Method: a sum is unsafe with too few contributors, by the (n, k) rule or by the p% rule, where the policy has them.
        It is hidden, and others with it, until other amounts would publish the same, with the sum higher by what the
        rule lacks (by linear programming, as for counts). A sum that is hidden for the sake of others is only kept from
        being exact, to one part in 1,000,000,000 of the total.

    Args:
        amounts: sums, contributors and their largest contributions.
        policy: the rules; `attacker` replaces the reader that it names. C are contributors who are alone in a sum.
        counts: how the counts of the same people are published: where a count is hidden, so is its sum, because the
            usual amount of one person would give the count away.
        publish, hide, seed, budget, stop, progress: as for `protect`.

    Returns:
        AmountPattern. Sums that nobody contributes to are shown, unless the policy hides zeros.

    Raises:
        CannotProtect: cells to be published leave no room, or the search was stopped too early.
        UnknownPolicy: the policy rounds, or looks at more contributions than are kept. InvalidInput: the counts are of
        other people or other tables.

    Limits: readers know nothing of amounts but that they are not negative: who knows what a grade is paid knows more.
        Protection is upwards only. Several contributors who pool what they know are not withstood, nor is one with two
        records. Sums and counts are protected each on their own: their ratio, where both are hidden, is not tried.
        `audit` takes a cell of one for one person and not for their pay: for contributors who are alone, audit what is
        `seen_by` them, with attacker A.

    Source: Hundepool and others 2012, Statistical Disclosure Control, https://doi.org/10.1002/9781118348239, chapter 4,
        for the rules and what each asks for.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.magnitudes import amounts
    >>> from evenstat.disclosure.tables import flat, layout
    >>> grades = ["G1"] * 6 + ["G2"] * 3 + ["G3"] * 6 + ["G4"] * 7
    >>> shape = layout([flat("grade", ["G1", "G2", "G3", "G4"])], [["grade"]])
    >>> pay = amounts(shape, {"grade": grades}, [20_000_00] * 6 + [30_000_00] * 3 + [40_000_00] * 6 + [50_000_00] * 7)
    >>> found = protect_sums(pay, policy("council_lt5"))
    >>> [shape.named(int(cell)) for cell in found.hidden.nonzero()[0]]
    ['G1', 'G2']
    """
    if policy.method is not Method.HIDE:
        raise UnknownPolicy(f"Policy {policy.id!r} rounds counts and says nothing of sums: use one that hides.")
    attacker = attacker or policy.withstands
    shape = amounts.shape
    forced, shown = chosen(shape, hide), chosen(shape, publish)
    if counts is not None:
        _refuse_others(amounts, counts)
        forced = forced | counts.hidden
    refuse_both(shape, shown, forced)
    rule = unsafe_sums(amounts, policy) & ~shown
    rise = np.where(rule, rises(amounts, policy), 0)
    unsafe = rule | forced
    found = Search(_problem(amounts, policy, attacker, unsafe, shown, rise), seed, budget, stop, progress).best()
    return AmountPattern(amounts, policy, attacker, rule, rise, found.hidden, seed, found.solves, found.stopped)


def _problem(
    amounts: Amounts, policy: Policy, attacker: Attacker, unsafe: Flags, shown: Flags, rise: Integers
) -> Problem:
    """In units coarse enough for the solver; each bound is rounded to the safe side."""
    shape, size = amounts.shape, len(amounts.shape)
    unit = max(int(amounts.sums.max(initial=0)) // FINEST, 1)
    nobody = (amounts.contributors == 0) & ~unsafe & ~shape.behind
    stays = shown | (nobody if policy.zeros_shown else np.zeros(size, dtype=bool))
    known = known_to_people(amounts.people, ~stays) if attacker is Attacker.C else ()
    least = np.zeros(size, dtype=np.int64)
    needs = Needs(known, -(-rise // unit))
    return Problem(shape, amounts.sums // unit, unsafe, stays, np.ones(size), needs, least, divisible=True)


def _refuse_others(amounts: Amounts, counts: Pattern) -> None:
    theirs = counts.tables
    if not np.array_equal(theirs.shape.codes, amounts.shape.codes) or theirs.shape.names != amounts.shape.names:
        raise InvalidInput("The counts are of other tables than the sums: give both over the same cells.")
    differ = np.flatnonzero(theirs.counts != amounts.contributors)
    if len(differ):
        cell = int(differ[0])
        raise InvalidInput(
            f"{amounts.shape.named(cell)} counts {theirs.counts[cell]} people and {amounts.contributors[cell]}"
            " contributors: give the counts of those who contribute, those with nothing too."
        )
