"""Reads a CSV or Excel file into rows of text, as a person sees them, with the address of each cell.

What a sheet shows and what it holds can differ. Merged cells, hidden rows, formulas without a stored result and numbers
shown as text are named, and nothing is guessed in silence.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from evenhand.registers.formula_signs import unescaped

MAX_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 5_000, 100, 10_000
ZIP_SIGNATURE, OLD_EXCEL_SIGNATURE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LINES_TRIED = 20
ENCODINGS = ("utf-8-sig", "cp1252")


class UnreadableSheet(ValueError):
    """The file cannot be read as a sheet: the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    number: int  # as the program in which it was written counts them
    cells: tuple[str, ...]

    def address(self, column: int) -> str:
        return f"{get_column_letter(column + 1)}{self.number}"


@dataclass(frozen=True)
class Sheet:
    name: str  # empty for a CSV file
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()  # what the reader should know about how it was read


def read_sheet(data: bytes, file_name: str) -> Sheet:
    """The first sheet of the file that has anything in it. Raises UnreadableSheet."""
    if not data.strip():
        raise UnreadableSheet(_("The file is empty."))
    if len(data) > MAX_BYTES:
        raise UnreadableSheet(_("The file is larger than 5 MB. Leave out pictures and other sheets."))
    if data.startswith(OLD_EXCEL_SIGNATURE):
        raise UnreadableSheet(_("This is an old Excel file (.xls). Open it in Excel and save it as .xlsx or CSV."))
    sheet = _read_xlsx(data) if data.startswith(ZIP_SIGNATURE) else _read_csv(data, file_name)
    if not sheet.rows:
        raise UnreadableSheet(_("There is nothing in the file."))
    if len(sheet.rows) > MAX_ROWS:
        raise UnreadableSheet(_("The file has more than 5,000 rows. Divide it."))
    return sheet


def _read_csv(data: bytes, file_name: str) -> Sheet:
    if data.startswith(b"%PDF") or b"\x00" in data:
        raise UnreadableSheet(
            _("“%(name)s” is neither a CSV file nor an Excel file. Save the table as CSV or .xlsx.")
            % {"name": file_name}
        )
    text, notes = _decoded(data)
    delimiter = _delimiter(text)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableSheet(_("The file is not a valid CSV file: %(error)s.") % {"error": error}) from error
    rows = (Row(number, tuple(unescaped(cell.strip()) for cell in cells)) for number, cells in enumerate(records, 1))
    return Sheet("", tuple(_checked(rows)), tuple(notes))


def _decoded(data: bytes) -> tuple[str, list[str]]:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        note = [_("The file is not in UTF-8. It was read as Windows text: check accents and pound signs.")]
        return text, note if encoding != ENCODINGS[0] else []
    raise UnreadableSheet(_("The characters of the file cannot be read. Save it as “CSV UTF-8”."))


def _delimiter(text: str) -> str:
    """The sign that divides one of the first lines into most parts: titles above the table may have a comma too."""
    lines = text.splitlines()[:LINES_TRIED]
    return max(",;\t", key=lambda sign: max((line.count(sign) for line in lines), default=0))


def _read_xlsx(data: bytes) -> Sheet:
    _check_package(data)
    try:
        shown = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        written = load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile, SyntaxError) as error:
        raise UnreadableSheet(_("The Excel file is damaged. Open it in Excel and save it again.")) from error
    for name in shown.sheetnames:
        sheet = shown[name]
        if not hasattr(sheet, "iter_rows"):  # a sheet that is a chart
            continue
        rows, notes = _rows_of(sheet, written[name])
        if rows:
            others = [other for other in shown.sheetnames if other != name]
            if others:
                notes.append(_("Only the sheet “%(name)s” was read.") % {"name": name})
            return Sheet(name, tuple(rows), tuple(notes))
    return Sheet("", ())


def _check_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names, unpacked = package.namelist(), sum(part.file_size for part in package.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableSheet(_("The Excel file is damaged. Open it in Excel and save it again.")) from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableSheet(_("The Excel file is too large when unpacked. Copy the table into a new file."))
    if "xl/workbook.xml" not in names:
        raise UnreadableSheet(_("This is not an Excel file. Save the table as CSV or .xlsx."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableSheet(_("The file contains macros. Save it as .xlsx, without macros."))


def _rows_of(sheet: Any, written: Any) -> tuple[list[Row], list[str]]:
    if (sheet.max_row or 0) > MAX_ROWS * 2 or (sheet.max_column or 0) > MAX_COLUMNS * 10:
        raise UnreadableSheet(_("The sheet is too large. Copy at most 5,000 rows and 100 columns to a new file."))
    merged = {
        (row, column): sheet.cell(area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    notes = []
    if sheet.merged_cells.ranges:
        notes.append(_("The sheet has merged cells. Their text counts for every row that they cover."))
    rows = []
    for cells in sheet.iter_rows():
        number = cells[0].row
        values = []
        for cell in cells:
            source = merged.get((number, cell.column), cell)
            formula = written.cell(source.row, source.column).value
            if source.value is None and isinstance(formula, str) and formula.startswith("="):
                raise UnreadableSheet(
                    _("Cell %(cell)s has a formula without a stored result. Open the file in Excel and save it.")
                    % {"cell": source.coordinate}
                )
            values.append(_text_of(source))
        rows.append(Row(number, tuple(values)))
    hidden = sum(1 for row in rows if any(row.cells) and sheet.row_dimensions[row.number].hidden)
    if hidden:
        notes.append(
            ngettext("%(n)d hidden row was read too.", "%(n)d hidden rows were read too.", hidden) % {"n": hidden}
        )
    return list(_checked(rows)), notes


def _text_of(cell: Any) -> str:
    """What the cell shows, as far as text goes: dates as they are formatted, numbers without a needless “.0”."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime | date):
        return _date_text(value, str(cell.number_format))
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, int | float):
        if '"' in str(cell.number_format):
            raise UnreadableSheet(
                _("Cell %(cell)s shows something other than the number that it holds. Type what it shows as text.")
                % {"cell": cell.coordinate}
            )
        if "%" in str(cell.number_format):
            return f"{value * 100:g}%"
        return str(int(value)) if float(value).is_integer() else f"{value:g}"
    return str(value).strip()


def _date_text(value: date, number_format: str) -> str:
    return date_format(value, "j F Y" if "d" in number_format.lower() else "F Y")


def _checked(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with something in them, without empty columns at the end."""
    for row in rows:
        cells = list(row.cells)
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise UnreadableSheet(_("Row %(n)d has more than 100 columns.") % {"n": row.number})
        for position, cell in enumerate(cells):
            if len(cell) > MAX_CELL:
                raise UnreadableSheet(
                    _("Cell %(cell)s has more than 10,000 characters.") % {"cell": row.address(position)}
                )
        if cells:
            yield Row(row.number, tuple(cells))
