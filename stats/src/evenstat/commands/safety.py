"""The audit that stands between a pattern and its file: nothing is written that a reader can take apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure import Attacker, Audited, Guarantee, LinkedTables, Publication, audit
from evenstat.disclosure.auditing import NO_MOST
from evenstat.disclosure.tables import Flags, Integers
from evenstat.errors import CannotProtect


@dataclass(frozen=True, eq=False)
class Release:
    """What would be out, and the true counts behind it. `unsafe` cells are hidden by rule; `lost` ones were given away
    by earlier releases, which nothing mends."""

    publication: Publication
    tables: LinkedTables
    unsafe: Flags
    lost: Flags | None = None

    def exact(self, found: Audited) -> Integers:
        """The hidden cells that this release would give away."""
        cells: Integers = found.exact[self.publication.hidden[found.exact]]
        return cells if self.lost is None else cells[~self.lost[cells]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the audit found, in words."""

    lines: tuple[str, ...]


def check(release: Release, attacker: Attacker, guarantee: Guarantee, say: Callable[[str], None]) -> Checked:
    """The audit by every reader.

    Raises:
        CannotProtect: a reader who is to be withstood works a hidden cell out, or proves more than is allowed.
    """
    audits = []
    for each in Attacker:
        say(f"auditing as reader {each.value}")
        audits.append(audit(release.publication, each, alone=release.tables.alone))
    for found in audits:
        if found.attacker <= attacker:
            _refuse_exact(release, found)
        if found.attacker is min(attacker, Attacker.B):  # the guarantee is against readers who know no cell
            _refuse_too_narrow(release, found, guarantee)
    return Checked(tuple(_lines(release, audits, attacker, guarantee)))


def _lines(release: Release, audits: Sequence[Audited], attacker: Attacker, guarantee: Guarantee) -> list[str]:
    hidden = int(release.publication.hidden.sum())
    lines = [f"Audit ({audits[0].solver}), hidden cells worked out exactly:"]
    for each in audits:
        more = "" if each.attacker <= attacker else "  (not withstood: --attacker)"
        lines.append(f"  reader {each.attacker.value}    {len(release.exact(each)):>7,}  of {hidden:,}{more}")
    if release.lost is not None and release.lost.any():
        lines.append(f"What is out already gives {int(release.lost.sum())} hidden counts away by itself.")
    if guarantee.not_below:
        lines.append(f"No small count can be proved to be below {guarantee.not_below}.")
    if guarantee.reach:
        lines.append(f"Every small count may be {guarantee.reach} more, for all that readers know.")
    return lines


def _refuse_exact(release: Release, found: Audited) -> None:
    exact = release.exact(found)
    if len(exact):
        raise CannotProtect(
            f"Nothing was written: the audit works {len(exact)} hidden cells out as reader {found.attacker.value}, such"
            f" as {release.tables.shape.named(int(exact[0]))}. Merge categories, or publish fewer tables."
        )


def _refuse_too_narrow(release: Release, found: Audited, guarantee: Guarantee) -> None:
    counts = release.tables.counts[found.cells]
    rise = np.array([guarantee.rise(int(count)) for count in counts], dtype=np.int64)
    narrow = release.unsafe[found.cells] & (found.high != NO_MOST) & (found.high < counts + rise)
    if narrow.any():
        name = release.tables.shape.named(int(found.cells[np.argmax(narrow)]))
        raise CannotProtect(
            f"Nothing was written: the audit proves {int(narrow.sum())} small counts to be lower than is allowed, such"
            f" as {name}. Ask for less with --not-below and --reach, or merge categories, and report this."
        )
