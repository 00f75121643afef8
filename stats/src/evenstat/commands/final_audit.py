"""The audit before a release is written: no file is written if an attacker can work out a suppressed cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure import Attacker, DisclosureAudit, Guarantee, LinkedTables, Publication, audit
from evenstat.disclosure.auditing import NO_UPPER_BOUND
from evenstat.disclosure.tables import Flags, Integers
from evenstat.errors import CannotProtect


@dataclass(frozen=True, eq=False)
class CandidateRelease:
    """Everything that would be published, with the true counts. `primary` cells are suppressed by the policy;
    `already_disclosed` cells follow from prior releases, which cannot be changed."""

    publication: Publication
    tables: LinkedTables
    primary: Flags
    already_disclosed: Flags | None = None

    def exactly_disclosed(self, audited: DisclosureAudit) -> Integers:
        """The suppressed cells that this release would disclose exactly."""
        cells: Integers = audited.exactly_disclosed[self.publication.suppressed[audited.exactly_disclosed]]
        return cells if self.already_disclosed is None else cells[~self.already_disclosed[cells]]


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """The results of the audit, as lines of text."""

    lines: tuple[str, ...]


def audit_candidate(
    candidate: CandidateRelease, attacker: Attacker, guarantee: Guarantee, report: Callable[[str], None]
) -> AuditSummary:
    """Audit the release against every attacker.

    Raises:
        CannotProtect: the attacker to protect against can work out a suppressed cell, or prove more than the
            guarantee allows.
    """
    audits = []
    for model in Attacker:
        report(f"auditing against attacker {model.value}")
        audits.append(audit(candidate.publication, model, singletons=candidate.tables.singletons))
    for audited in audits:
        if audited.attacker <= attacker:
            _refuse_exact_disclosure(candidate, audited)
        if audited.attacker is min(
            attacker, Attacker.ZEROS_SHOWN
        ):  # the guarantee is against attackers who know no cell
            _refuse_narrow_interval(candidate, audited, guarantee)
    return AuditSummary(tuple(_lines(candidate, audits, attacker, guarantee)))


def _lines(
    candidate: CandidateRelease, audits: Sequence[DisclosureAudit], attacker: Attacker, guarantee: Guarantee
) -> list[str]:
    suppressed = int(candidate.publication.suppressed.sum())
    lines = [f"Audit ({audits[0].solver}): suppressed cells exactly disclosed"]
    for audited in audits:
        note = "" if audited.attacker <= attacker else "  (not protected against: see --attacker)"
        count = len(candidate.exactly_disclosed(audited))
        lines.append(f"  attacker {audited.attacker.value}  {count:>7,}  of {suppressed:,}{note}")
    if candidate.already_disclosed is not None and candidate.already_disclosed.any():
        disclosed = int(candidate.already_disclosed.sum())
        lines.append(f"Prior releases already disclose {disclosed} suppressed counts exactly.")
    # Attackers who know a cell are not covered: a singleton knows that a count is 1.
    attackers = "Attacker A" if attacker is Attacker.NON_NEGATIVE else "Attackers A and B"
    if guarantee.not_below:
        lines.append(f"{attackers} cannot prove that any small count is below {guarantee.not_below}.")
    if guarantee.reach:
        lines.append(
            f"{attackers} cannot prove an upper bound for a small count that is less than {guarantee.reach} above it."
        )
    return lines


def _refuse_exact_disclosure(candidate: CandidateRelease, audited: DisclosureAudit) -> None:
    cells = candidate.exactly_disclosed(audited)
    if len(cells):
        raise CannotProtect(
            f"Nothing was written: attacker {audited.attacker.value} can work out {len(cells)} suppressed cells"
            f" exactly, such as {candidate.tables.shape.named(int(cells[0]))}. Merge categories, or publish fewer"
            " tables."
        )


def _refuse_narrow_interval(candidate: CandidateRelease, audited: DisclosureAudit, guarantee: Guarantee) -> None:
    counts = candidate.tables.counts[audited.cells]
    required = np.array([guarantee.upper_protection(int(count)) for count in counts], dtype=np.int64)
    bounded = candidate.primary[audited.cells] & (audited.high != NO_UPPER_BOUND)
    too_narrow = bounded & (audited.high < counts + required)
    if too_narrow.any():
        name = candidate.tables.shape.named(int(audited.cells[np.argmax(too_narrow)]))
        raise CannotProtect(
            f"Nothing was written: the upper bound of {int(too_narrow.sum())} small counts is lower than the options"
            f" require, such as {name}. Reduce --not-below and --upper-protection, or merge categories, and report"
            " this as an error in evenstat."
        )
