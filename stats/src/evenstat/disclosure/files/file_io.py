"""Reads and writes files of either format; a file is written completely or not at all."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from evenstat.disclosure.files.csv_file import read_csv, write_csv
from evenstat.disclosure.files.sheet import Sheet
from evenstat.disclosure.files.xlsx_file import read_xlsx, write_xlsx
from evenstat.errors import InvalidInput

MAX_BYTES = 50_000_000
KINDS = (".csv", ".xlsx")


def read(path: Path, sheet: str | None = None) -> Sheet:
    """The rows of a CSV file or a workbook, by the extension of its name.

    Raises:
        InvalidInput: it cannot be read, is too large, or is not a table of labels and counts; says where, and how to
        fix it.
    """
    kind = kind_of(path)
    content = read_bytes(path)
    if not content:
        raise InvalidInput(f"{path}: the file is empty. The first row names the columns.")
    return read_xlsx(str(path), content, sheet) if kind == ".xlsx" else read_csv(str(path), content)


def read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that contains a zero byte
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(f"{path}: cannot be read ({reason}). Check the name of the file.") from error
    if len(content) > MAX_BYTES:
        raise InvalidInput(
            f"{path}: the file is larger than {MAX_BYTES:,} bytes. Count the people of each combination of categories"
            " first, and remove the columns that no table uses."
        )
    return content


def write(path: Path, rows: Iterable[Sequence[str | int | None]], *, title: str, replace: bool = False) -> None:
    """Write the rows to a file, completely or not at all; an existing file is kept unless `replace` is True."""
    content = write_xlsx(rows, title) if kind_of(path) == ".xlsx" else write_csv(rows)
    refuse_to_overwrite(path, replace=replace)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be written ({error.strerror}). Choose another location.") from error
    finally:
        partial.unlink(missing_ok=True)


def refuse_to_overwrite(path: Path, *, replace: bool = False) -> None:
    """Raises InvalidInput if the file could not be written, to check before long work."""
    kind_of(path)
    if path.is_dir() or not path.parent.is_dir():
        raise InvalidInput(f"{path}: the folder does not exist. Create it first, or choose another name.")
    if path.exists() and not replace:
        raise InvalidInput(f"{path}: this file already exists. Choose another name, or use --force to replace it.")


def kind_of(path: Path) -> str:
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InvalidInput(f"{path}: the name must end in .csv or .xlsx. Save the file in one of these formats.")
    return kind
