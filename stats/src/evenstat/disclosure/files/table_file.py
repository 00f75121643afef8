"""The file that defines the tables to publish: `tables`, and `[hierarchies]` of the dimensions with groups."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenstat.disclosure.files.csv_file import decoded
from evenstat.disclosure.files.file_io import read_bytes
from evenstat.disclosure.files.sheet import did_you_mean
from evenstat.disclosure.tables.layout import Table
from evenstat.errors import InvalidInput

KEYS = ("tables", "hierarchies")
RESERVED = ("n", "status", "primary", "suppressed", "lo", "hi", "exact")  # columns of output files
SHAPE = 'Write it as tables = [["grade", "sex"], ["grade", "ethnicity"]].'
LEVELS = 'Write it as ethnicity = ["ethgroup", "ethnicity"], from the coarsest level to the finest.'


@dataclass(frozen=True, slots=True)
class TableFile:
    """Tables by the names of dimensions or levels; for each dimension with groups its hierarchies, coarsest level
    first.
    """

    place: str
    tables: tuple[Table, ...]
    hierarchies: Mapping[str, tuple[tuple[str, ...], ...]]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of the dimensions that some table uses, in the order of their first use."""
        return tuple(dict.fromkeys(self.dimension(name) for table in self.tables for name in table))

    def dimension(self, level: str) -> str:
        """The dimension that has this level."""
        return next((name for name in self.hierarchies if level in self.levels(name)), level)

    def levels(self, dimension: str) -> tuple[str, ...]:
        """Each level of the dimension once; its own name if it has no groups."""
        chains = self.hierarchies.get(dimension, ((dimension,),))
        return tuple(dict.fromkeys(level for chain in chains for level in chain))


def read_table_file(path: Path) -> TableFile:
    """The tables and hierarchies of a TOML file. Raises InvalidInput, saying how to fix it, if the file is not
    valid.
    """
    place = str(path)
    try:
        content = tomllib.loads(decoded(place, read_bytes(path)))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{place}: this is not well-formed TOML ({error}). {SHAPE}") from error
    for key in content:
        if key not in KEYS:
            raise InvalidInput(f"{place}: {key!r} is not a valid key.{did_you_mean(key, KEYS)} Use: {', '.join(KEYS)}.")
    table_file = TableFile(
        place, _tables(place, content.get("tables")), _hierarchies(place, content.get("hierarchies", {}))
    )
    _refuse_one_level_in_two_dimensions(table_file)
    _refuse_reserved_names(table_file)
    return table_file


def _tables(place: str, given: Any) -> tuple[Table, ...]:
    if not isinstance(given, list) or not given:
        raise InvalidInput(f"{place}: there are no tables before [hierarchies]. {SHAPE}")
    for number, table in enumerate(given, 1):
        if not _names(table):
            raise InvalidInput(f"{place}, table {number}: {table!r} is not a list of dimensions. {SHAPE}")
    return tuple(dict.fromkeys(tuple(table) for table in given))


def _hierarchies(place: str, given: Any) -> dict[str, tuple[tuple[str, ...], ...]]:
    if not isinstance(given, dict):
        raise InvalidInput(f"{place}: hierarchies is not a TOML table. Write [hierarchies] on its own line.")
    return {name: _chains(f"{place}, hierarchy {name}", name, levels) for name, levels in given.items()}


def _chains(place: str, name: str, given: Any) -> tuple[tuple[str, ...], ...]:
    chains = [given] if _names(given) else given
    if not isinstance(chains, list) or not chains or not all(_names(chain) for chain in chains):
        raise InvalidInput(f"{place}: {given!r} is not a list of levels. {LEVELS}")
    for chain in chains:
        if chain[-1] != name:
            raise InvalidInput(
                f"{place}: it ends in {chain[-1]!r}, but the finest level must have the dimension's name. {LEVELS}"
            )
        if len(set(chain)) < len(chain):
            raise InvalidInput(f"{place}: {chain} contains one level twice. {LEVELS}")
    return tuple(tuple(chain) for chain in chains)


def _names(given: Any) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(name, str) and name for name in given)


def _refuse_one_level_in_two_dimensions(table_file: TableFile) -> None:
    owner: dict[str, str] = {}
    for name in table_file.hierarchies:
        for level in table_file.levels(name):
            if owner.setdefault(level, name) != name:
                raise InvalidInput(
                    f"{table_file.place}: the level {level!r} is in the hierarchies of {owner[level]!r} and {name!r}."
                    " Put both under the name of the finest level."
                )


def _refuse_reserved_names(table_file: TableFile) -> None:
    for name in (
        *table_file.dimensions,
        *(level for dimension in table_file.hierarchies for level in table_file.levels(dimension)),
    ):
        if name in RESERVED:
            raise InvalidInput(f"{table_file.place}: {name!r} is a column of the output. Rename the dimension.")
    for number, table in enumerate(table_file.tables, 1):
        used = [table_file.dimension(name) for name in table]
        if len(set(used)) < len(used):
            raise InvalidInput(
                f"{table_file.place}, table {number}: {list(table)} names one dimension twice. Name it once."
            )
