"""What the commands on linked tables are given alike: files, read and set beside each other, and rules."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evenstat.disclosure import POLICIES, Method, Policy, Publication, policy
from evenstat.disclosure.files import Cells, Sheet, TableFile, read, read_release, refuse_to_overwrite, shape_of
from evenstat.disclosure.tables import Dimension, Layout
from evenstat.errors import InvalidInput, UnknownPolicy


@dataclass(frozen=True, slots=True)
class Given:
    """Files that stand beside the main one: releases that are out, and who belongs to which group."""

    earlier: tuple[Sheet, ...]
    members: Sheet | None


def given(arguments: argparse.Namespace) -> Given:
    members = read(arguments.members, arguments.sheet) if arguments.members is not None else None
    return Given(tuple(read(path, arguments.sheet) for path in arguments.earlier), members)


def add_counts(one: argparse.ArgumentParser) -> None:
    """The options that say what the true counts are, and which tables are to be made of them."""
    one.add_argument("--cells", required=True, type=Path, metavar="FILE", help="the true counts, CSV or XLSX")
    one.add_argument("--count", default="n", metavar="COLUMN", help="the column of counts (n)")
    one.add_argument("--tables", required=True, type=Path, metavar="FILE.toml", help="the tables to publish")
    one.add_argument("--members", type=Path, metavar="FILE", help="who belongs to which group, if --cells does not say")
    one.add_argument("--sheet", metavar="NAME", help="the sheet to read of workbooks with several")


def asked_shape(cells: Cells, wanted: TableFile) -> Layout:
    """The layout of the tables to publish, over those dimensions of the file that they use."""
    used = [each for each in cells.dimensions if each.name in wanted.dimensions]
    return shape_of(used, wanted.tables, wanted.place)


def several_groupings(wanted: TableFile) -> bool:
    """Whether some dimension is cut in more than one way, so that readers can set the groups beside each other."""
    return any(len(chains) > 1 for chains in wanted.hierarchies.values())


def rounding_rule(name: str, *, add_up: bool) -> Policy:
    """The named policy, which must be one that rounds; perhaps so that all totals add up."""
    rule = policy(name)
    if rule.method is Method.HIDE:
        rounding = ", ".join(each.id for each in POLICIES if each.method is not Method.HIDE)
        raise UnknownPolicy(f"Policy {rule.id!r} hides counts: use `evenstat protect` with it, or one of {rounding}.")
    return replace(rule, method=Method.ROUND_TO_ADD_UP, hide_to=0) if add_up else rule


def refuse_bad_place(place: Path | None, sources: Sequence[Path | None], *, replace: bool) -> None:
    """Raises InvalidInput where a result could not be written, or would replace what it is made from."""
    if place is None:
        return
    refuse_to_overwrite(place, replace=replace)
    if place.exists() and any(each is not None and _same(each, place) for each in sources):
        raise InvalidInput(f"{place}: this file is read here. Give the result another name.")


def refuse_bad_places(results: Sequence[Path | None], sources: Sequence[Path | None], *, replace: bool) -> None:
    """As above of several results, which must not be one file either."""
    places = [each for each in results if each is not None]
    for place in places:
        refuse_bad_place(place, sources, replace=replace)
    if len({each.resolve() for each in places}) < len(places):
        raise InvalidInput(f"{places[0]}: give the two results two names.")


def releases(
    sheets: Sequence[Sheet], dimensions: Sequence[Dimension], *, zeros_shown: bool = True
) -> tuple[Publication, ...]:
    """What readers have already, each file perhaps a part of a release."""
    return tuple(read_release(each, dimensions, zeros_shown=zeros_shown) for each in sheets)


def whole(least: int) -> Callable[[str], int]:
    """For the parser of options: a whole number that is not below the least."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= least):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
        return int(text)

    return number


def seconds(text: str) -> float:
    """For the parser of options: a length of time."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1e7:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds, such as 60")
    return value


def _same(one: Path, other: Path) -> bool:
    return one.exists() and one.samefile(other)
