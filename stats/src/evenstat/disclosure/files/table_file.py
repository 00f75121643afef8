"""The file that says which tables are published: `tables`, and `[hierarchies]` of the dimensions that have groups."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenstat.disclosure.files.csv_file import decoded
from evenstat.disclosure.files.reading import read_bytes
from evenstat.disclosure.files.sheet import meant
from evenstat.disclosure.tables.layout import Table
from evenstat.errors import InvalidInput

KEYS = ("tables", "hierarchies")
RESERVED = ("n", "status", "primary", "suppressed", "lo", "hi", "exact")  # columns of the files that are written
SHAPE = 'Write it as tables = [["grade", "sex"], ["grade", "ethnicity"]].'
LEVELS = 'Write it as ethnicity = ["ethgroup", "ethnicity"], from the coarsest level to the finest.'


@dataclass(frozen=True, slots=True)
class TableFile:
    """Tables by the names of dimensions or levels; for each dimension with groups its hierarchies, coarsest first."""

    place: str
    tables: tuple[Table, ...]
    hierarchies: Mapping[str, tuple[tuple[str, ...], ...]]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of the dimensions that some table uses, in the order in which they are first named."""
        return tuple(dict.fromkeys(self.dimension(name) for table in self.tables for name in table))

    def dimension(self, level: str) -> str:
        """The dimension that has this level."""
        return next((name for name in self.hierarchies if level in self.levels(name)), level)

    def levels(self, dimension: str) -> tuple[str, ...]:
        """Each level of the dimension once; its own name where it has no groups."""
        chains = self.hierarchies.get(dimension, ((dimension,),))
        return tuple(dict.fromkeys(level for chain in chains for level in chain))


def read_table_file(path: Path) -> TableFile:
    """The tables and hierarchies of a TOML file. Raises InvalidInput with the mend for whatever is not understood."""
    place = str(path)
    try:
        content = tomllib.loads(decoded(place, read_bytes(path)))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{place}: this is not well-formed TOML ({error}). {SHAPE}") from error
    for key in content:
        if key not in KEYS:
            raise InvalidInput(f"{place}: {key!r} is not known here.{meant(key, KEYS)} Use: {', '.join(KEYS)}.")
    found = TableFile(place, _tables(place, content.get("tables")), _hierarchies(place, content.get("hierarchies", {})))
    _refuse_one_level_in_two_dimensions(found)
    _refuse_reserved_names(found)
    return found


def _tables(place: str, given: Any) -> tuple[Table, ...]:
    if not isinstance(given, list) or not given:
        raise InvalidInput(f"{place}: no tables are named before [hierarchies]. {SHAPE}")
    for number, table in enumerate(given, 1):
        if not _names(table):
            raise InvalidInput(f"{place}, table {number}: {table!r} is no list of dimensions. {SHAPE}")
    return tuple(dict.fromkeys(tuple(table) for table in given))


def _hierarchies(place: str, given: Any) -> dict[str, tuple[tuple[str, ...], ...]]:
    if not isinstance(given, dict):
        raise InvalidInput(f"{place}: hierarchies is no table of names. Write [hierarchies] on a line of its own.")
    return {name: _chains(f"{place}, hierarchy {name}", name, levels) for name, levels in given.items()}


def _chains(place: str, name: str, given: Any) -> tuple[tuple[str, ...], ...]:
    chains = [given] if _names(given) else given
    if not isinstance(chains, list) or not chains or not all(_names(chain) for chain in chains):
        raise InvalidInput(f"{place}: {given!r} is no list of levels. {LEVELS}")
    for chain in chains:
        if chain[-1] != name:
            raise InvalidInput(
                f"{place}: it ends in {chain[-1]!r}; the finest level has the dimension's name. {LEVELS}"
            )
        if len(set(chain)) < len(chain):
            raise InvalidInput(f"{place}: one level is named twice in {chain}. {LEVELS}")
    return tuple(tuple(chain) for chain in chains)


def _names(given: Any) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(each, str) and each for each in given)


def _refuse_one_level_in_two_dimensions(found: TableFile) -> None:
    owner: dict[str, str] = {}
    for name in found.hierarchies:
        for level in found.levels(name):
            if owner.setdefault(level, name) != name:
                raise InvalidInput(
                    f"{found.place}: the level {level!r} stands in the hierarchies of {owner[level]!r} and {name!r}."
                    " Write both under the one name that is the finest level."
                )


def _refuse_reserved_names(found: TableFile) -> None:
    for name in (*found.dimensions, *(level for each in found.hierarchies for level in found.levels(each))):
        if name in RESERVED:
            raise InvalidInput(f"{found.place}: {name!r} is a column of the result. Rename the dimension.")
    for number, table in enumerate(found.tables, 1):
        used = [found.dimension(name) for name in table]
        if len(set(used)) < len(used):
            raise InvalidInput(
                f"{found.place}, table {number}: {list(table)} names one dimension twice. Once is enough."
            )
