"""Can this table go out too? The same people in other groups, beside everything of their year that is out already.

A row that follows from what is out is known already. Any other must give no hidden figure away: rows that would are
hidden, and where none is left to show, the answer is no, with the hidden figures that would be given away.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from evenhand.releases import linked
from evenhand.releases.engine import true_tables
from evenhand.releases.groupings import Merged
from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import Attacker, LinkedTables, Policy, Publication, audit, suppressed
from evenstat.disclosure.one_way import CountTable
from evenstat.disclosure.successive import Options, Refused, protect_next
from evenstat.disclosure.tables import Tabulated

ONCE = 1  # the first safe pattern will do: a merged row is shown or it is not
MOST_TRIED = 40  # other groupings, in the search for the nearest one that could go out


class Fate(StrEnum):
    """What would become of a row of the new table."""

    SHOWN = "shown"
    KNOWN = "known"  # it can be added up from what is out
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Answer:
    """`fates` are of the merged rows alone: every other row stays as it is out.

    `given_away`: characteristic and code of what a reader would work out, were the merged rows shown. `by_insiders`:
    only somebody who is alone in a hidden row would.
    """

    possible: bool
    fates: Mapping[str, Fate]
    given_away: tuple[tuple[str, str], ...]
    by_insiders: bool

    @property
    def says_something(self) -> bool:
        """Whether a reader would learn anything that is not out already."""
        return Fate.SHOWN in self.fates.values()


@dataclass(frozen=True)
class Question:
    """All that is out of one year, with the counts behind it, and which table is cut in another way."""

    characteristic: str
    out: tuple[PublishedTable, ...]
    counts: Mapping[str, CountTable]
    policy: Policy

    def answer(self, merged: Sequence[Merged]) -> Answer:
        """Whether the table may go out with these categories merged."""
        held = {each.code for each in self.counts[self.characteristic].cells}
        merged = [each for each in merged if held & set(each.categories)]
        truth = true_tables(self.counts, {self.characteristic: merged})
        number = {each.code: linked.cell(truth.shape, self.characteristic, each.code) for each in merged}
        seen = self._seen(truth, number)
        known = _follows(seen, number)
        seen = _with(truth, seen, [number[code] for code in known])
        fresh = {code: cell for code, cell in number.items() if code not in known}
        given_away, by_insiders = self._given_away(truth, seen, fresh)
        shown = self._shown(truth, fresh)
        fates = {
            each.code: Fate.KNOWN if each.code in known else Fate.SHOWN if each.code in shown else Fate.HIDDEN
            for each in merged
        }
        return Answer(bool(shown) or not fresh, fates, given_away, by_insiders)

    def nearest(self, merged: Merged) -> Merged | None:
        """A grouping that could go out, with the fewest categories more or fewer."""
        for categories in self._neighbours(merged):
            tried = Merged(merged.code, merged.label, categories)
            answer = self.answer([tried])
            if answer.possible:
                return tried
        return None

    def _neighbours(self, merged: Merged) -> Iterator[tuple[str, ...]]:
        """Other choices of categories, those that differ least first; never a whole group, which is its subtotal."""
        table = self.counts[self.characteristic]
        tried = 0
        for group in (table.answered, table.not_known):
            codes = [each.code for each in group]
            inside = [code for code in codes if code in merged.categories]
            if not inside:
                continue
            several = (each for size in range(2, len(codes)) for each in combinations(codes, size))
            for categories in sorted(several, key=lambda each: len(set(each) ^ set(merged.categories))):
                if set(categories) != set(merged.categories) and tried < MOST_TRIED:
                    tried += 1
                    yield categories

    def _seen(self, truth: LinkedTables, number: Mapping[str, int]) -> Publication:
        """What is out. A merged row all of whose parts are out is out by that."""
        printed = linked.publication(truth.shape, self.out)
        merged = set(number.values())
        whole = [parent for parent, parts in truth.shape.sums() if parent in merged and not printed.hidden[parts].any()]
        return _with(truth, printed, whole)

    def _given_away(
        self, truth: LinkedTables, seen: Publication, fresh: Mapping[str, int]
    ) -> tuple[tuple[tuple[str, str], ...], bool]:
        """What readers would work out exactly, were all merged rows shown but those that are small themselves."""
        after = _with(truth, seen, [each for each in fresh.values() if not self.policy.covers(int(truth.counts[each]))])
        for attacker in (Attacker.B, Attacker.C):
            exact = audit(after, attacker, alone=truth.alone).exact
            if len(exact):
                return tuple(linked.where(truth.shape, int(cell)) for cell in exact), attacker is Attacker.C
        return (), False

    def _shown(self, truth: LinkedTables, fresh: Mapping[str, int]) -> set[str]:
        """The merged rows that are left to show when everything out stays as it is, and stays safe."""
        (cut,) = (each for each in truth.shape.dimensions if each.name == self.characteristic)
        new = linked.shape_of([cut])
        out = [
            linked.publication(linked.shape_of([linked.dimension(linked.published_rows(each))]), [each])
            for each in self.out
        ]
        answer = protect_next(new, Tabulated([truth]), out, self.policy, options=Options(budget=ONCE))
        if isinstance(answer, Refused):
            return set()
        return {code for code in fresh if not answer.hidden[linked.cell(new, self.characteristic, code)]}


def _follows(seen: Publication, number: Mapping[str, int]) -> set[str]:
    """The merged rows that anyone can work out from what is out."""
    exact = set(audit(seen, Attacker.B).exact.tolist())
    return {code for code, cell in number.items() if cell in exact or not seen.hidden[cell]}


def _with(truth: LinkedTables, seen: Publication, cells: Sequence[int]) -> Publication:
    """What is seen, and these cells besides."""
    hidden = seen.hidden.copy()
    hidden[list(cells)] = False
    return suppressed(truth.shape, truth.counts, hidden)
