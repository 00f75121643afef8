"""`evenstat round`: from a file of true counts to rounded ones that can go out, and what a reader makes of them."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evenstat.commands import inputs
from evenstat.commands.answers import Answer, plural
from evenstat.commands.progress import Progress
from evenstat.disclosure import (
    Attacker,
    Audited,
    LinkedTables,
    Policy,
    Remedy,
    Rounded,
    audit,
    rounded,
)
from evenstat.disclosure.files import (
    Sources,
    TableFile,
    interval_rows,
    intervals,
    read,
    read_cells,
    read_table_file,
    rounded_rows,
    write,
)
from evenstat.disclosure.tables import join_shapes
from evenstat.errors import CannotProtect


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = commands.add_parser(
        "round",
        help="round the counts of linked tables",
        description="Rounds every count of a set of linked tables, and says what readers can still work out.",
        allow_abbrev=False,
    )
    inputs.add_counts(one)
    one.add_argument("--policy", required=True, metavar="POLICY", help="the rule, such as ofqual or hesa")
    one.add_argument("--attacker", choices=[each.value for each in Attacker], help="the reader to withstand")
    one.add_argument("--add-up", action="store_true", help="round so that all totals add up; marks no small count")
    one.add_argument(
        "--if-exact", choices=[each.value for each in Remedy], help="when figures together give a count away"
    )
    one.add_argument("--out", required=True, type=Path, metavar="FILE", help="the result, CSV or XLSX")
    one.add_argument("--intervals", type=Path, metavar="FILE", help="what readers can prove: not for the public")
    one.add_argument("--force", action="store_true", help="replace the file that is there")
    one.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> Answer:
    read_from = [arguments.cells, arguments.tables, arguments.members]
    inputs.refuse_bad_places([arguments.out, arguments.intervals], read_from, replace=arguments.force)
    rule = _policy(arguments)
    wanted = read_table_file(arguments.tables)
    tables = _tables(arguments, wanted)
    result = rounded(tables, rule, attacker=Attacker(arguments.attacker) if arguments.attacker else None)
    audits = _audits(result)
    _refuse_what_is_given_away(result, audits)
    write(arguments.out, rounded_rows(result), title="counts", replace=arguments.force)
    if arguments.intervals is not None:
        _write_intervals(arguments, result, audits)
    return Answer(_summary(arguments, len(wanted.tables), result, audits))


def _tables(arguments: argparse.Namespace, wanted: TableFile) -> LinkedTables:
    """The true counts; with what several groupings of one dimension tell apart behind them, which ties them too."""
    members = (read(arguments.members, arguments.sheet),) if arguments.members is not None else ()
    cells = read_cells(read(arguments.cells, arguments.sheet), wanted, Sources(members), count=arguments.count)
    shape = inputs.asked_shape(cells, wanted)
    if not inputs.several_groupings(wanted):
        return cells.tables(shape)
    together = join_shapes([shape]).shape
    return cells.truth(shape).over(together)


def _audits(result: Rounded) -> list[Audited]:
    progress, audits = Progress(wanted=False), []
    try:
        for each in Attacker:
            progress.say(f"auditing as reader {each.value}")
            audits.append(audit(result.publication, each, alone=result.tables.alone))
    finally:
        progress.done()
    return audits


def _policy(arguments: argparse.Namespace) -> Policy:
    rule = inputs.rounding_rule(arguments.policy, add_up=arguments.add_up)
    return replace(rule, if_exact=Remedy(arguments.if_exact)) if arguments.if_exact else rule


def _refuse_what_is_given_away(result: Rounded, audits: Sequence[Audited]) -> None:
    """Nothing is written that the audit takes apart, unless the policy only reports it."""
    if result.policy.if_exact is Remedy.REPORT:
        return
    for found in audits:
        if found.attacker <= result.attacker and len(found.exact):
            name = result.tables.shape.named(int(found.exact[0]))
            raise CannotProtect(
                f"Nothing was written: the audit works {name} out as reader {found.attacker.value}. Name fewer tables,"
                " or coarser levels."
            )


def _write_intervals(arguments: argparse.Namespace, result: Rounded, audits: Sequence[Audited]) -> None:
    found = next(each for each in audits if each.attacker is result.attacker)
    rows = interval_rows(found, intervals(found, found.cells.tolist()))
    write(arguments.intervals, rows, title="intervals", replace=arguments.force)


def _summary(arguments: argparse.Namespace, tables: int, result: Rounded, audits: Sequence[Audited]) -> str:
    shape, rule = result.tables.shape, result.policy
    cells = int((~shape.behind).sum())
    lines = [
        f"{arguments.out}: {cells:,} cells of {plural(tables, 'table')}.",
        _line("numbers", int(result.in_numbers.sum()), f"each {result.distance} from its true count at most"),
    ]
    if rule.hide_to:
        lines.append(_line("marked", int(result.marked.sum()), f"[low]: {rule.hide_to} or fewer, and not 0"))
    if result.withheld.any():
        why = "[c]: figures together would have given a count away"
        lines.append(_line("withheld", int(result.withheld.sum()), why))
    lines.append("Totals add up." if result.adds_up else "Totals may not add up: say so beside the tables.")
    lines.append(f"Audit ({audits[0].solver}), counts that figures together give away:")
    for found in audits:
        kept = found.attacker <= result.attacker or rule.if_exact is Remedy.REPORT
        more = "" if kept else "  (not withstood: --attacker)"
        exact = len(found.exact)
        lines.append(f"  reader {found.attacker.value}    {exact:>7,}  of {len(found.cells):,}{more}")
    if rule.if_exact is Remedy.REPORT and len(result.exact):
        lines.append("The policy only reports this: --if-exact withhold leaves figures out until none gives one away.")
    if arguments.intervals is not None:
        lines.append(f"{arguments.intervals}: the least and the most of each cell, as reader {result.attacker.value}.")
        lines.append("These ranges may be as narrow as the true count: they are for you, and must not go out.")
    return "\n".join(lines)


def _line(name: str, number: int, meaning: str) -> str:
    return f"  {name:<11} {number:>7,}  {meaning}"
