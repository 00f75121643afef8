"""A person's identifiers, and searching for them in every column of the database and in files.

The search is for exact text. A first name on its own, or a name spelled differently, needs a search by a person.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.db import connection


@dataclass(frozen=True)
class Mention:
    """Where an identifier was found. It gives the row's id, so that a report does not repeat personal data."""

    table: str
    column: str = ""
    row: str = ""

    def __str__(self) -> str:
        return f"{self.table}.{self.column}, row {self.row}" if self.column else self.table


@dataclass(frozen=True)
class Identifiers:
    """A person's email addresses and names."""

    emails: frozenset[str]
    names: frozenset[str]

    @property
    def emails_only(self) -> "Identifiers":
        """Without names: an email address has been verified, but people can choose any name."""
        return Identifiers(self.emails, frozenset())

    @cached_property
    def search_terms(self) -> tuple[str, ...]:
        """Email addresses and full names. A name of one word is left out: it would match too much unrelated text."""
        full_names = (name for name in self.names if " " in name.strip())
        return tuple(sorted(filter(None, {*self.emails, *full_names})))

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """The search terms as plain text and as JSON, in which accented letters are escaped."""
        return tuple(sorted({*self.search_terms, *(json.dumps(term)[1:-1] for term in self.search_terms)}))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        alternatives = "|".join(re.escape(spelling) for spelling in self.spellings)
        return re.compile(rf"(?<![\w.+-])(?:{alternatives})(?![\w-]|\.\w)", re.IGNORECASE)

    def appear_in(self, text: str) -> bool:
        return bool(self.search_terms) and self._pattern.search(text) is not None

    def appear_in_bytes(self, content: bytes) -> bool:
        """Without word boundaries, because database files store values without separators."""
        lowered = content.lower()
        return any(spelling.lower().encode() in lowered for spelling in self.spellings)


def mentions_in_database(identifiers: Identifiers) -> list[Mention]:
    """Search every row of every table, including tables of third-party libraries."""
    if not identifiers.search_terms:
        return []
    with connection.cursor() as cursor:
        tables = sorted(table.name for table in connection.introspection.get_table_list(cursor) if table.type == "t")
    return [mention for table in tables for mention in _mentions_in_table(table, identifiers)]


def _mentions_in_table(table: str, identifiers: Identifiers) -> Iterator[Mention]:
    quote, like = connection.ops.quote_name, "ILIKE" if connection.vendor == "postgresql" else "LIKE"
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        key = connection.introspection.get_primary_key_column(cursor, table) or columns[0]
        texts = [f"CAST({quote(column)} AS TEXT)" for column in columns]
        condition = " OR ".join(f"{text} {like} %s ESCAPE '!'" for text in texts for _spelling in identifiers.spellings)
        query = f"SELECT {', '.join(texts)} FROM {quote(table)} WHERE {condition}"  # noqa: S608 - our own table names
        cursor.execute(query, [_like_pattern(spelling) for _text in texts for spelling in identifiers.spellings])
        for values in cursor.fetchall():
            row = dict(zip(columns, values, strict=True))
            for column, text in row.items():
                if text is not None and identifiers.appear_in(str(text)):
                    yield Mention(table, column, str(row[key]))


def _like_pattern(words: str) -> str:
    escaped = words.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


def files_mentioning(folders: Iterable[Path], identifiers: Identifiers) -> list[Path]:
    """Search every file in the folders, as bytes. Compressed or encrypted content can't be searched."""
    files = (file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file())
    return [file for file in files if _mentions(file, identifiers)]


def _mentions(file: Path, identifiers: Identifiers) -> bool:
    try:
        return identifiers.appear_in_bytes(file.read_bytes())
    except FileNotFoundError:  # deleted in the meantime, like the journal of a database
        return False
