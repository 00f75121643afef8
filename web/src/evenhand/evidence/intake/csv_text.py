"""Parses the bytes of a CSV file into rows, or reports what is wrong with it."""

import csv
import io
from dataclasses import dataclass

from evenhand.evidence.intake.errors import ImportFileError, ImportProblem

LARGEST_FILE_BYTES = 5_000_000

# The first bytes of file types that people upload instead of CSV.
OTHER_TYPES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "an Excel workbook or another zipped file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"PAR1", "a Parquet file"),
    (b"{", "a JSON file"),
    (b"<", "a web page or XML file"),
)
FORMULA_STARTS = ("=", "+", "@")


@dataclass(frozen=True)
class CsvRow:
    """A row and its number as a spreadsheet shows it: the headings are row 1."""

    number: int
    cells: dict[str, str]


def read_rows(data: bytes, name: str) -> tuple[tuple[str, ...], tuple[CsvRow, ...]]:
    """The headings and the rows. Raises ImportFileError listing every error in the format of the file."""
    text = _decode(data, name)
    lines: list[list[str]] = []
    try:
        # Collect the rows one at a time, so that on an error the number of rows read gives the row that failed.
        lines.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        description = f"The row can't be read as CSV ({error})."
        fix = (
            "A quotation mark may not be closed, the file may be cut off, or a cell may be too long. "
            "Export the file again."
        )
        raise ImportFileError(name, (ImportProblem(description, fix, row=len(lines) + 1),)) from error
    headings = tuple(heading.strip() for heading in lines[0]) if lines else ()
    if len(headings) == 1 and ";" in headings[0]:
        description = "The columns are separated with semicolons."
        problem = ImportProblem(
            description, "Separate the columns with commas, or save the sheet as “CSV UTF-8”.", row=1
        )
        raise ImportFileError(name, (problem,))
    problems = [*_heading_problems(headings)]
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            problems.append(_wrong_length(number, len(cells), len(headings)))
            continue
        row = CsvRow(number, {heading: cell.strip() for heading, cell in zip(headings, cells, strict=True)})
        problems += _formula_problems(row)
        rows.append(row)
    if not rows and not problems:
        problems.append(
            ImportProblem("The file has headings but no rows.", "Add a row for each year, or choose another file.")
        )
    if problems:
        raise ImportFileError(name, tuple(problems))
    return headings, tuple(rows)


def _decode(data: bytes, name: str) -> str:
    if not data.strip():
        raise ImportFileError(name, (ImportProblem("The file is empty.", "Choose the file that contains the counts."),))
    if len(data) > LARGEST_FILE_BYTES:
        raise ImportFileError(
            name, (ImportProblem("The file is over 5 MB.", "Upload the counts only, with one row for each year."),)
        )
    for start, file_type in OTHER_TYPES:
        if data.lstrip()[: len(start)] == start:
            problem = ImportProblem(
                f"This is {file_type}, not a CSV file.", "Save the sheet as “CSV UTF-8” and upload that."
            )
            raise ImportFileError(name, (problem,))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ImportFileError(
            name, (ImportProblem("The file is encoded as UTF-16.", "Save it as “CSV UTF-8” and upload that."),)
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        description = f"The byte {data[error.start]:#04x} is not UTF-8, so the character can't be read."
        fix = "Save the file as “CSV UTF-8” and upload that."
        raise ImportFileError(name, (ImportProblem(description, fix, row=row),)) from error
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        problem = ImportProblem(
            "The file contains a NUL byte, so it is not a text file.", "Export the file again.", row=row
        )
        raise ImportFileError(name, (problem,))
    return text


def _heading_problems(headings: tuple[str, ...]) -> list[ImportProblem]:
    repeated = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    problems = [
        ImportProblem("This heading appears more than once.", "Keep only one of the columns.", row=1, column=heading)
        for heading in repeated
    ]
    if any(not heading for heading in headings):
        number = headings.index("") + 1
        problems.append(
            ImportProblem(f"Column {number} has no heading.", "Give it a heading, or remove the column.", row=1)
        )
    return problems


def _wrong_length(row: int, cells: int, columns: int) -> ImportProblem:
    if cells < columns:
        return ImportProblem(
            f"The row ends after {cells} of {columns} columns.",
            "The file may be cut off, or a comma may be missing. Export the file again.",
            row=row,
        )
    return ImportProblem(
        f"The row has {cells} cells for {columns} columns.",
        "A cell may contain a comma without quotation marks around it. Export the file again.",
        row=row,
    )


def _formula_problems(row: CsvRow) -> list[ImportProblem]:
    return [
        ImportProblem(
            f"“{cell[:40]}” starts like a spreadsheet formula.",
            "Replace it with the plain value. Formulas are not read.",
            row=row.number,
            column=heading,
        )
        for heading, cell in row.cells.items()
        if cell.startswith(FORMULA_STARTS) or (cell.startswith("-") and not cell[1:2].isdigit())
    ]
