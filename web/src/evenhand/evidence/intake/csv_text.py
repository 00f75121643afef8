"""From bytes to the rows of a CSV file, or to what is wrong with it."""

import csv
import io
from dataclasses import dataclass

from evenhand.evidence.intake.faults import Fault, FileRefused

LARGEST_FILE_BYTES = 5_000_000

# The first bytes of what people send instead of a CSV file.
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
class Row:
    """A row with its number as a spreadsheet shows it: the heading is row 1."""

    number: int
    cells: dict[str, str]


def read_rows(data: bytes, name: str) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The headings and the rows. Raises FileRefused with every fault of form."""
    text = _text(data, name)
    lines: list[list[str]] = []
    try:
        # One by one, so that the row that can't be read is known: it is the one after those that could.
        lines.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as fault:
        what = f"The row can't be read as CSV ({fault})."
        mend = "A quotation mark is not closed, the file is cut off, or a cell is far too long: export it again."
        raise FileRefused(name, (Fault(what, mend, row=len(lines) + 1),)) from fault
    headings = tuple(heading.strip() for heading in lines[0]) if lines else ()
    faults = [*_heading_faults(headings)]
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            faults.append(_ragged(number, len(cells), len(headings)))
            continue
        row = Row(number, {heading: cell.strip() for heading, cell in zip(headings, cells, strict=True)})
        faults += _formula_faults(row)
        rows.append(row)
    if not rows and not faults:
        faults.append(Fault("The file has headings and no rows.", "Add a row for each year, or choose another file."))
    if faults:
        raise FileRefused(name, tuple(faults))
    return headings, tuple(rows)


def _text(data: bytes, name: str) -> str:
    if not data.strip():
        raise FileRefused(name, (Fault("The file is empty.", "Choose the file that holds the counts."),))
    if len(data) > LARGEST_FILE_BYTES:
        raise FileRefused(name, (Fault("The file is over 5 MB.", "Send the counts alone, one row a year."),))
    for start, kind in OTHER_TYPES:
        if data.lstrip()[: len(start)] == start:
            raise FileRefused(
                name,
                (Fault(f"This is {kind}, not a CSV file.", "Save the sheet as “CSV UTF-8” and send that."),),
            )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FileRefused(name, (Fault("The file is in UTF-16.", "Save it as “CSV UTF-8” and send that."),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = data.count(b"\n", 0, fault.start) + 1
        what = f"The byte {data[fault.start]:#04x} is not UTF-8, so its letter can't be known."
        raise FileRefused(name, (Fault(what, "Save the file as “CSV UTF-8” and send that.", row=row),)) from fault
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        raise FileRefused(name, (Fault("The file holds a NUL byte: it isn't text.", "Export it again.", row=row),))
    return text


def _heading_faults(headings: tuple[str, ...]) -> list[Fault]:
    repeated = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    faults = [Fault("This heading stands twice.", "Keep one of the two columns.", row=1, column=h) for h in repeated]
    if any(not heading for heading in headings):
        place = headings.index("") + 1
        faults.append(Fault(f"Column {place} has no heading.", "Name it, or remove the column.", row=1))
    return faults


def _ragged(number: int, found: int, wanted: int) -> Fault:
    if found < wanted:
        return Fault(
            f"The row ends after {found} of {wanted} columns.",
            "The file is cut off or a comma is missing: export it again.",
            row=number,
        )
    return Fault(
        f"The row has {found} cells for {wanted} columns.",
        "A comma stands inside a cell that is not in quotation marks: export it again.",
        row=number,
    )


def _formula_faults(row: Row) -> list[Fault]:
    return [
        Fault(
            f"“{cell[:40]}” begins like a spreadsheet formula.",
            "Put the plain value in its place: formulas are never taken in.",
            row=row.number,
            column=heading,
        )
        for heading, cell in row.cells.items()
        if cell.startswith(FORMULA_STARTS) or (cell.startswith("-") and not cell[1:2].isdigit())
    ]
