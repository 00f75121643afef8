"""`evenstat protect`: suppress cells in a file of true counts, and audit the result before it is written."""

import argparse
from pathlib import Path

from evenstat.commands import inputs, search
from evenstat.commands.inputs import add_old_spelling
from evenstat.commands.output import CommandResult, pluralise
from evenstat.commands.prior_releases import protect_after_releases
from evenstat.commands.progress import Progress, hard_time_limit
from evenstat.commands.search import ProtectionRequest, ProtectionResult
from evenstat.disclosure import (
    POLICIES,
    Attacker,
    Guarantee,
    LinkedTables,
    Method,
    Policy,
    Weight,
    policy,
    suppress_cells,
)
from evenstat.disclosure.files import (
    CellCounts,
    LabelSources,
    TableFile,
    public_rows,
    read,
    read_cell_list,
    read_cells,
    read_table_file,
    release_rows,
    write,
)
from evenstat.disclosure.suppression import BUDGET, primary_cells
from evenstat.disclosure.tables import Layout
from evenstat.errors import InvalidInput, UnknownPolicy


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "protect",
        help="suppress cells in linked tables",
        description="Suppresses cells in a set of linked tables, so that none can be worked out exactly.",
        allow_abbrev=False,
    )
    _add_file_options(parser)
    _add_policy_options(parser)
    _add_search_options(parser)
    parser.set_defaults(command=run)


def _add_file_options(parser: argparse.ArgumentParser) -> None:
    inputs.add_count_options(parser)
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the output file, CSV or XLSX")
    parser.add_argument(
        "--public", type=Path, metavar="FILE", help="also write a version to publish, with suppressed counts as [c]"
    )
    parser.add_argument(
        "--with-counts", action="store_true", help="include suppressed counts in the output (do not publish it)"
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing output file")


def _add_policy_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--policy", required=True, metavar="POLICY", help="the policy, such as council_lt5")
    parser.add_argument(
        "--attacker", choices=[attacker.value for attacker in Attacker], help="the attacker to protect against"
    )
    parser.add_argument(
        "--not-below",
        type=inputs.whole_number_type(0),
        metavar="N",
        help="attackers A and B cannot prove that a small count is below N",
    )
    parser.add_argument(
        "--upper-protection",
        type=inputs.whole_number_type(0),
        metavar="N",
        help="upper protection level: A and B cannot prove an upper bound less than N above a small count",
    )
    parser.add_argument("--publish", type=Path, metavar="FILE", help="cells that must be published")
    parser.add_argument("--suppress", type=Path, metavar="FILE", help="further cells that must be suppressed")
    inputs.add_prior_releases(parser)
    add_old_spelling(parser, "--reach", "--upper-protection")
    add_old_spelling(parser, "--hide", "--suppress")


def _add_search_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--weights",
        choices=[weight.value for weight in Weight],
        default="cells",
        help="the information loss to minimise (default: cells)",
    )
    parser.add_argument(
        "--seed", type=inputs.whole_number_type(0), default=0, metavar="N", help="seed of the search (default: 0)"
    )
    parser.add_argument(
        "--budget",
        type=inputs.whole_number_type(1),
        default=BUDGET,
        metavar="N",
        help=f"linear programmes to solve (default: {BUDGET})",
    )
    parser.add_argument(
        "--seconds", type=inputs.seconds, metavar="S", help="stop the search after S seconds; results may then vary"
    )
    parser.add_argument("--progress", action="store_true", help="report progress even if there is no terminal")


def run(arguments: argparse.Namespace) -> CommandResult:
    input_files = [arguments.cells, arguments.tables, arguments.members, arguments.publish, arguments.suppress]
    inputs.check_output_paths(
        [arguments.out, arguments.public], [*input_files, *arguments.prior_releases], replace=arguments.force
    )
    chosen_policy = _policy(arguments)
    table_file = read_table_file(arguments.tables)
    supplementary = inputs.read_supplementary_files(arguments)
    cells = _read_cells(arguments, table_file, supplementary)
    shape = inputs.published_layout(cells, table_file)
    request = _request(arguments, chosen_policy, cells.tables(shape))
    with hard_time_limit(arguments.seconds):
        result = _protect(arguments, table_file, request, cells, supplementary)
    counts = request.tables.counts
    rows = release_rows(shape, counts, result.suppressed, result.primary, with_counts=arguments.with_counts)
    write(arguments.out, rows, title="pattern", replace=arguments.force)
    if arguments.public is not None:
        publication = suppress_cells(shape, counts, result.suppressed, zeros_shown=chosen_policy.zeros_shown)
        write(arguments.public, public_rows(publication), title="counts", replace=arguments.force)
    return CommandResult(_summary(arguments, table_file, request, result))


def _read_cells(
    arguments: argparse.Namespace, table_file: TableFile, supplementary: inputs.SupplementaryFiles
) -> CellCounts:
    members = (supplementary.members,) if supplementary.members is not None else ()
    sources = LabelSources(members, supplementary.prior_releases)
    return read_cells(read(arguments.cells, arguments.sheet), table_file, sources, count=arguments.count)


def _protect(
    arguments: argparse.Namespace,
    table_file: TableFile,
    request: ProtectionRequest,
    cells: CellCounts,
    supplementary: inputs.SupplementaryFiles,
) -> ProtectionResult:
    progress = Progress(enabled=arguments.progress)
    try:
        if supplementary.prior_releases or inputs.has_several_hierarchies(table_file):
            prior_releases = inputs.read_prior_releases(supplementary.prior_releases, cells.dimensions)
            truth = cells.truth(request.tables.shape)
            return protect_after_releases(prior_releases, truth, request, arguments, progress)
        return search.protect_first_release(request, arguments, progress)
    finally:
        progress.clear()


def _policy(arguments: argparse.Namespace) -> Policy:
    chosen = policy(arguments.policy)
    if chosen.method is not Method.SUPPRESS:
        suppressing = ", ".join(known.id for known in POLICIES if known.method is Method.SUPPRESS)
        raise UnknownPolicy(
            f"Policy {chosen.id!r} rounds counts: use it with `evenstat round`, or use one of {suppressing}."
        )
    return chosen


def _request(arguments: argparse.Namespace, chosen: Policy, tables: LinkedTables) -> ProtectionRequest:
    attacker = Attacker(arguments.attacker) if arguments.attacker else chosen.attacker
    below = chosen.guarantee.not_below if arguments.not_below is None else arguments.not_below
    reach = chosen.guarantee.reach if arguments.upper_protection is None else arguments.upper_protection
    publish, suppress = (_forced(path, arguments, tables.shape) for path in (arguments.publish, arguments.suppress))
    for cell in suppress:
        if chosen.zeros_shown and tables.counts[cell] == 0:
            raise InvalidInput(
                f"{arguments.suppress}: {tables.shape.named(cell)} is 0, and policy {chosen.id!r} publishes every zero."
                " Remove the row, or choose a policy that suppresses zeros."
            )
    return ProtectionRequest(tables, chosen, attacker, Guarantee(not_below=below, reach=reach), publish, suppress)


def _forced(path: Path | None, arguments: argparse.Namespace, shape: Layout) -> tuple[int, ...]:
    return read_cell_list(read(path, arguments.sheet), shape) if path is not None else ()


def _summary(
    arguments: argparse.Namespace, table_file: TableFile, request: ProtectionRequest, result: ProtectionResult
) -> str:
    cells, suppressed_cells = len(result.suppressed), int(result.suppressed.sum())
    primary = int(result.primary.sum())
    people = int(request.tables.counts[result.suppressed].sum())
    small_published = int((primary_cells(request.tables, request.policy) & ~result.suppressed).sum())
    lines = [
        f"{arguments.out}: {cells:,} cells in {pluralise(len(table_file.tables), 'table')}.",
        f"  published   {cells - suppressed_cells:>7,}",
        f"  suppressed  {suppressed_cells:>7,}  {primary:,} primary, {suppressed_cells - primary:,} secondary",
        f"  people      {people:>7,}  in suppressed cells, each person once for each cell (do not publish this)",
        *result.notes,
        *result.audit_summary.lines,
    ]
    if small_published:
        lines.append(
            f"{pluralise(small_published, 'small count')} published, as --publish or a prior release requires."
        )
    if result.stopped:
        lines.append("The time limit was reached. The pattern is safe, but another run may suppress other cells.")
    if not request.policy.zeros_shown:
        lines.append("Suppressed counts may be 0: audit this file with --zeros-suppressed.")
    if arguments.public is None and not arguments.with_counts:
        lines.append("Do not publish this file: its status column shows which counts are small. See --public FILE.")
    if arguments.public is not None:
        lines.append(f"{arguments.public}: the version to publish, with every suppressed count marked [c].")
    if arguments.with_counts:
        lines.append(f"Do not publish {arguments.out}: it contains the suppressed counts (--with-counts).")
    return "\n".join(lines)
