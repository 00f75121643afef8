"""`evenstat round`: round a file of true counts, and audit what an attacker can still work out."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evenstat.commands import inputs
from evenstat.commands.inputs import add_old_spelling
from evenstat.commands.output import CommandResult, pluralise
from evenstat.commands.progress import Progress
from evenstat.disclosure import (
    Attacker,
    DisclosureAudit,
    LinkedTables,
    Policy,
    Remedy,
    RoundedTables,
    audit,
    round_tables,
)
from evenstat.disclosure.files import (
    LabelSources,
    TableFile,
    interval_rows,
    intervals,
    read,
    read_cells,
    read_table_file,
    rounded_rows,
    write,
)
from evenstat.disclosure.tables import combine_layouts
from evenstat.errors import CannotProtect


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "round",
        help="round the counts in linked tables",
        description="Rounds every count in a set of linked tables, and reports what an attacker can still work out.",
        allow_abbrev=False,
    )
    inputs.add_count_options(parser)
    parser.add_argument("--policy", required=True, metavar="POLICY", help="the policy, such as ofqual or hesa")
    parser.add_argument(
        "--attacker", choices=[attacker.value for attacker in Attacker], help="the attacker to protect against"
    )
    parser.add_argument(
        "--controlled-rounding",
        action="store_true",
        help="round so that all totals add up, without marking small counts",
    )
    parser.add_argument(
        "--if-exact",
        choices=[remedy.value for remedy in Remedy],
        help="what to do if the rounded figures disclose a count exactly",
    )
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the output file, CSV or XLSX")
    parser.add_argument(
        "--intervals", type=Path, metavar="FILE", help="write the interval of each cell (do not publish it)"
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing output file")
    add_old_spelling(parser, "--add-up", "--controlled-rounding")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> CommandResult:
    input_files = [arguments.cells, arguments.tables, arguments.members]
    inputs.check_output_paths([arguments.out, arguments.intervals], input_files, replace=arguments.force)
    chosen_policy = _policy(arguments)
    table_file = read_table_file(arguments.tables)
    tables = _tables(arguments, table_file)
    attacker = Attacker(arguments.attacker) if arguments.attacker else None
    result = round_tables(tables, chosen_policy, attacker=attacker)
    audits = _audits(result)
    _refuse_exact_disclosure(result, audits)
    write(arguments.out, rounded_rows(result), title="counts", replace=arguments.force)
    if arguments.intervals is not None:
        _write_intervals(arguments, result, audits)
    return CommandResult(_summary(arguments, len(table_file.tables), result, audits))


def _tables(arguments: argparse.Namespace, table_file: TableFile) -> LinkedTables:
    """The true counts. Where a dimension has several hierarchies, the unpublished cells that can be derived by
    differencing are included, because they constrain the published ones."""
    members = (read(arguments.members, arguments.sheet),) if arguments.members is not None else ()
    cells = read_cells(read(arguments.cells, arguments.sheet), table_file, LabelSources(members), count=arguments.count)
    shape = inputs.published_layout(cells, table_file)
    if not inputs.has_several_hierarchies(table_file):
        return cells.tables(shape)
    joined_shape = combine_layouts([shape]).shape
    return cells.truth(shape).over(joined_shape)


def _audits(result: RoundedTables) -> list[DisclosureAudit]:
    progress, audits = Progress(enabled=False), []
    try:
        for attacker in Attacker:
            progress.report(f"auditing against attacker {attacker.value}")
            audits.append(audit(result.publication, attacker, singletons=result.tables.singletons))
    finally:
        progress.clear()
    return audits


def _policy(arguments: argparse.Namespace) -> Policy:
    chosen = inputs.rounding_policy(arguments.policy, controlled=arguments.controlled_rounding)
    return replace(chosen, if_exact=Remedy(arguments.if_exact)) if arguments.if_exact else chosen


def _refuse_exact_disclosure(result: RoundedTables, audits: Sequence[DisclosureAudit]) -> None:
    """Write nothing if the audit works out a count exactly, unless the policy only reports such counts."""
    if result.policy.if_exact is Remedy.REPORT:
        return
    for audited in audits:
        if audited.attacker <= result.attacker and len(audited.exactly_disclosed):
            name = result.tables.shape.named(int(audited.exactly_disclosed[0]))
            raise CannotProtect(
                f"Nothing was written: attacker {audited.attacker.value} can work out {name} exactly. Publish fewer"
                " tables, or use coarser levels."
            )


def _write_intervals(arguments: argparse.Namespace, result: RoundedTables, audits: Sequence[DisclosureAudit]) -> None:
    audited = next(audited for audited in audits if audited.attacker is result.attacker)
    rows = interval_rows(audited, intervals(audited, audited.cells.tolist()))
    write(arguments.intervals, rows, title="intervals", replace=arguments.force)


def _summary(
    arguments: argparse.Namespace, tables: int, result: RoundedTables, audits: Sequence[DisclosureAudit]
) -> str:
    shape, chosen_policy = result.tables.shape, result.policy
    cells = int((~shape.unpublished).sum())
    lines = [
        f"{arguments.out}: {cells:,} cells in {pluralise(tables, 'table')}.",
        _line("numbers", int(result.in_numbers.sum()), f"each at most {result.distance} from its true count"),
    ]
    if chosen_policy.threshold:
        lines.append(_line("marked", int(result.marked.sum()), f"[low]: from 1 to {chosen_policy.threshold}"))
    if result.withheld.any():
        lines.append(_line("withheld", int(result.withheld.sum()), "[c]: so that no count is disclosed exactly"))
    lines.append("Totals add up." if result.adds_up else "Totals may not add up: say so in a note to the tables.")
    lines.append(f"Audit ({audits[0].solver}): counts exactly disclosed")
    for audited in audits:
        protected = audited.attacker <= result.attacker or chosen_policy.if_exact is Remedy.REPORT
        note = "" if protected else "  (not protected against: see --attacker)"
        count = len(audited.exactly_disclosed)
        lines.append(f"  attacker {audited.attacker.value}  {count:>7,}  of {len(audited.cells):,}{note}")
    if chosen_policy.if_exact is Remedy.REPORT and len(result.exactly_disclosed):
        lines.append(
            "This policy only reports these counts. To withhold figures so that none is disclosed, add --if-exact"
            " withhold."
        )
    if arguments.intervals is not None:
        attacker = result.attacker.value
        lines.append(f"{arguments.intervals}: the lower and upper bounds of each cell, for attacker {attacker}.")
        lines.append("Do not publish these intervals: they may be as narrow as the true count.")
    return "\n".join(lines)


def _line(name: str, number: int, explanation: str) -> str:
    return f"  {name:<11} {number:>7,}  {explanation}"
