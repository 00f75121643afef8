"""Rounding and noise: tables whose every printed figure stands for several counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.policies import Attacker, Method, Policy, Remedy
from evenstat.disclosure.rounding.adding_up import to_add_up
from evenstat.disclosure.rounding.exposed import Exposed, exposed
from evenstat.disclosure.rounding.keys import moved_by_keys
from evenstat.disclosure.rounding.nearest import to_nearest
from evenstat.disclosure.rounding.printed import Printed, unlimited
from evenstat.disclosure.rounding.small import small_rounded
from evenstat.disclosure.tables import Flags, Integers, LinkedTables, Publication, Records
from evenstat.errors import CannotProtect, InvalidInput, UnknownPolicy
from evenstat.estimates import CONFIDENTIAL, LOW, Hidden


@dataclass(frozen=True, eq=False)
class Rounded:
    """Tables as printed. Never for the public whole: `values` and `publication` are.

    `figures` are the printed numbers, which say nothing of cells that are `marked` (printed as a mark, such as "fewer
    than 5") or `withheld` (not printed, because figures together gave a count away). `exact`: cells whose count some
    reader works out all the same, where the policy only reports it. `proven`: where counts add up, none were nearer.
    """

    tables: LinkedTables
    policy: Policy
    attacker: Attacker
    figures: Integers
    low: Integers
    high: Integers
    marked: Flags
    withheld: Flags
    exact: Integers
    zeros_shown: bool
    proven: bool

    @property
    def values(self) -> tuple[int | Hidden, ...]:
        """What stands in each published cell; of cells behind the tables, that it is confidential."""
        hidden = self.withheld | self.tables.shape.behind
        return tuple(
            CONFIDENTIAL if out else LOW if mark else int(figure)
            for figure, mark, out in zip(self.figures.tolist(), self.marked, hidden, strict=True)
        )

    @property
    def publication(self) -> Publication:
        """What a reader may conclude from each figure alone."""
        return Publication(self.tables.shape, self.low, self.high, self.withheld.copy(), self.zeros_shown)

    @property
    def distance(self) -> int:
        """The farthest that a printed number is from its true count."""
        return int(np.abs(self.figures - self.tables.counts)[self.in_numbers].max(initial=0))

    @property
    def adds_up(self) -> bool:
        """Whether every printed whole is the sum of its parts, where all of them are numbers."""
        here = self.in_numbers
        return all(
            self.figures[parts].sum() == self.figures[whole]
            for whole, parts in self.tables.shape.sums()
            if here[whole] and here[parts].all()
        )

    @property
    def in_numbers(self) -> Flags:
        """The cells that are printed as a number."""
        return ~(self.marked | self.withheld | self.tables.shape.behind)


def rounded(
    tables: LinkedTables,
    policy: Policy,
    *,
    attacker: Attacker | None = None,
    records: Records | None = None,
    keys: Sequence[int] | None = None,
    seed: int = 0,
) -> Rounded:
    """Linked tables with every count rounded or moved as the policy says, and what a reader may conclude from them.

    Population: people counted once each in the inner cells; the tables show sums of these.

    Method: by the policy's method. `round`: each count to the nearest multiple of the base. `round_to_add_up`: to a
        multiple beside it, so that all sums hold, at the least distance within 1 in 100 (a whole-number programme,
        HiGHS). `round_small`: small inner counts to 0 or the base by a search for sums near the truth, the rest added
        up. `cell_key`: noise of greatest entropy with the policy's variance, drawn by the sum of the keys of the
        people in a cell. Then every count that all figures together give away to a reader is found by linear
        programming, and the policy's remedy taken: the fewest figures that the programme finds are withheld.

    Args:
        tables: the true counts.
        policy: how to round; `attacker` replaces the reader that it names.
        records: the people, for `round_small` and `cell_key`.
        keys: for `cell_key`, one for each record: see `record_keys`.
        seed: for `round_small`, which of equal choices is taken.

    Returns:
        Rounded. The same input gives the same output.

    Raises:
        UnknownPolicy: the policy hides instead. InvalidInput: records or keys are missing, or are of other people.
        CannotProtect: no multiples add up within the policy's distance, or figures together give a count away and the
        policy refuses that.

    Limits: how the noise or the multiples were chosen is taken to tell a reader nothing, as is who would be where in
        another year: release the same people again with the same keys. A true zero stays 0. Several people who pool
        what they know are not withstood. Shares beside rounded counts are to be worked out from what is printed.

    Source: Salazar-González 2006, Controlled rounding and cell perturbation, Mathematical Programming; Langsrud and
        Heldal 2018, An algorithm for small count rounding of tabular data, Privacy in Statistical Databases; for cell
        keys https://sdctools.github.io/HandbookSDC/05-frequency-tables.html, section 5.4.

    >>> from evenstat.disclosure.policies import policy
    >>> from evenstat.disclosure.tables import flat, from_records, layout
    >>> shape = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    >>> tables = from_records(shape, {"grade": ["G1", "G2", "G3"]}, [3, 6, 38])
    >>> [str(each) for each in rounded(tables, policy("ofqual")).values]
    ['45', '[low]', '5', '40']
    """
    if policy.method is Method.HIDE:
        raise UnknownPolicy(f"Policy {policy.id!r} hides and rounds nothing: use `protect` with it.")
    attacker = attacker or policy.withstands
    printed, proven = _printed(tables, policy, records, keys, seed)
    unseen = tables.shape.behind
    known = tables.alone if attacker is Attacker.C else ()
    mend = policy.if_exact is Remedy.WITHHOLD
    found = exposed(tables.shape, tables.counts, printed, known, mend=mend)
    if len(found.exact) and policy.if_exact is Remedy.REFUSE:
        raise CannotProtect(_given_away(tables, found))
    hidden = found.withheld | unseen
    return Rounded(
        tables,
        policy,
        attacker,
        printed.values,
        np.where(hidden, 0, printed.low),
        np.where(hidden, unlimited(printed.high), printed.high),
        printed.marked & ~hidden,
        found.withheld,
        found.exact,
        printed.zeros_known,
        proven,
    )


def _printed(
    tables: LinkedTables, policy: Policy, records: Records | None, keys: Sequence[int] | None, seed: int
) -> tuple[Printed, bool]:
    shape, counts = tables.shape, tables.counts
    if policy.method is Method.ROUND:
        return to_nearest(counts, policy), True
    if policy.method is Method.ROUND_TO_ADD_UP:
        found = to_add_up(shape, counts, policy)
        return found.printed, found.proven
    if records is None or (policy.method is Method.CELL_KEY and keys is None):
        missing = "records of people" if records is None else "a key for each record"
        raise InvalidInput(f"Policy {policy.id!r} starts from the people behind the counts: give {missing}.")
    if not np.array_equal(records.over(shape).counts, counts):
        raise InvalidInput("The records add up to other counts than the tables: give those that the tables are of.")
    if policy.method is Method.ROUND_SMALL:
        return small_rounded(shape, counts, records, policy, seed), False
    return moved_by_keys(shape, counts, records, keys or (), policy), False


def _given_away(tables: LinkedTables, found: Exposed) -> str:
    names = ", ".join(tables.shape.named(int(cell)) for cell in found.exact[:5])
    more = f" and {len(found.exact) - 5} more" if len(found.exact) > 5 else ""
    return (
        f"The rounded figures together give {names}{more} away: withhold figures (if_exact), take a policy with a"
        " larger base, or publish fewer tables together."
    )
