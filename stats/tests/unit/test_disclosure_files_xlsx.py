"""Workbooks: which sheets are read as tables, and which cells are refused."""

import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from evenstat.disclosure.files import read, write
from evenstat.errors import InvalidInput

ROWS = [("grade", "n"), ("G1", 12), ("G2", 30)]


def workbook(folder, rows=ROWS, name="staff.xlsx", **other_sheets):
    book = Workbook()
    book.active.title = "Staff"
    for row in rows:
        book.active.append(row)
    for title, sheet_rows in other_sheets.items():
        sheet = book.create_sheet(title)
        for row in sheet_rows:
            sheet.append(row)
    book.save(folder / name)
    return folder / name


def with_change(path, change):
    book = load_workbook(path)
    change(book.active)
    book.save(path)
    return path


def test_a_sheet_is_read_like_the_same_csv(tmp_path):
    (tmp_path / "staff.csv").write_text("grade,n\nG1,12\nG2,30\n")
    sheets = read(workbook(tmp_path)), read(tmp_path / "staff.csv")
    assert sheets[0].columns == sheets[1].columns
    assert sheets[0].rows == sheets[1].rows


def test_numbers_are_read_as_displayed(tmp_path):
    path = workbook(tmp_path, [("grade", "n"), (1, 12.0), (" G2 ", 2.5), (None, None), (True, -3)])
    assert [row.cells for row in read(path).rows] == [("1", "12"), ("G2", "2.5"), ("TRUE", "-3")]
    assert [row.number for row in read(path).rows] == [2, 3, 5]


def test_one_of_several_sheets_must_be_chosen(tmp_path):
    path = workbook(tmp_path, Leavers=ROWS[:2], Empty=[])
    with pytest.raises(InvalidInput, match=r"several sheets \(Staff, Leavers\). Choose one with --sheet"):
        read(path)
    assert len(read(path, "Leavers").rows) == 1
    with pytest.raises(InvalidInput, match=r"no sheet 'staff'\. The sheets are: Staff, Leavers, Empty"):
        read(path, "staff")


def test_an_empty_second_sheet_is_ignored(tmp_path):
    assert len(read(workbook(tmp_path, Notes=[])).rows) == 2


def test_formulas_are_read_by_their_stored_value(tmp_path):
    path = with_change(workbook(tmp_path), lambda sheet: sheet.cell(2, 2, "=6+6"))
    with pytest.raises(InvalidInput, match="sheet Staff, cell B2: this formula has no value"):
        read(path)
    packed = {name: ZipFile(path).read(name) for name in ZipFile(path).namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert (
        b"<f>6+6</f><v />" in packed[name] or b"<f>6+6</f><v></v>" in packed[name] or b"<f>6+6</f><v/>" in packed[name]
    )
    packed[name] = (
        packed[name].replace(b"<v />", b"<v>12</v>").replace(b"<v></v>", b"<v>12</v>").replace(b"<v/>", b"<v>12</v>")
    )
    with ZipFile(path, "w") as target:
        for member, content in packed.items():
            target.writestr(member, content)
    assert read(path).rows[0].cells == ("G1", "12")


REFUSALS = {
    "merged": (lambda sheet: sheet.merge_cells("A2:A3"), "the cells A2:A3 are merged"),
    "a date": (lambda sheet: sheet.cell(3, 1, datetime.date(2026, 5, 9)), "cell A3: this is a date or a time"),
    "an error": (lambda sheet: sheet.cell(3, 2, "#REF!"), "cell B3: this is the error #REF!"),
    "far away": (lambda sheet: sheet.cell(1_048_576, 16_384, "x"), "reaches to XFD1048576"),
    "column without name": (lambda sheet: sheet.cell(1, 4, "x"), "row 1: column 3 has no name"),
    "extra cell": (lambda sheet: sheet.cell(2, 4, "x"), "row 2: 4 cells, but the first row has 2 columns"),
    "column twice": (lambda sheet: sheet.cell(1, 2, "grade"), "row 1: there are two columns 'grade'"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_sheet_that_is_not_a_table_is_refused(case, tmp_path):
    change, message = REFUSALS[case]
    path = with_change(workbook(tmp_path), change)
    with pytest.raises(InvalidInput) as raised:
        read(path)
    assert message in str(raised.value)
    assert "staff.xlsx, sheet Staff" in str(raised.value)


def test_an_empty_workbook_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="the workbook is empty"):
        read(workbook(tmp_path, []))


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as packed, packed.open("xl/worksheets/sheet1.xml", "w") as member:
        for _ in range(101):
            member.write(bytes(1_000_000))
    assert path.stat().st_size < 200_000
    with pytest.raises(InvalidInput, match="unpacks to 101,000,000 bytes"):
        read(path)


@pytest.mark.parametrize("content", [b"grade,n\nG1,2\n", b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_not_a_workbook_is_refused(content, tmp_path):
    path = tmp_path / "staff.xlsx"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"not an XLSX workbook|cannot be read"):
        read(path)


def test_a_corrupted_byte_never_raises_another_error(tmp_path):
    original = workbook(tmp_path).read_bytes()
    path = tmp_path / "staff.xlsx"
    for at in range(0, len(original), 41):
        path.write_bytes(original[:at] + bytes([original[at] ^ 0xFF]) + original[at + 1 :])
        try:
            read(path)
        except InvalidInput as error:
            assert "staff.xlsx" in str(error)  # noqa: PT017 - most changes have no effect


def test_output_is_identical_on_every_run_and_no_label_becomes_a_formula(tmp_path):
    rows = [("grade", "n", "status"), ("=1+1", 3, "published"), ("@x", None, "primary")]
    for name in ("one.xlsx", "two.xlsx"):
        write(tmp_path / name, rows, title="pattern")
    content = (tmp_path / "one.xlsx").read_bytes()
    assert content == (tmp_path / "two.xlsx").read_bytes()
    assert {entry.date_time[0] for entry in ZipFile(BytesIO(content)).infolist()} == {1980}
    assert read(tmp_path / "one.xlsx").rows[0].cells == ("=1+1", "3", "published")
    assert load_workbook(tmp_path / "one.xlsx").active["A2"].data_type == "s"
