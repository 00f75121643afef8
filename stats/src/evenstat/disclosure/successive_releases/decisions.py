"""Decisions on a further release: what is suppressed in it and why, or why it cannot be published."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from evenstat.disclosure.auditing import DisclosureAudit
from evenstat.disclosure.successive_releases.movers import MoverDisclosure
from evenstat.disclosure.suppression import Pattern
from evenstat.disclosure.tables import Flags, Integers, Layout, Publication


class SuppressionReason(StrEnum):
    """Why a figure of the new tables is suppressed."""

    SMALL = "small"  # primary
    SUPPRESSED_BEFORE = "out_hidden"  # suppressed in a prior release
    SECONDARY = "beside"  # secondary: protects others in the new tables
    BECAUSE_OF_PRIOR = "because_of_out"  # would be shown without prior releases
    MOVER = "mover"  # it would reveal something about one person who joined, left or changed

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    SuppressionReason.SMALL: "small",
    SuppressionReason.SUPPRESSED_BEFORE: "hidden in a prior release",
    SuppressionReason.SECONDARY: "hidden so that others can't be worked out",
    SuppressionReason.BECAUSE_OF_PRIOR: "hidden because of prior releases",
    SuppressionReason.MOVER: "hidden because last year's figure would reveal one person",
}


@dataclass(frozen=True, eq=False)
class PublishableTables:
    """The new tables can be published. Do not publish, except for `publication`.

    Arrays have one value for each cell of the new tables. `suppressed` are their suppressed cells, and `reasons` says
    why for each. `pattern`, `joint` and `audits` are over the new tables and all prior releases; `places` are the
    numbers of the new cells there. `disclosed`: cells that prior releases disclose by themselves, which cannot be
    undone. `mover_disclosures` are people about whom the previous year's figures reveal something, `reopened`
    suppressed cells that can be derived from these.
    """

    publication: Publication
    suppressed: Flags
    reasons: dict[int, SuppressionReason]
    pattern: Pattern
    joint: Publication
    places: Integers
    audits: tuple[DisclosureAudit, ...]
    disclosed: Integers
    new_figures: int  # figures shown that are not yet published
    mover_disclosures: tuple[MoverDisclosure, ...] = ()
    reopened: tuple[str, ...] = ()

    @property
    def shown(self) -> int:
        return int((~self.suppressed & ~self.publication.shape.unpublished).sum())

    @property
    def words(self) -> str:
        suppressed = int(self.suppressed.sum())
        all_cells = suppressed + self.shown
        if not suppressed:
            return f"Yes, with all of its {all_cells} figures."
        counted = Counter(self.reasons.values())
        parts = ", ".join(f"{counted[reason]} {reason.words}" for reason in SuppressionReason if counted[reason])
        return f"Yes, with {suppressed} of its {all_cells} figures hidden: {parts}."


class RefusalReason(StrEnum):
    """Why the new tables cannot be published."""

    DISCLOSES = "gives_away"  # figures that must be shown disclose a figure suppressed in a prior release
    NOTHING_NEW = "nothing_left"  # they are safe only if nothing new is shown
    NOT_FOUND = "not_found"  # no safe pattern was found; there may be one


@dataclass(frozen=True, eq=False)
class NearestTables:
    """The tables most like those requested that can be published: what was changed, and the decision."""

    changes: tuple[str, ...]
    shape: Layout
    answer: PublishableTables


@dataclass(frozen=True, eq=False)
class UnpublishableTables:
    """The new tables cannot be published. Do not publish: `reason` names suppressed cells, though no counts.

    `disclosed` and `disclosing` are names of cells: what could be worked out, and from which figures.
    """

    ground: RefusalReason
    reason: str
    disclosed: tuple[str, ...] = ()
    disclosing: tuple[str, ...] = ()
    nearest: NearestTables | None = None

    @property
    def words(self) -> str:
        if self.nearest is None:
            return f"No. {self.reason}"
        return f"No. {self.reason} You could publish instead: {'; '.join(self.nearest.changes)}."


ReleaseDecision: TypeAlias = PublishableTables | UnpublishableTables


def cell_numbers(flags: Flags) -> tuple[int, ...]:
    return tuple(np.flatnonzero(flags).tolist())
