"""The suppression search of `evenstat protect`, followed by the audit."""

import argparse
from dataclasses import dataclass

from evenstat.commands.final_audit import AuditSummary, CandidateRelease, audit_candidate
from evenstat.commands.progress import Progress, stop_after
from evenstat.disclosure import Attacker, Guarantee, LinkedTables, Policy, Weight, protect
from evenstat.disclosure.suppression import primary_cells
from evenstat.disclosure.tables import Flags


@dataclass(frozen=True, eq=False)
class ProtectionRequest:
    """The tables to protect, and the requirements given by the options."""

    tables: LinkedTables
    policy: Policy
    attacker: Attacker
    guarantee: Guarantee
    publish: tuple[int, ...]
    suppress: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ProtectionResult:
    """The suppressed cells of the new tables, which of them are primary, and the audit with all prior releases."""

    suppressed: Flags
    primary: Flags
    audit_summary: AuditSummary
    stopped: bool
    notes: tuple[str, ...] = ()


def protect_first_release(
    request: ProtectionRequest, arguments: argparse.Namespace, progress: Progress
) -> ProtectionResult:
    """Protect tables about people for whom nothing else has been published."""
    pattern = protect(
        request.tables,
        request.policy,
        attacker=request.attacker,
        guarantee=request.guarantee,
        weight=Weight(arguments.weights),
        publish=request.publish,
        suppress=request.suppress,
        seed=arguments.seed,
        budget=arguments.budget,
        stop=stop_after(arguments.seconds),
        progress=progress.report_search,
    )
    primary = primary_cells(request.tables, request.policy) & pattern.suppressed
    candidate = CandidateRelease(pattern.publication, request.tables, primary)
    audit_summary = audit_candidate(candidate, request.attacker, request.guarantee, progress.report)
    return ProtectionResult(pattern.suppressed, primary, audit_summary, pattern.stopped)
