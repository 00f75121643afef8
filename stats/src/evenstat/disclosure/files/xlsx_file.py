"""Workbooks (XLSX), in and out: labels and whole numbers, nothing that works something out."""

import datetime
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]

from evenstat.disclosure.files.sheet import Sheet, sheet_of
from evenstat.errors import InvalidInput

MOST_UNPACKED = 100_000_000  # bytes; a workbook is a packed folder, and a small one may unpack to fill a disk
MOST_CELLS = 2_000_000  # of one sheet, the empty ones between its corners included
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a packed folder can say


def read_xlsx(place: str, content: bytes, wanted: str | None = None) -> Sheet:
    """The sheet `wanted`, or the only one that is not empty."""
    _refuse_what_unpacks_too_large(place, content)
    found = _chosen(place, _opened(place, content, values=False), wanted)
    name = f"{place}, sheet {found.title}"
    _refuse_what_no_table_has(name, found)
    formulas = {(cell.row, cell.column) for cells in found.iter_rows() for cell in cells if cell.data_type == "f"}
    shown = _opened(place, content, values=True)[found.title] if formulas else found
    return sheet_of(name, _lines(name, shown, formulas))


def write_xlsx(rows: Iterable[Sequence[str | int | None]], title: str) -> bytes:
    """A workbook of one sheet; the same bytes for the same rows, with the same version of openpyxl."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for number, cells in enumerate(rows, 1):
        for column, value in enumerate(cells, 1):
            if value is not None:
                cell = sheet.cell(number, column, value)
                cell.data_type = "s" if isinstance(value, str) else "n"  # a label such as =1+1 is no formula
    sheet.freeze_panes = "A2"
    packed = BytesIO()
    book.save(packed)
    return _without_dates(packed)


def _opened(place: str, content: bytes, *, values: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on styles and the like, which do not matter here
        try:
            return load_workbook(BytesIO(content), data_only=values)
        except Exception as error:  # a damaged workbook fails in as many ways as there are parts of it
            raise InvalidInput(f"{place}: this workbook cannot be read. Open it and save it again.") from error


def _refuse_what_unpacks_too_large(place: str, content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as packed:
            size = sum(each.file_size for each in packed.infolist())
    except BadZipFile as error:
        raise InvalidInput(
            f"{place}: this is not an XLSX workbook, or it has a password. Save it as XLSX without one, or as CSV."
        ) from error
    if size > MOST_UNPACKED:
        raise InvalidInput(
            f"{place}: this workbook unpacks to {size:,} bytes, and {MOST_UNPACKED:,} are read at most."
            " Save the sheet alone as CSV."
        )


def _chosen(place: str, book: Any, wanted: str | None) -> Any:
    names = [sheet.title for sheet in book.worksheets]
    if wanted is not None:
        if wanted not in names:
            raise InvalidInput(f"{place}: there is no sheet {wanted!r}. The sheets are: {', '.join(names)}.")
        return book[wanted]
    filled = [sheet for sheet in book.worksheets if sheet.max_row > 1 or sheet.max_column > 1]
    if not filled:
        raise InvalidInput(f"{place}: there is nothing in it. The first row names the columns.")
    if len(filled) > 1:
        several = ", ".join(sheet.title for sheet in filled)
        raise InvalidInput(f"{place}: there are several sheets ({several}). Choose one with --sheet NAME.")
    return filled[0]


def _refuse_what_no_table_has(name: str, sheet: Any) -> None:
    if sheet.merged_cells.ranges:
        merged = str(min(sheet.merged_cells.ranges, key=lambda each: (each.min_row, each.min_col)))
        raise InvalidInput(f"{name}: the cells {merged} are merged. Unmerge them and write the label in every row.")
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        raise InvalidInput(
            f"{name}: the sheet reaches to {sheet.dimensions.split(':')[-1]}, {MOST_CELLS:,} cells are read at most."
            " Delete the empty rows and columns below and beside the table."
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
        raise InvalidInput(f"{place}: this is the error {value}. Mend the formula, or write the value.")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        raise InvalidInput(
            f"{place}: this is a date or a time, perhaps made by the spreadsheet of a label such as 5-9."
            " Format the column as text and write the label again."
        )
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def _without_dates(packed: BytesIO) -> bytes:
    """The same folder without the moment at which it was packed."""
    result = BytesIO()
    with ZipFile(packed) as source, ZipFile(result, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            entry = ZipInfo(name, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, content)
    return result.getvalue()
