"""Sheets into a register: what is read, what is refused and in which cell, and that nothing is half done."""

import csv
import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from evenhand.action_plan.models import Action
from evenhand.action_plan.register import ACTIONS
from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority
from evenhand.authorities.queries import operator
from evenhand.ledger.models import Entry
from evenhand.registers import actions
from evenhand.registers.models import Post, StagedSheet
from evenhand.registers.sheets.reading import MAX_ROWS, UnreadableSheet, read_sheet
from support.authorities import calderdale_with_staff
from support.people_actions import somebody
from support.staff_pages import client_for, main_text

HEADINGS = ["Reference", "What will be done", "Responsible post", "By when", "State", "Partners"]


@pytest.fixture
def authority(db: None) -> Authority:
    body = calderdale_with_staff()
    actions.add(ACTIONS, body, by=operator(), values={"wording": "Publish the guidance", "due": "2026/27"})
    Post.objects.create(authority=body, title="Head of people", state="current")
    return body


@pytest.fixture
def officer(authority: Authority) -> Client:
    return client_for(somebody(Role.OFFICER, at=authority))


def csv_file(*rows: list[str], delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_file(*rows: list[Any], change: Any = None) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    if change is not None:
        change(workbook.active)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def upload(client: Client, authority: Authority, data: bytes, name: str = "plan.csv") -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(ACTIONS.url("sheet", authority), {"file": file}, follow=True)


def confirm(client: Client, response: Any) -> str:
    return main_text(client.post(response.redirect_chain[-1][0], follow=True))


ROWS = [
    ["ACT-001", "Publish the guidance for managers", "Head of people", "31 March 2027", "", "ACAS"],
    ["", "Offer every disabled applicant an interview", "", "Q2 2026/27", "In progress", ""],
    ["", "+2 points on the staff survey", "head of people", "every March", "completed", ""],
]


@pytest.mark.parametrize(
    "data",
    [
        csv_file(HEADINGS, *ROWS),
        csv_file(HEADINGS, *ROWS, delimiter=";"),
        csv_file(["Action plan 2026"], [], ["Draft, not agreed"], HEADINGS, *ROWS, delimiter="\t"),
        xlsx_file(HEADINGS, *ROWS),
        xlsx_file(["Action plan 2026"], [], HEADINGS, *ROWS),
    ],
    ids=["comma", "semicolon", "tabs below titles", "xlsx", "xlsx below titles"],
)
def test_a_sheet_is_checked_shown_and_imported(authority: Authority, officer: Client, data: bytes) -> None:
    shown = upload(officer, authority, data)
    text = main_text(shown)
    assert "New 2 Changed 1 Unchanged 0" in text
    assert "from “Publish the guidance” to “Publish the guidance for managers”" in text
    assert Action.objects.filter(authority=authority).count() == 1
    assert "Sheet imported: 2 added, 1 changed." in confirm(officer, shown)
    stored = {action.reference: action for action in Action.objects.filter(authority=authority)}
    assert [stored[f"ACT-00{n}"].state for n in (1, 2, 3)] == ["planned", "in_progress", "done"]
    assert stored["ACT-001"].owner == stored["ACT-003"].owner == Post.objects.get(title="Head of people")
    assert stored["ACT-002"].due_last == date(2026, 9, 30)
    assert stored["ACT-003"].wording == "+2 points on the staff survey"
    assert not StagedSheet.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_and_imported_again_changes_nothing(authority: Authority, officer: Client, form: str) -> None:
    for wording in ("=1+1", "+2 points", "'quoted", "Two\nlines", "A; B, C", "Ünïcode £"):
        values = {"wording": wording, "due": "31 March 2026", "money": "-5%", "blocked_by": "@home"}
        actions.add(ACTIONS, authority, by=operator(), values=values)
    exported = officer.get(ACTIONS.url("file", authority, form)).content
    text = main_text(upload(officer, authority, exported, f"plan.{form}"))
    assert "New 0 Changed 0 Unchanged 7" in text
    assert "Nothing would change" in text


def test_a_sheet_with_its_own_numbers_finds_its_records_again(authority: Authority, officer: Client) -> None:
    headings = ["Number", "Title", "Theme", "Description", "Status", "Late", "Partners", "Budget", "Start", "End"]
    rows = [
        ["1.1", "Offer interviews", "Employer", "Longer text", "In progress", "no", "", "£500", "2024-04", "Ongoing"],
        ["1.2", "Train front desks", "Services", "", "Not started", "", "Deaf society", "", "", "Q4 2026/27"],
    ]
    shown = upload(officer, authority, csv_file(headings, *rows))
    for heading in ("Theme", "Description", "Late", "Start"):
        assert f"The column “{heading}” is not imported." in main_text(shown)
    confirm(officer, shown)
    rows[1][1] = "Train every front desk"
    again = main_text(upload(officer, authority, csv_file(headings, *rows)))
    assert "New 0 Changed 1 Unchanged 1" in again
    assert "from “Train front desks” to “Train every front desk”" in again
    twice = main_text(upload(officer, authority, csv_file(headings, rows[0], rows[0])))
    assert "A2 “1.1” is in more than one row." in twice


def test_a_state_in_the_sheet_is_reached_by_its_steps(authority: Authority, officer: Client) -> None:
    def with_state(state: str) -> bytes:
        return csv_file(HEADINGS, ["ACT-001", "Publish the guidance", "", "2026/27", state])

    shown = upload(officer, authority, with_state("Complete"))
    assert "State: from “Planned” to “Done”" in main_text(shown)
    confirm(officer, shown)
    record = Action.objects.get(authority=authority)
    assert record.state == "done"
    steps = Entry.objects.filter(subject_id=record.id, action="registers.move").order_by("position")
    assert [entry.payload.content["after"]["state"] for entry in steps] == ["in_progress", "done"]
    assert {entry.payload.content["reason"] for entry in steps} == {"From the sheet “plan.csv”"}
    again = upload(officer, authority, with_state("Done"))
    assert "Nothing would change" in main_text(again)
    Action.objects.update(state="stopped")
    refused = upload(officer, authority, with_state("Done"))
    assert "E2 The state is “Stopped”, and cannot become “Done”." in main_text(refused)


FAULTS = [
    (["ACT-099", "No such number"], "A2", "There is no “ACT-099” here"),
    (["", ""], "", ""),  # an empty row is left out
    (["", "", "Head of people"], "B2", "This field cannot be blank"),
    (["", "Something", "Nobody of this title"], "C2", "There is no post called “Nobody of this title”"),
    (["", "Something", "", "Spring"], "D2", "“Spring” cannot be read as a date"),
    (["", "Something", "", "Q2 2026"], "D2", "which financial year"),
    (["", "Something", "", "03/31/2026"], "D2", "The day comes before the month"),
    (["", "Something", "", "2011-12"], "D2", "a month or a financial year"),
    (["", "Something", "", "", "Amber"], "E2", "“Amber” is not a state. Use one of: Planned"),
    (["", "x" * 2_001], "B2", "at most 2000 characters"),
    (["", "Something", "", "", "", "p" * 501], "F2", "at most 500 characters"),
    (["ACT-001", ""], "B2", "This field cannot be blank"),
]


@pytest.mark.parametrize(("row", "cell", "message"), [fault for fault in FAULTS if fault[1]])
@pytest.mark.parametrize("write", [csv_file, xlsx_file], ids=["csv", "xlsx"])
def test_each_fault_is_named_with_its_cell_and_nothing_is_imported(
    authority: Authority, officer: Client, write: Any, row: list[str], cell: str, message: str
) -> None:
    text = main_text(upload(officer, authority, write(HEADINGS, row, ["", "A good row"])))
    assert "Nothing was imported." in text
    assert f"{cell} " in text
    assert message in text
    assert not StagedSheet.objects.exists()


def test_all_faults_of_two_hundred_rows_are_named_at_once(authority: Authority, officer: Client) -> None:
    rows = [FAULTS[number % len(FAULTS)][0] for number in range(198)]
    rows = [[f"ACT-{number}" if row[0] == "ACT-099" else row[0], *row[1:]] for number, row in enumerate(rows, 100)]
    rows += [["ACT-001", "Twice"], ["ACT-001", "Twice"]]
    text = main_text(upload(officer, authority, csv_file(HEADINGS, *rows)))
    assert "is in more than one row" in text
    assert "There is no “ACT-100” here" in text
    assert Action.objects.filter(authority=authority).count() == 1


def _merge(sheet: Any) -> None:
    sheet.merge_cells("D2:D3")


def _hide(sheet: Any) -> None:
    sheet.row_dimensions[2].hidden = True


@pytest.mark.parametrize(
    ("change", "note"),
    [(_merge, "The sheet has merged cells."), (_hide, "1 hidden row was read too.")],
    ids=["merged", "hidden"],
)
def test_what_a_sheet_hides_is_said(authority: Authority, officer: Client, change: Any, note: str) -> None:
    rows = [["", "One", "", "2026/27"], ["", "Two"]]
    shown = upload(officer, authority, xlsx_file(HEADINGS, *rows, change=change), "plan.xlsx")
    assert note in main_text(shown)
    confirm(officer, shown)
    two = Action.objects.get(authority=authority, wording="Two")
    assert two.due == ("2026/27" if change is _merge else "")


def test_a_date_of_excel_is_read_as_it_is_shown(authority: Authority, officer: Client) -> None:
    def shape(sheet: Any) -> None:
        sheet["D2"].number_format, sheet["D3"].number_format = "dd/mm/yyyy", "mmm-yy"

    rows = [["", "One", "", date(2026, 3, 31)], ["", "Two", "", date(2026, 3, 1)], ["", "Three", "", 2027]]
    confirm(officer, upload(officer, authority, xlsx_file(HEADINGS, *rows, change=shape), "plan.xlsx"))
    due = dict(Action.objects.filter(authority=authority).values_list("wording", "due"))
    assert (due["One"], due["Two"], due["Three"]) == ("31 March 2026", "March 2026", "2027")


def test_columns_that_are_not_known_are_listed(authority: Authority, officer: Client) -> None:
    text = main_text(upload(officer, authority, csv_file(["Action", "Theme", "Action"], ["New one", "Work", "again"])))
    assert "The column “Theme” is not imported." in text
    assert "New 1" in text


def _formula(sheet: Any) -> None:
    sheet["B2"] = "=A2&B3"


def _masked(sheet: Any) -> None:
    sheet["F2"], sheet["F2"].number_format = 3, '"<5"'


def _with_macros() -> bytes:
    file = io.BytesIO(xlsx_file(HEADINGS))
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    return file.getvalue()


def _bomb() -> bytes:
    file = io.BytesIO(xlsx_file(HEADINGS))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/big.bin", b"\0" * 120_000_000)
    return file.getvalue()


def _not_a_workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"%PDF-1.7 ...", "neither a CSV file nor an Excel file"),
        (b"\xd0\xcf\x11\xe0 old", "an old Excel file"),
        (b"PK\x03\x04 broken", "The Excel file is damaged"),
        (_not_a_workbook(), "This is not an Excel file"),
        (_with_macros(), "contains macros"),
        (_bomb(), "too large when unpacked"),
        (b"x," * 3_000_000, "larger than 5 MB"),
        (csv_file(*[["a", "b"]] * (MAX_ROWS + 1)), "more than 5,000 rows"),
        (b'a,b\n"open quote,1\n', "not a valid CSV file"),
        (csv_file(["x"] * 101), "more than 100 columns"),
        (csv_file(["x" * 10_001]), "Cell A1 has more than 10,000 characters"),
        (xlsx_file(HEADINGS, [""], change=_formula), "B2 has a formula without a stored result"),
        (xlsx_file(HEADINGS, [""], change=_masked), "F2 shows something other than the number"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableSheet, match=message):
        read_sheet(data, "plan.csv")


def test_a_file_without_known_headings_and_no_file_say_what_to_do(authority: Authority, officer: Client) -> None:
    text = main_text(upload(officer, authority, csv_file(["Shoes", "Size"], ["Brown", "9"])))
    assert "No row of the file has headings that we know. Name the columns like this: Reference, Number" in text
    assert "Choose a file." in main_text(officer.post(ACTIONS.url("sheet", authority)))


def test_windows_text_is_read_and_said(authority: Authority, officer: Client) -> None:
    data = csv_file(["Action", "Budget"], ["Café for carers", "£500"], encoding="cp1252")
    shown = upload(officer, authority, data)
    assert "not in UTF-8" in main_text(shown)
    confirm(officer, shown)
    assert Action.objects.get(authority=authority, money="£500").wording == "Café for carers"


def test_a_change_after_the_check_is_not_overwritten(authority: Authority, officer: Client) -> None:
    shown = upload(officer, authority, csv_file(HEADINGS, *ROWS))
    record = Action.objects.get(authority=authority)
    actions.change(ACTIONS, record, by=operator(), version=1, values={"wording": "Changed meanwhile"})
    text = confirm(officer, shown)
    assert "Row 2: somebody changed this record after you uploaded the sheet." in text
    assert Action.objects.filter(authority=authority).count() == 1


def test_a_checked_sheet_is_for_its_person_alone_for_a_day_and_imported_once(
    authority: Authority, officer: Client
) -> None:
    shown = upload(officer, authority, csv_file(HEADINGS, *ROWS))
    address = shown.redirect_chain[-1][0]
    assert client_for(somebody(Role.APPROVER, at=authority)).get(address).status_code == 410
    assert officer.get(address).status_code == 200
    StagedSheet.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    assert officer.get(address).status_code == 410
    StagedSheet.objects.update(uploaded_at=timezone.now())
    officer.post(address)
    assert officer.post(address).status_code == 410
    assert Action.objects.filter(authority=authority).count() == 3
    assert Entry.objects.filter(action="registers.import_sheet", authority_id=authority.id).count() == 1


def test_a_sheet_that_two_requests_import_at_once_is_imported_once(authority: Authority, officer: Client) -> None:
    """The second request read the sheet before the first had imported it."""
    upload(officer, authority, csv_file(HEADINGS, *ROWS))
    read_by_both = StagedSheet.objects.get()
    actions.import_sheet(ACTIONS, StagedSheet.objects.get(), by=operator())
    with pytest.raises(NotPossible, match="imported already"):
        actions.import_sheet(ACTIONS, read_by_both, by=operator())
    assert Action.objects.filter(authority=authority).count() == 3


@pytest.mark.long
def test_five_thousand_rows(authority: Authority, officer: Client) -> None:
    rows = [["", f"Action {number}", "", "2026/27"] for number in range(MAX_ROWS - 1)]
    for data in (csv_file(HEADINGS, *rows), xlsx_file(HEADINGS, *rows)):
        assert "New 4,999" in main_text(upload(officer, authority, data))
