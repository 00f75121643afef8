"""The e-mail addresses and the name of a person, looked for wherever text is kept: in any column, in any file.

It finds the words, not the meaning: a first name alone, or a name written another way, is for a person to look for.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.db import connection


@dataclass(frozen=True)
class Place:
    """Where a trace was found. The row is told by its id, so that a report repeats nothing of what it says."""

    where: str
    column: str = ""
    row: str = ""

    def __str__(self) -> str:
        return f"{self.where}.{self.column}, row {self.row}" if self.column else self.where


@dataclass(frozen=True)
class Traces:
    emails: frozenset[str]
    names: frozenset[str]

    @property
    def proved(self) -> "Traces":
        """The addresses alone: somebody has read mail there, where a name is what a person says it is."""
        return Traces(self.emails, frozenset())

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What is looked for. One word alone would be found in half of all texts, and people choose their names."""
        full = (name for name in self.names if " " in name.strip())
        return tuple(sorted(filter(None, {*self.emails, *full})))

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """As they stand in text, and as they stand in JSON, where letters with accents are written as numbers."""
        return tuple(sorted({*self.words, *(json.dumps(word)[1:-1] for word in self.words)}))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        either = "|".join(re.escape(each) for each in self.spellings)
        return re.compile(rf"(?<![\w.+-])(?:{either})(?![\w-]|\.\w)", re.IGNORECASE)

    def are_in(self, text: str) -> bool:
        return bool(self.words) and self._pattern.search(text) is not None

    def are_in_bytes(self, content: bytes) -> bool:
        """Without looking at what stands beside them: a database puts values next to each other."""
        lowered = content.lower()
        return any(each.lower().encode() in lowered for each in self.spellings)


def in_database(traces: Traces) -> list[Place]:
    """Every row of every table, whatever wrote it."""
    if not traces.words:
        return []
    with connection.cursor() as cursor:
        tables = sorted(each.name for each in connection.introspection.get_table_list(cursor) if each.type == "t")
    return [place for table in tables for place in _in_table(table, traces)]


def _in_table(table: str, traces: Traces) -> Iterator[Place]:
    quoted, like = connection.ops.quote_name, "ILIKE" if connection.vendor == "postgresql" else "LIKE"
    with connection.cursor() as cursor:
        columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
        key = connection.introspection.get_primary_key_column(cursor, table) or columns[0]
        texts = [f"CAST({quoted(each)} AS TEXT)" for each in columns]
        one = " OR ".join(f"{text} {like} %s ESCAPE '!'" for text in texts for _spelling in traces.spellings)
        chosen = f"SELECT {', '.join(texts)} FROM {quoted(table)} WHERE {one}"  # noqa: S608 - names of our own tables
        cursor.execute(chosen, [_like(each) for _text in texts for each in traces.spellings])
        for row in cursor.fetchall():
            found = dict(zip(columns, row, strict=True))
            for column, text in found.items():
                if text is not None and traces.are_in(str(text)):
                    yield Place(table, column, str(found[key]))


def _like(words: str) -> str:
    escaped = words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


def in_files(folders: Iterable[Path], traces: Traces) -> list[Path]:
    """Every file under the folders, as bytes. What is compressed or encrypted can't be looked into."""
    files = (file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file())
    return [file for file in files if _holds(file, traces)]


def _holds(file: Path, traces: Traces) -> bool:
    try:
        return traces.are_in_bytes(file.read_bytes())
    except FileNotFoundError:  # gone in the meantime, as the journal of a database is
        return False
