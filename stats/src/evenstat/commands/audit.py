"""`evenstat audit`: what a reader can work out of a release, and of everything that went out before it."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evenstat.commands import inputs
from evenstat.commands.answers import Answer
from evenstat.disclosure import Attacker, Audited, Layout, Policy, Publication, audit
from evenstat.disclosure.files import (
    Interval,
    Sheet,
    Sources,
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
from evenstat.disclosure.tables import Dimension, Flags, Integers, join_shapes, joined
from evenstat.errors import InvalidCount, InvalidInput


@dataclass(frozen=True, eq=False)
class Out:
    """Everything that is out, joined into one publication, and of which cells some release does not print the count."""

    publication: Publication
    unsaid: Flags


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = commands.add_parser(
        "audit",
        help="what a reader can work out of a release",
        description="Which hidden cells a reader can work out. Exit code 0: none exactly; 1: some; 2: not audited.",
        allow_abbrev=False,
    )
    one.add_argument("--pattern", required=True, type=Path, metavar="FILE", help="the release: what protect wrote")
    one.add_argument("--tables", required=True, type=Path, metavar="FILE.toml", help="the tables that it publishes")
    one.add_argument(
        "--members", type=Path, metavar="FILE", help="who belongs to which group; with counts for reader C"
    )
    one.add_argument("--count", default="n", metavar="COLUMN", help="the counts in --members, for reader C (n)")
    one.add_argument(
        "--earlier", nargs="+", action="extend", default=[], type=Path, metavar="FILE", help="what is out already"
    )
    one.add_argument("--attacker", required=True, choices=[each.value for each in Attacker], help=_readers())
    one.add_argument("--rounded", metavar="POLICY", help="the release was rounded by this rule, such as hesa")
    one.add_argument("--add-up", action="store_true", help="and so that all totals add up")
    one.add_argument("--zeros-hidden", action="store_true", help="hidden cells may be 0: the policy hides zeros too")
    one.add_argument("--out", type=Path, metavar="FILE", help="the least and the most of each hidden cell")
    one.add_argument("--sheet", metavar="NAME", help="the sheet to read of workbooks with several")
    one.add_argument("--force", action="store_true", help="replace the file that is there")
    one.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> Answer:
    inputs.refuse_bad_place(
        arguments.out,
        [arguments.pattern, arguments.tables, arguments.members, *arguments.earlier],
        replace=arguments.force,
    )
    attacker, rule = Attacker(arguments.attacker), _rule(arguments)
    wanted = read_table_file(arguments.tables)
    pattern, beside = read(arguments.pattern, arguments.sheet), inputs.given(arguments)
    known = dimensions(wanted, Sources(_groups(beside.members, wanted), (pattern, *beside.earlier)))
    shown = not arguments.zeros_hidden
    release = _release(pattern, known, wanted, rule, zeros_shown=shown)
    earlier = inputs.releases(beside.earlier, known, zeros_shown=shown)
    out = _out((release, *earlier))
    alone = _alone(arguments, wanted, beside, out.publication.shape) if attacker is Attacker.C else None
    try:
        audited = audit(out.publication, attacker, alone=alone)
    except InvalidCount as error:
        raise InvalidCount(f"{arguments.pattern}: {error}{_mend(arguments)}") from error
    found = intervals(audited, np.flatnonzero(out.unsaid).tolist())
    if arguments.out is not None:
        write(arguments.out, interval_rows(audited, found), title="intervals", replace=arguments.force)
    return _answer(arguments, audited, found)


def _release(
    pattern: Sheet, known: Sequence[Dimension], wanted: TableFile, rule: Policy | None, *, zeros_shown: bool
) -> Publication:
    if rule is not None:
        return read_rounded(pattern, known, wanted.tables, rule, place=wanted.place)
    try:
        return read_release(pattern, known, wanted.tables, place=wanted.place, zeros_shown=zeros_shown)
    except InvalidCount as error:
        raise InvalidCount(f"{error} If they were rounded, say by which rule: --rounded POLICY.") from error


def _answer(arguments: argparse.Namespace, audited: Audited, found: Sequence[Interval]) -> Answer:
    exact, kind = sum(each.exact for each in found), "hidden" if arguments.rounded is None else "rounded or withheld"
    lines = [f"Reader {audited.attacker.value} knows: {_knows(audited)}. Solved by {audited.solver}."]
    if arguments.out is not None:
        lines.append(f"{arguments.out}: the least and the most of each {kind} cell.")
    return Answer("\n".join([*lines, f"{exact} of {len(found)} {kind} cells determined exactly"]), 1 if exact else 0)


def _rule(arguments: argparse.Namespace) -> Policy | None:
    """How the release was rounded, if it was."""
    if arguments.rounded is None:
        if arguments.add_up:
            raise InvalidInput("--add-up says how a release was rounded: name the rule too, with --rounded POLICY.")
        return None
    if arguments.zeros_hidden:
        raise InvalidInput("The rule of --rounded says which figures may stand for 0: leave --zeros-hidden out.")
    return inputs.rounding_rule(arguments.rounded, add_up=arguments.add_up)


def _out(releases: Sequence[Publication]) -> Out:
    publication = joined(releases)
    unsaid = np.zeros(len(publication.shape), dtype=bool)
    for each, places in zip(releases, join_shapes([each.shape for each in releases]).places, strict=True):
        unsaid[places] |= each.hidden | ((each.low < each.high) & ~each.shape.behind)
    return Out(publication, unsaid)


def _groups(members: Sheet | None, wanted: TableFile) -> tuple[Sheet, ...]:
    """Of the file on groups only what it says of these: which labels there are is for the release to say."""
    if members is None:
        return ()
    levels = [level for name in wanted.hierarchies for level in wanted.levels(name)]
    return (members.only([level for level in levels if level in members.columns]),)


def _alone(
    arguments: argparse.Namespace, wanted: TableFile, beside: inputs.Given, shape: Layout
) -> tuple[Integers, ...]:
    if beside.members is None:
        raise InvalidInput("Reader C is each person who is alone in a cell. Give --members FILE with the true counts.")
    beside.members.need(shape.names, "a release names, and reader C is told by")
    return read_cells(beside.members, wanted, Sources((), beside.earlier), count=arguments.count).tables(shape).alone


def _readers() -> str:
    return "; ".join(f"{each.value}: {each.knows}" for each in Attacker)


def _knows(audited: Audited) -> str:
    zeros_shown = audited.publication.zeros_shown
    known = [each for each in Attacker if each <= audited.attacker and (zeros_shown or each is not Attacker.B)]
    return ", ".join(each.knows for each in known)


def _mend(arguments: argparse.Namespace) -> str:
    if arguments.rounded is not None:
        return " Was it rounded by this rule, and in the same way (--add-up)?"
    return "" if arguments.zeros_hidden else " Where hidden cells may be 0, say --zeros-hidden."
