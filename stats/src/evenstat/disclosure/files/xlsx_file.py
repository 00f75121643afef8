"""Reads and writes workbooks (XLSX): labels and whole numbers, without formulas."""

import datetime
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook

from evenstat.disclosure.files.sheet import Sheet, sheet_of
from evenstat.errors import InvalidInput

MAX_UNPACKED_BYTES = 100_000_000  # bytes; a workbook is a ZIP archive, and a small one may unpack to fill a disk
MAX_CELLS = 2_000_000  # of one sheet, including empty cells
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date in a ZIP archive


def read_xlsx(place: str, content: bytes, sheet_name: str | None = None) -> Sheet:
    """The sheet with this name, or the only one that is not empty."""
    _refuse_large_archive(place, content)
    chosen_sheet = _chosen(place, _opened(place, content, values=False), sheet_name)
    name = f"{place}, sheet {chosen_sheet.title}"
    _refuse_unsupported_sheet(name, chosen_sheet)
    formulas = {
        (cell.row, cell.column) for cells in chosen_sheet.iter_rows() for cell in cells if cell.data_type == "f"
    }
    shown = _opened(place, content, values=True)[chosen_sheet.title] if formulas else chosen_sheet
    return sheet_of(name, _lines(name, shown, formulas))


def write_xlsx(rows: Iterable[Sequence[str | int | None]], title: str) -> bytes:
    """A workbook with one sheet; the same bytes for the same rows, with the same version of openpyxl."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for number, cells in enumerate(rows, 1):
        for column, value in enumerate(cells, 1):
            if value is not None:
                cell = sheet.cell(number, column, value)
                cell.data_type = "s" if isinstance(value, str) else "n"  # a label such as =1+1 is not a formula
    sheet.freeze_panes = "A2"
    archive = BytesIO()
    book.save(archive)
    return _without_dates(archive)


def _opened(place: str, content: bytes, *, values: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles, which are not used
        try:
            return load_workbook(BytesIO(content), data_only=values)
        except Exception as error:  # damaged workbooks raise many kinds of error
            raise InvalidInput(f"{place}: this workbook cannot be read. Open it and save it again.") from error


def _refuse_large_archive(place: str, content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except BadZipFile as error:
        raise InvalidInput(
            f"{place}: this is not an XLSX workbook, or it has a password. Save it as XLSX without one, or as CSV."
        ) from error
    if size > MAX_UNPACKED_BYTES:
        raise InvalidInput(
            f"{place}: this workbook unpacks to {size:,} bytes; the maximum is {MAX_UNPACKED_BYTES:,}."
            " Save only this sheet, as CSV."
        )


def _chosen(place: str, book: Any, sheet_name: str | None) -> Any:
    names = [sheet.title for sheet in book.worksheets]
    if sheet_name is not None:
        if sheet_name not in names:
            raise InvalidInput(f"{place}: there is no sheet {sheet_name!r}. The sheets are: {', '.join(names)}.")
        return book[sheet_name]
    filled = [sheet for sheet in book.worksheets if sheet.max_row > 1 or sheet.max_column > 1]
    if not filled:
        raise InvalidInput(f"{place}: the workbook is empty. The first row must contain the column names.")
    if len(filled) > 1:
        several = ", ".join(sheet.title for sheet in filled)
        raise InvalidInput(f"{place}: there are several sheets ({several}). Choose one with --sheet NAME.")
    return filled[0]


def _refuse_unsupported_sheet(name: str, sheet: Any) -> None:
    if sheet.merged_cells.ranges:
        merged = str(min(sheet.merged_cells.ranges, key=lambda cell_range: (cell_range.min_row, cell_range.min_col)))
        raise InvalidInput(f"{name}: the cells {merged} are merged. Unmerge them and enter the label in every row.")
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        raise InvalidInput(
            f"{name}: the sheet reaches to {sheet.dimensions.split(':')[-1]}, the maximum is {MAX_CELLS:,} cells."
            " Delete the empty rows and columns below and to the right of the table."
        )


def _lines(name: str, sheet: Any, formulas: set[tuple[int, int]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield number, [_text(name, cell, (cell.row, cell.column) in formulas) for cell in cells]


def _text(name: str, cell: Any, formula: bool) -> str:
    value = cell.value
    place = f"{name}, cell {cell.coordinate}"
    if formula and value is None:
        raise InvalidInput(
            f"{place}: this formula has no value in the file. Save it from a spreadsheet program, or paste the values."
        )
    if cell.data_type == "e":
        raise InvalidInput(f"{place}: this is the error {value}. Correct the formula, or enter the value.")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        raise InvalidInput(
            f"{place}: this is a date or a time, perhaps converted by the spreadsheet from a label such as 5-9."
            " Format the column as text and enter the label again."
        )
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def _without_dates(archive: BytesIO) -> bytes:
    """The same archive without its creation time."""
    result = BytesIO()
    with ZipFile(archive) as source, ZipFile(result, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            entry = ZipInfo(name, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, content)
    return result.getvalue()
