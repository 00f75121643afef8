"""What is out already, set against the true counts: what it shows, what it hides, and what it gives away by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evenstat.disclosure.auditing import Audited, audit
from evenstat.disclosure.policies import Attacker, Policy
from evenstat.disclosure.tables import (
    Flags,
    Integers,
    Layout,
    LinkedTables,
    Publication,
    Truth,
    join_shapes,
    joined,
    known,
    suppressed,
)
from evenstat.errors import InvalidCount

NAMED = 5


@dataclass(frozen=True, eq=False)
class Standing:
    """New tables and everything that is out, over one layout. Arrays are one value a cell of `tables`.

    `between` are small groups that no table shows and that two tables together would tell apart. `follows` can be
    worked out from what is out already, `given_away` should not; such a cell of the new tables is not printed either.
    """

    new: Layout
    places: Integers
    tables: LinkedTables
    out: Publication
    earlier: tuple[Publication, ...]
    told_apart: Flags
    between: Flags
    follows: Flags
    given_away: Flags

    @property
    def printed(self) -> Flags:
        """Shown as they are in what is out."""
        seen: Flags = ~self.out.hidden & ~self.out.shape.behind & (self.out.low == self.out.high)
        return seen

    @property
    def kept(self) -> Flags:
        """What must be kept from readers beside what is unsafe by rule."""
        return (self.out.hidden | self.between) & ~self.given_away

    def with_new(self, publication: Publication) -> Publication:
        return joined([publication, *self.earlier])

    def publication(self, hidden: Flags, policy: Policy) -> Publication:
        """The new tables with these cells hidden."""
        counts = self.tables.counts[self.places]
        zeros_shown = policy.zeros_shown and not (hidden & (counts == 0)).any()
        return suppressed(self.new, counts, hidden, zeros_shown=zeros_shown)

    def leaks(self, publication: Publication, found: Sequence[Audited]) -> Integers:
        """What must be kept and is not, though what is out keeps it."""
        must = (publication.hidden | self.between) & ~self.given_away
        exact = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(each.exact for each in found)]))
        kept: Integers = exact[must[exact]]
        return kept

    def audits(self, publication: Publication, readers: Sequence[Attacker]) -> tuple[Audited, ...]:
        """By each of these readers, over all tables; what is told apart is looked at as well."""
        return audits(publication, self.told_apart, self.tables, readers)


def standing(
    new: Layout, truth: Truth, earlier: Sequence[Publication], policy: Policy, readers: Sequence[Attacker]
) -> Standing:
    """The new tables beside what is out.

    Raises:
        InvalidCount: what is out differs from the true counts, so that it is of other people.
    """
    together = join_shapes([new, *(each.shape for each in earlier)])
    tables = truth.over(together.shape)
    out = joined([known(new, {}), *earlier])
    _refuse_other_people(out, tables.counts)
    small = np.array([policy.covers(int(count)) for count in tables.counts])
    between = together.told_apart & small
    follows = np.zeros(len(tables.counts), dtype=bool)
    if earlier:
        for found in audits(out, np.ones(len(tables.counts), dtype=bool), tables, readers):
            follows[found.exact] = True
    given_away = follows & (out.hidden | small)
    told_apart, places = together.told_apart, together.places[0]
    return Standing(new, places, tables, out, tuple(earlier), told_apart, between, follows, given_away)


def up_to(attacker: Attacker) -> tuple[Attacker, ...]:
    return tuple(each for each in Attacker if each <= attacker)


def audits(
    publication: Publication, also: Flags, tables: LinkedTables, readers: Sequence[Attacker]
) -> tuple[Audited, ...]:
    """What each reader deduces of hidden cells, and also of these, which nobody printed or hid."""
    unsaid = publication.shape.behind & also
    shape = replace(publication.shape, behind=publication.shape.behind & ~also)
    found = []
    for reader in readers:
        least = int(publication.zeros_shown and reader is not Attacker.A)  # not of what is unsaid: it may be nobody
        low = np.where(publication.hidden, np.maximum(publication.low, least), publication.low)
        seen = Publication(shape, low, publication.high, publication.hidden | unsaid, zeros_shown=False)
        found.append(audit(seen, reader, alone=tables.alone))
    return tuple(found)


def _refuse_other_people(out: Publication, counts: Integers) -> None:
    wrong = (counts < out.low) | (counts > out.high) | (out.hidden & (counts == 0) & out.zeros_shown)
    cells = np.flatnonzero(wrong).tolist()
    if cells:
        said = "; ".join(f"{out.shape.named(cell)} is {counts[cell]} now" for cell in cells[:NAMED])
        more = f"; and {len(cells) - NAMED} more" if len(cells) > NAMED else ""
        raise InvalidCount(
            f"What is out says otherwise of these: {said}{more}. Give the people that it was counted from; where these"
            f" are the people of another year, give it as the last year."
        )
