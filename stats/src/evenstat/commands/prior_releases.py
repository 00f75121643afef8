"""`evenstat protect --prior-releases`: suppression in tables published after others about the same people."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evenstat.commands.final_audit import CandidateRelease, audit_candidate
from evenstat.commands.progress import Progress, stop_after
from evenstat.commands.search import ProtectionRequest, ProtectionResult
from evenstat.disclosure import Publication, Weight
from evenstat.disclosure.successive_releases import SearchOptions, UnpublishableTables, can_also_publish
from evenstat.disclosure.suppression import primary_cells
from evenstat.disclosure.tables import TrueCounts
from evenstat.errors import CannotProtect


def protect_after_releases(
    prior_releases: Sequence[Publication],
    truth: TrueCounts,
    request: ProtectionRequest,
    arguments: argparse.Namespace,
    progress: Progress,
) -> ProtectionResult:
    """Protect tables that follow prior releases, or in which a dimension has more than one hierarchy."""
    options = SearchOptions(
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
    published = [_with_zeros_shown(release, truth) for release in prior_releases]
    answer = can_also_publish(request.tables.shape, truth, published, request.policy, options=options)
    if isinstance(answer, UnpublishableTables):
        raise CannotProtect(f"Nothing was written. {answer.words}")
    all_tables = answer.pattern.tables
    small = primary_cells(all_tables, request.policy)
    already_disclosed = np.zeros(len(small), dtype=bool)
    already_disclosed[answer.disclosed] = True
    primary = small & answer.joint.suppressed & ~already_disclosed
    candidate = CandidateRelease(answer.joint, all_tables, primary, already_disclosed)
    audit_summary = audit_candidate(candidate, request.attacker, request.guarantee, progress.report)
    primary_in_new_tables = primary_cells(request.tables, request.policy) & answer.suppressed
    return ProtectionResult(
        answer.suppressed, primary_in_new_tables, audit_summary, answer.pattern.stopped, (f"  {answer.words}",)
    )


def _with_zeros_shown(release: Publication, truth: TrueCounts) -> Publication:
    """Set `zeros_shown`: if a prior release suppresses a true zero, a suppressed count in it may be 0."""
    counts = truth.over(release.shape).counts
    return replace(release, zeros_shown=not (counts[release.suppressed] == 0).any())
