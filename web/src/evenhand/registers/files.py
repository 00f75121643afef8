"""A list as a file: CSV, or an Excel workbook. What a person wrote is text there and never a formula."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime

import xlsxwriter
from django.utils.translation import gettext as _

from evenhand.authorities.invented import MARK
from evenhand.authorities.models import Authority
from evenhand.registers.display import NOTHING, shown
from evenhand.registers.formula_signs import escaped
from evenhand.registers.register import Register

WIDEST = 60  # characters


def heading(register: Register, authority: Authority) -> list[str]:
    labels = [str(column.label) for column in register.columns]
    return [*labels, _("Mark")] if authority.invented else labels


def rows(register: Register, authority: Authority, records: Iterable[object]) -> Iterable[list[object]]:
    for record in records:
        values = [column.value(record) for column in register.columns]
        yield [*values, MARK] if authority.invented else values


def to_csv(register: Register, authority: Authority, records: Iterable[object]) -> bytes:
    """UTF-8 with a byte order mark, without which Excel reads other encodings into it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heading(register, authority))
    for values in rows(register, authority, records):
        writer.writerow([escaped(_text(value)) for value in values])
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(register: Register, authority: Authority, records: Iterable[object]) -> bytes:
    """A workbook with a heading that stays in view, filters, and dates that are dates."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        day = workbook.add_format({"num_format": "d mmmm yyyy", "valign": "top", "align": "left"})
        sheet = workbook.add_worksheet(str(register.words.items)[:31])
        labels = heading(register, authority)
        sheet.write_row(0, 0, labels, bold)
        widths = [len(label) for label in labels]
        number = 0
        for number, values in enumerate(rows(register, authority, records), 1):
            for position, value in enumerate(values):
                widths[position] = max(widths[position], len(_text(value)))
                if isinstance(value, date) and not isinstance(value, datetime):
                    sheet.write_datetime(number, position, value, day)
                elif isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(number, position, value)
                else:
                    sheet.write_string(number, position, _text(value), wrapped)
        for position, width in enumerate(widths):
            sheet.set_column(position, position, min(width + 2, WIDEST))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, number, len(labels) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return file.getvalue()


def _text(value: object) -> str:
    text = shown(value)
    return "" if text == NOTHING else text
