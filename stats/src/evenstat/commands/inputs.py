"""Options and input files that the commands on linked tables share."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evenstat.disclosure import POLICIES, Method, Policy, Publication, policy
from evenstat.disclosure.files import CellCounts, Sheet, TableFile, read, read_release, refuse_to_overwrite, shape_of
from evenstat.disclosure.tables import Dimension, Layout
from evenstat.errors import InvalidInput, UnknownPolicy


@dataclass(frozen=True, slots=True)
class SupplementaryFiles:
    """Files given in addition to the main one: prior releases, and the group that each category belongs to."""

    prior_releases: tuple[Sheet, ...]
    members: Sheet | None


def read_supplementary_files(arguments: argparse.Namespace) -> SupplementaryFiles:
    members = read(arguments.members, arguments.sheet) if arguments.members is not None else None
    return SupplementaryFiles(tuple(read(path, arguments.sheet) for path in arguments.prior_releases), members)


def add_count_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that give the true counts and the tables to make from them."""
    parser.add_argument("--cells", required=True, type=Path, metavar="FILE", help="the true counts, CSV or XLSX")
    parser.add_argument("--count", default="n", metavar="COLUMN", help="the column of counts (default: n)")
    parser.add_argument("--tables", required=True, type=Path, metavar="FILE.toml", help="the tables to publish")
    parser.add_argument(
        "--members", type=Path, metavar="FILE", help="the group of each category, if --cells does not give it"
    )
    parser.add_argument("--sheet", metavar="NAME", help="the sheet to read from a workbook that has several")


def add_prior_releases(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--prior-releases",
        nargs="+",
        action="extend",
        default=[],
        type=Path,
        metavar="FILE",
        help="releases already published about the same people",
    )
    add_old_spelling(parser, "--earlier", "--prior-releases")


def add_old_spelling(parser: argparse.ArgumentParser, old: str, option: str) -> None:
    """Accept the earlier name of an option without listing it in the help."""
    parser._option_string_actions[old] = parser._option_string_actions[option]


def published_layout(cells: CellCounts, table_file: TableFile) -> Layout:
    """The layout of the tables to publish, over the dimensions of the cells that they use."""
    used = [dimension for dimension in cells.dimensions if dimension.name in table_file.dimensions]
    return shape_of(used, table_file.tables, table_file.place)


def has_several_hierarchies(table_file: TableFile) -> bool:
    """Whether a dimension has more than one hierarchy, so that groups can be worked out by differencing."""
    return any(len(chains) > 1 for chains in table_file.hierarchies.values())


def rounding_policy(name: str, *, controlled: bool) -> Policy:
    """The named policy, which must be one that rounds; with controlled rounding if requested."""
    chosen = policy(name)
    if chosen.method is Method.SUPPRESS:
        rounding = ", ".join(known.id for known in POLICIES if known.method is not Method.SUPPRESS)
        raise UnknownPolicy(
            f"Policy {chosen.id!r} suppresses counts: use it with `evenstat protect`, or use one of {rounding}."
        )
    return replace(chosen, method=Method.ROUND_TO_ADD_UP, threshold=0) if controlled else chosen


def check_output_path(output: Path | None, input_files: Sequence[Path | None], *, replace: bool) -> None:
    """Raise InvalidInput if the output file cannot be written, or is also an input file."""
    if output is None:
        return
    refuse_to_overwrite(output, replace=replace)
    if output.exists() and any(path is not None and _same_file(path, output) for path in input_files):
        raise InvalidInput(f"{output}: this file is also an input. Give the output file another name.")


def check_output_paths(outputs: Sequence[Path | None], input_files: Sequence[Path | None], *, replace: bool) -> None:
    """Check several output files, which must have different names."""
    paths = [path for path in outputs if path is not None]
    for path in paths:
        check_output_path(path, input_files, replace=replace)
    if len({path.resolve() for path in paths}) < len(paths):
        raise InvalidInput(f"{paths[0]}: both output files have this name. Give them different names.")


def read_prior_releases(
    sheets: Sequence[Sheet], dimensions: Sequence[Dimension], *, zeros_shown: bool = True
) -> tuple[Publication, ...]:
    """Releases already published. A file may hold only part of a release."""
    return tuple(read_release(sheet, dimensions, zeros_shown=zeros_shown) for sheet in sheets)


def whole_number_type(minimum: int) -> Callable[[str], int]:
    """An argparse type: a whole number that is not below the minimum."""

    def whole_number(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= minimum):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {minimum}")
        return int(text)

    return whole_number


def seconds(text: str) -> float:
    """An argparse type: a number of seconds."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1e7:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds, such as 60")
    return value


def _same_file(first: Path, second: Path) -> bool:
    return first.exists() and first.samefile(second)
