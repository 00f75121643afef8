"""Rounding and noise: tables in which every published figure can stand for several counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.policies import Attacker, Method, Policy, Remedy
from evenstat.disclosure.rounding.cell_keys import perturb_by_cell_keys
from evenstat.disclosure.rounding.controlled import round_controlled
from evenstat.disclosure.rounding.conventional import round_to_nearest
from evenstat.disclosure.rounding.disclosures import RoundingDisclosures, find_disclosures
from evenstat.disclosure.rounding.printed_counts import PrintedCounts, unlimited
from evenstat.disclosure.rounding.small_counts import round_small_counts
from evenstat.disclosure.tables import Flags, Integers, LinkedTables, Publication, Records
from evenstat.errors import CannotProtect, InvalidInput, UnknownPolicy
from evenstat.estimates import CONFIDENTIAL, LOW, Suppressed


@dataclass(frozen=True, eq=False)
class RoundedTables:
    """Tables as published. Do not publish as a whole: publish `values` and `publication`.

    `figures` are the published numbers; they have no meaning in cells that are `marked` (published as a mark, such as
    "fewer than 5") or `withheld` (not published, because figures together disclosed a count). `exactly_disclosed`:
    cells whose count some attacker can still work out, if the policy only reports it. `proven`: for controlled
    rounding, no table is closer.
    """

    tables: LinkedTables
    policy: Policy
    attacker: Attacker
    figures: Integers
    low: Integers
    high: Integers
    marked: Flags
    withheld: Flags
    exactly_disclosed: Integers
    zeros_shown: bool
    proven: bool

    @property
    def values(self) -> tuple[int | Suppressed, ...]:
        """The published value of each cell; confidential for unpublished cells."""
        suppressed = self.withheld | self.tables.shape.unpublished
        return tuple(
            CONFIDENTIAL if is_confidential else LOW if is_marked else int(figure)
            for figure, is_marked, is_confidential in zip(self.figures.tolist(), self.marked, suppressed, strict=True)
        )

    @property
    def publication(self) -> Publication:
        """What can be derived from each figure alone."""
        return Publication(self.tables.shape, self.low, self.high, self.withheld.copy(), self.zeros_shown)

    @property
    def distance(self) -> int:
        """The largest difference between a published number and its true count."""
        return int(np.abs(self.figures - self.tables.counts)[self.in_numbers].max(initial=0))

    @property
    def adds_up(self) -> bool:
        """Whether every published total is the sum of its parts, if all of them are numbers."""
        in_numbers = self.in_numbers
        return all(
            self.figures[parts].sum() == self.figures[whole]
            for whole, parts in self.tables.shape.sums()
            if in_numbers[whole] and in_numbers[parts].all()
        )

    @property
    def in_numbers(self) -> Flags:
        """The cells that are published as a number."""
        return ~(self.marked | self.withheld | self.tables.shape.unpublished)


def round_tables(
    tables: LinkedTables,
    policy: Policy,
    *,
    attacker: Attacker | None = None,
    records: Records | None = None,
    keys: Sequence[int] | None = None,
    seed: int = 0,
) -> RoundedTables:
    """Linked tables with every count rounded or perturbed by the policy, and the counts that each figure can stand for.

    Population: people counted once each in the inner cells; the tables show sums of these.

    Method: the policy's method. `round`: each count to the nearest multiple of the base. `round_to_add_up`: controlled
        rounding to an adjacent multiple, so that all sums hold, at the smallest total distance within 1% (a MILP solved
        by HiGHS). `round_small`: small inner counts to 0 or the base by a search for sums close to the true ones; other
        counts are sums of these. `cell_key`: noise of greatest entropy with the policy's variance, drawn by the sum of
        the record keys in a cell. Then every count that all figures together disclose to an attacker is found by linear
        programming, and the policy's remedy is applied: the fewest figures that the LP finds are withheld.

    Args:
        tables: the true counts.
        policy: how to round; `attacker` replaces that of the policy.
        records: the people, for `round_small` and `cell_key`.
        keys: for `cell_key`, one for each record: see `record_keys`.
        seed: for `round_small`, how ties are broken.

    Returns:
        RoundedTables. The same input gives the same output.

    Raises:
        UnknownPolicy: the policy suppresses. InvalidInput: records or keys are missing, or are about other people.
        CannotProtect: no multiples add up within the policy's distance, or figures together disclose a count and the
        policy refuses that.

    Limits: attackers are assumed to learn nothing from the way in which noise or multiples were chosen, nor from
    releases of
        other years: publish the same people again with the same keys. A true zero stays 0. It does not protect against
        people who pool what they know. Calculate shares from the published figures.

    Source: Salazar-González 2006, Controlled rounding and cell perturbation, Mathematical Programming; Langsrud and
        Heldal 2018, An algorithm for small count rounding of tabular data, Privacy in Statistical Databases; for cell
        keys https://sdctools.github.io/HandbookSDC/05-frequency-tables.html, section 5.4.

    >>> from evenstat.disclosure.policies import policy
    >>> from evenstat.disclosure.tables import flat, from_records, layout
    >>> shape = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    >>> tables = from_records(shape, {"grade": ["G1", "G2", "G3"]}, [3, 6, 38])
    >>> [str(value) for value in round_tables(tables, policy("ofqual")).values]
    ['45', '[low]', '5', '40']
    """
    if policy.method is Method.SUPPRESS:
        raise UnknownPolicy(f"Policy {policy.id!r} suppresses and does not round: use `protect` with it.")
    attacker = attacker or policy.attacker
    printed_counts, proven = _printed(tables, policy, records, keys, seed)
    unpublished = tables.shape.unpublished
    singletons = tables.singletons if attacker is Attacker.SINGLETON else ()
    withhold = policy.if_exact is Remedy.WITHHOLD
    disclosures = find_disclosures(tables.shape, tables.counts, printed_counts, singletons, withhold=withhold)
    if len(disclosures.exactly_disclosed) and policy.if_exact is Remedy.REFUSE:
        raise CannotProtect(_disclosure_message(tables, disclosures))
    suppressed = disclosures.withheld | unpublished
    return RoundedTables(
        tables,
        policy,
        attacker,
        printed_counts.values,
        np.where(suppressed, 0, printed_counts.low),
        np.where(suppressed, unlimited(printed_counts.high), printed_counts.high),
        printed_counts.marked & ~suppressed,
        disclosures.withheld,
        disclosures.exactly_disclosed,
        printed_counts.zeros_known,
        proven,
    )


def _printed(
    tables: LinkedTables, policy: Policy, records: Records | None, keys: Sequence[int] | None, seed: int
) -> tuple[PrintedCounts, bool]:
    shape, counts = tables.shape, tables.counts
    if policy.method is Method.ROUND:
        return round_to_nearest(counts, policy), True
    if policy.method is Method.ROUND_TO_ADD_UP:
        rounding = round_controlled(shape, counts, policy)
        return rounding.printed_counts, rounding.proven
    if records is None or (policy.method is Method.CELL_KEY and keys is None):
        missing = "records of people" if records is None else "a key for each record"
        raise InvalidInput(f"Policy {policy.id!r} needs the records behind the counts. Give {missing}.")
    if not np.array_equal(records.over(shape).counts, counts):
        raise InvalidInput(
            "The records add up to different counts from the tables. Give the records from which the tables were made."
        )
    if policy.method is Method.ROUND_SMALL:
        return round_small_counts(shape, counts, records, policy, seed), False
    return perturb_by_cell_keys(shape, counts, records, keys or (), policy), False


def _disclosure_message(tables: LinkedTables, disclosures: RoundingDisclosures) -> str:
    names = ", ".join(tables.shape.named(int(cell)) for cell in disclosures.exactly_disclosed[:5])
    more = f" and {len(disclosures.exactly_disclosed) - 5} more" if len(disclosures.exactly_disclosed) > 5 else ""
    return (
        f"The rounded figures together disclose {names}{more}. Withhold figures (if_exact), use a policy with a"
        " larger base, or publish fewer tables together."
    )
