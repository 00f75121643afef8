"""`evenstat audit`: the suppressed cells that an attacker can work out from a release and all prior releases."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evenstat.commands import inputs
from evenstat.commands.inputs import add_old_spelling
from evenstat.commands.output import CommandResult
from evenstat.disclosure import Attacker, DisclosureAudit, Layout, Policy, Publication, audit
from evenstat.disclosure.files import (
    CellInterval,
    LabelSources,
    Sheet,
    TableFile,
    dimensions,
    interval_rows,
    intervals,
    read,
    read_cells,
    read_release,
    read_rounded,
    read_table_file,
    write,
)
from evenstat.disclosure.tables import Dimension, Flags, Integers, combine, combine_layouts
from evenstat.errors import InvalidCount, InvalidInput


@dataclass(frozen=True, eq=False)
class CombinedReleases:
    """All releases joined into one publication, and the cells whose count at least one release does not print."""

    publication: Publication
    not_printed: Flags


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "audit",
        help="find out what an attacker can work out from a release",
        description="Finds the suppressed cells that an attacker can work out exactly."
        " Exit code 0: none; 1: one or more; 2: the audit could not be run.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--pattern", required=True, type=Path, metavar="FILE", help="the release, as written by protect or round"
    )
    parser.add_argument("--tables", required=True, type=Path, metavar="FILE.toml", help="the tables in the release")
    parser.add_argument(
        "--members", type=Path, metavar="FILE", help="the group of each category; for attacker C also the true counts"
    )
    parser.add_argument(
        "--count", default="n", metavar="COLUMN", help="the column of counts in --members, for attacker C (default: n)"
    )
    inputs.add_prior_releases(parser)
    parser.add_argument(
        "--attacker", required=True, choices=[attacker.value for attacker in Attacker], help=_attackers()
    )
    parser.add_argument("--rounded", metavar="POLICY", help="the rounding policy of the release, such as hesa")
    parser.add_argument(
        "--controlled-rounding", action="store_true", help="the release was rounded so that all totals add up"
    )
    parser.add_argument(
        "--zeros-suppressed", action="store_true", help="suppressed counts may be 0: the policy suppresses zeros too"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the interval of each suppressed cell")
    parser.add_argument("--sheet", metavar="NAME", help="the sheet to read from a workbook that has several")
    parser.add_argument("--force", action="store_true", help="overwrite an existing output file")
    add_old_spelling(parser, "--add-up", "--controlled-rounding")
    add_old_spelling(parser, "--zeros-hidden", "--zeros-suppressed")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> CommandResult:
    inputs.check_output_path(
        arguments.out,
        [arguments.pattern, arguments.tables, arguments.members, *arguments.prior_releases],
        replace=arguments.force,
    )
    attacker, rounding = Attacker(arguments.attacker), _rounding_policy(arguments)
    table_file = read_table_file(arguments.tables)
    pattern, supplementary = read(arguments.pattern, arguments.sheet), inputs.read_supplementary_files(arguments)
    sources = LabelSources(
        _hierarchy_columns(supplementary.members, table_file), (pattern, *supplementary.prior_releases)
    )
    known_dimensions = dimensions(table_file, sources)
    zeros_shown = not arguments.zeros_suppressed
    release = _read_release(pattern, known_dimensions, table_file, rounding, zeros_shown=zeros_shown)
    prior_releases = inputs.read_prior_releases(supplementary.prior_releases, known_dimensions, zeros_shown=zeros_shown)
    combined = _combined((release, *prior_releases))
    singletons = None
    if attacker is Attacker.SINGLETON:
        singletons = _singletons(arguments, table_file, supplementary, combined.publication.shape)
    try:
        audited = audit(combined.publication, attacker, singletons=singletons)
    except InvalidCount as error:
        raise InvalidCount(f"{arguments.pattern}: {error}{_advice(arguments)}") from error
    cell_intervals = intervals(audited, np.flatnonzero(combined.not_printed).tolist())
    if arguments.out is not None:
        rows = interval_rows(audited, cell_intervals)
        write(arguments.out, rows, title="intervals", replace=arguments.force)
    return _result(arguments, audited, cell_intervals)


def _read_release(
    pattern: Sheet,
    known_dimensions: Sequence[Dimension],
    table_file: TableFile,
    rounding: Policy | None,
    *,
    zeros_shown: bool,
) -> Publication:
    if rounding is not None:
        return read_rounded(pattern, known_dimensions, table_file.tables, rounding, place=table_file.place)
    try:
        return read_release(
            pattern, known_dimensions, table_file.tables, place=table_file.place, zeros_shown=zeros_shown
        )
    except InvalidCount as error:
        raise InvalidCount(f"{error} If the counts were rounded, give the policy with --rounded POLICY.") from error


def _result(
    arguments: argparse.Namespace, audited: DisclosureAudit, cell_intervals: Sequence[CellInterval]
) -> CommandResult:
    exact = sum(interval.exactly_disclosed for interval in cell_intervals)
    kind = "suppressed" if arguments.rounded is None else "rounded or withheld"
    attacker = audited.attacker.value
    lines = [f"Attacker {attacker} knows {_knowledge(audited)}. Solved by {audited.solver}."]
    if arguments.out is not None:
        lines.append(f"{arguments.out}: the lower and upper bounds of each {kind} cell.")
    lines.append(f"{exact} of {len(cell_intervals)} {kind} cells determined exactly")
    return CommandResult("\n".join(lines), 1 if exact else 0)


def _rounding_policy(arguments: argparse.Namespace) -> Policy | None:
    """The policy by which the release was rounded, or None if it was not."""
    if arguments.rounded is None:
        if arguments.controlled_rounding:
            raise InvalidInput("--controlled-rounding is only for rounded releases: add --rounded POLICY.")
        return None
    if arguments.zeros_suppressed:
        raise InvalidInput(
            "The policy given with --rounded says which figures may stand for 0: remove --zeros-suppressed."
        )
    return inputs.rounding_policy(arguments.rounded, controlled=arguments.controlled_rounding)


def _combined(releases: Sequence[Publication]) -> CombinedReleases:
    publication = combine(releases)
    not_printed = np.zeros(len(publication.shape), dtype=bool)
    positions = combine_layouts([release.shape for release in releases]).places
    for release, cells in zip(releases, positions, strict=True):
        not_printed[cells] |= release.suppressed | ((release.low < release.high) & ~release.shape.unpublished)
    return CombinedReleases(publication, not_printed)


def _hierarchy_columns(members: Sheet | None, table_file: TableFile) -> tuple[Sheet, ...]:
    """The columns of the members file that are levels of a hierarchy. The categories come from the release."""
    if members is None:
        return ()
    levels = [level for name in table_file.hierarchies for level in table_file.levels(name)]
    return (members.only([level for level in levels if level in members.columns]),)


def _singletons(
    arguments: argparse.Namespace, table_file: TableFile, supplementary: inputs.SupplementaryFiles, shape: Layout
) -> tuple[Integers, ...]:
    if supplementary.members is None:
        raise InvalidInput(
            "Attacker C is each person who is the only one in a cell. Give the true counts with --members FILE."
        )
    supplementary.members.need(shape.names, "is in a release and is needed for attacker C")
    sources = LabelSources((), supplementary.prior_releases)
    return read_cells(supplementary.members, table_file, sources, count=arguments.count).tables(shape).singletons


def _attackers() -> str:
    first, *others = Attacker
    also = [f"{attacker.value} also knows {attacker.knows}" for attacker in others]
    return "; ".join([f"{first.value} knows {first.knows}", *also])


def _knowledge(audited: DisclosureAudit) -> str:
    zeros_shown = audited.publication.zeros_shown
    known = [
        attacker.knows
        for attacker in Attacker
        if attacker <= audited.attacker and (zeros_shown or attacker is not Attacker.ZEROS_SHOWN)
    ]
    return ", and ".join([", ".join(known[:-1]), known[-1]]) if len(known) > 1 else known[0]


def _advice(arguments: argparse.Namespace) -> str:
    if arguments.rounded is not None:
        return " Check that the release was rounded by this policy, and whether to add --controlled-rounding."
    return "" if arguments.zeros_suppressed else " If suppressed counts may be 0, add --zeros-suppressed."
