"""`evenstat protect`: from a file of true counts to one that can go out, audited before it is written."""

import argparse
from pathlib import Path

from evenstat.commands import inputs, search
from evenstat.commands.after import after
from evenstat.commands.answers import Answer, plural
from evenstat.commands.progress import Progress, ending
from evenstat.commands.search import Asked, Result
from evenstat.disclosure import POLICIES, Attacker, Guarantee, LinkedTables, Method, Policy, Weight, policy, suppressed
from evenstat.disclosure.files import (
    Cells,
    Sources,
    TableFile,
    public_rows,
    read,
    read_cells,
    read_forced,
    read_table_file,
    release_rows,
    write,
)
from evenstat.disclosure.hiding import BUDGET, unsafe_cells
from evenstat.disclosure.tables import Layout
from evenstat.errors import InvalidInput, UnknownPolicy


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = commands.add_parser(
        "protect",
        help="hide what must be hidden of linked tables",
        description="Hides what must be hidden of a set of linked tables, so that nothing hidden can be worked out.",
        allow_abbrev=False,
    )
    _add_files(one)
    _add_rules(one)
    _add_search(one)
    one.set_defaults(command=run)


def _add_files(one: argparse.ArgumentParser) -> None:
    inputs.add_counts(one)
    one.add_argument("--out", required=True, type=Path, metavar="FILE", help="the result, CSV or XLSX")
    one.add_argument("--public", type=Path, metavar="FILE", help="the result as it may go out, hidden counts as [c]")
    one.add_argument("--with-counts", action="store_true", help="hidden counts too: never for the public")
    one.add_argument("--force", action="store_true", help="replace the file that is there")


def _add_rules(one: argparse.ArgumentParser) -> None:
    one.add_argument("--policy", required=True, metavar="POLICY", help="the rule, such as council_lt5")
    one.add_argument("--attacker", choices=[each.value for each in Attacker], help="the reader to withstand")
    one.add_argument("--not-below", type=inputs.whole(0), metavar="N", help="no small count is provably below N")
    one.add_argument(
        "--reach", type=inputs.whole(0), metavar="N", help="small counts may be N more for all readers know"
    )
    one.add_argument("--publish", type=Path, metavar="FILE", help="cells that must be shown")
    one.add_argument("--hide", type=Path, metavar="FILE", help="cells to hide besides")
    one.add_argument(
        "--earlier", nargs="+", action="extend", default=[], type=Path, metavar="FILE", help="what is out already"
    )


def _add_search(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--weights", choices=[each.value for each in Weight], default="cells", help="what is kept small (cells)"
    )
    one.add_argument("--seed", type=inputs.whole(0), default=0, metavar="N", help="another seed, another search (0)")
    one.add_argument(
        "--budget", type=inputs.whole(1), default=BUDGET, metavar="N", help=f"programmes to solve ({BUDGET})"
    )
    one.add_argument("--seconds", type=inputs.seconds, metavar="S", help="stop then; another run may differ")
    one.add_argument("--progress", action="store_true", help="say how far it is, also where no terminal is")


def run(arguments: argparse.Namespace) -> Answer:
    read_from = [arguments.cells, arguments.tables, arguments.members, arguments.publish, arguments.hide]
    inputs.refuse_bad_places(
        [arguments.out, arguments.public], [*read_from, *arguments.earlier], replace=arguments.force
    )
    rule = _policy(arguments)
    wanted = read_table_file(arguments.tables)
    beside = inputs.given(arguments)
    cells = _cells(arguments, wanted, beside)
    shape = inputs.asked_shape(cells, wanted)
    asked = _asked(arguments, rule, cells.tables(shape))
    with ending(arguments.seconds):
        found = _found(arguments, wanted, asked, cells, beside)
    counts = asked.tables.counts
    rows = release_rows(shape, counts, found.hidden, found.unsafe, with_counts=arguments.with_counts)
    write(arguments.out, rows, title="pattern", replace=arguments.force)
    if arguments.public is not None:
        publication = suppressed(shape, counts, found.hidden, zeros_shown=rule.zeros_shown)
        write(arguments.public, public_rows(publication), title="counts", replace=arguments.force)
    return Answer(_summary(arguments, wanted, asked, found))


def _cells(arguments: argparse.Namespace, wanted: TableFile, beside: inputs.Given) -> Cells:
    sources = Sources((beside.members,) if beside.members is not None else (), beside.earlier)
    return read_cells(read(arguments.cells, arguments.sheet), wanted, sources, count=arguments.count)


def _found(
    arguments: argparse.Namespace, wanted: TableFile, asked: Asked, cells: Cells, beside: inputs.Given
) -> Result:
    progress = Progress(wanted=arguments.progress)
    try:
        if beside.earlier or inputs.several_groupings(wanted):
            earlier = inputs.releases(beside.earlier, cells.dimensions)
            return after(earlier, cells.truth(asked.tables.shape), asked, arguments, progress)
        return search.alone(asked, arguments, progress)
    finally:
        progress.done()


def _policy(arguments: argparse.Namespace) -> Policy:
    rule = policy(arguments.policy)
    if rule.method is not Method.HIDE:
        hiding = ", ".join(each.id for each in POLICIES if each.method is Method.HIDE)
        raise UnknownPolicy(f"Policy {rule.id!r} rounds counts: use `evenstat round` with it, or one of {hiding}.")
    return rule


def _asked(arguments: argparse.Namespace, rule: Policy, tables: LinkedTables) -> Asked:
    attacker = Attacker(arguments.attacker) if arguments.attacker else rule.withstands
    below = rule.guarantee.not_below if arguments.not_below is None else arguments.not_below
    reach = rule.guarantee.reach if arguments.reach is None else arguments.reach
    publish, hide = (_forced(path, arguments, tables.shape) for path in (arguments.publish, arguments.hide))
    for cell in hide:
        if rule.zeros_shown and tables.counts[cell] == 0:
            raise InvalidInput(
                f"{arguments.hide}: {tables.shape.named(cell)} is 0, and policy {rule.id!r} shows every zero, so that"
                " readers count on it. Take the row out, or choose a policy that hides zeros."
            )
    return Asked(tables, rule, attacker, Guarantee(not_below=below, reach=reach), publish, hide)


def _forced(path: Path | None, arguments: argparse.Namespace, shape: Layout) -> tuple[int, ...]:
    return read_forced(read(path, arguments.sheet), shape) if path is not None else ()


def _summary(arguments: argparse.Namespace, wanted: TableFile, asked: Asked, found: Result) -> str:
    cells, hidden, unsafe = len(found.hidden), int(found.hidden.sum()), int(found.unsafe.sum())
    people = int(asked.tables.counts[found.hidden].sum())
    forced = int((unsafe_cells(asked.tables, asked.policy) & ~found.hidden).sum())
    lines = [
        f"{arguments.out}: {cells:,} cells of {plural(len(wanted.tables), 'table')}.",
        f"  shown       {cells - hidden:>7,}",
        f"  hidden      {hidden:>7,}  {unsafe:,} by the rule, {hidden - unsafe:,} so that those can't be worked out",
        f"  people      {people:>7,}  in hidden cells, once for each table: not for the public",
        *found.notes,
        *found.checked.lines,
    ]
    if forced:
        lines.append(f"{plural(forced, 'small count')} shown, because --publish or an earlier release says so.")
    if found.stopped:
        lines.append("The time was up: the pattern is safe, and another run may hide other cells.")
    if not asked.policy.zeros_shown:
        lines.append("Hidden counts may be 0: audit it with --zeros-hidden.")
    if arguments.public is None and not arguments.with_counts:
        lines.append("Its status column says which hidden counts are small: give readers the file of --public FILE.")
    if arguments.public is not None:
        lines.append(f"{arguments.public}: the same for the public, hidden counts marked [c] alike.")
    if arguments.with_counts:
        lines.append(f"{arguments.out} holds hidden counts (--with-counts). It must not go out.")
    return "\n".join(lines)
