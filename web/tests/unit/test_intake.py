"""Broken files of workforce counts: each is refused whole, with the place and the mend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.evidence.enums import Origin
from evenhand.evidence.intake import FileRefused, read_source, read_workforce

HEAD = "published,organisation,employees,gender_female,gender_male,gender_undisclosed,ethnicity_white,ethnicity_asian"
GOOD = f"{HEAD}\n2026,Calderdale Council,100,60,40,,80,20\n"

BROKEN = {
    "empty file": (b"", "The file is empty"),
    "only headings": (HEAD.encode() + b"\n", "headings and no rows"),
    "cut off in a row": (f"{HEAD}\n2026,Calderdale Council,100,60".encode(), "row 2: The row ends after 4 of 8"),
    "a comma too many": (f"{HEAD}\n2026,Calderdale Council,100,60,40,,80,20,5\n".encode(), "row 2: The row has 9"),
    "open quotation mark": (
        f'{HEAD}\n2026,"Calderdale Council,100,60,40,,80,20\n'.encode(),
        "row 2: The row can't be read",
    ),
    "latin-1": (GOOD.replace("Calderdale", "Caldérdale").encode("latin-1"), "row 2: The byte 0xe9 is not UTF-8"),
    "utf-16": (GOOD.encode("utf-16"), "UTF-16"),
    "workbook": (b"PK\x03\x04" + b"\x00" * 60, "Excel workbook"),
    "old workbook": (b"\xd0\xcf\x11\xe0" + b"\x00" * 60, "old Excel workbook"),
    "pdf": (b"%PDF-1.7\n", "a PDF"),
    "parquet": (b"PAR1xxxx", "Parquet"),
    "json": (b'{"a": 1}', "JSON"),
    "nul byte": (GOOD.replace("100", "1\x0000").encode(), "NUL byte"),
    "parts above the total": (
        GOOD.replace(",60,", ",61,").encode(),
        "row 2, column gender_…: The groups add up to 101",
    ),
    "negative": (GOOD.replace(",60,", ",-6,").encode(), "row 2, column gender_female: -6 is below zero"),
    "fractional": (GOOD.replace(",60,", ",6.5,").encode(), "row 2, column gender_female: 6.5 is not a whole number"),
    "not a number": (GOOD.replace(",60,", ",n/a,").encode(), "row 2, column gender_female: “n/a” is not a number"),
    "suppressed mark": (GOOD.replace(",60,", ",*,").encode(), "row 2, column gender_female: “*” is not a number"),
    "huge": (GOOD.replace(",60,", ",99999999999,").encode(), "more people than any employer"),
    "unknown category": (GOOD.replace("ethnicity_asian", "ethnicity_martian").encode(), "column ethnicity_martian"),
    "unknown column": (GOOD.replace("ethnicity_asian", "shoe_size").encode(), "“shoe_size” is not a column"),
    "heading twice": (GOOD.replace("ethnicity_asian", "ethnicity_white").encode(), "This heading stands twice"),
    "no heading": (GOOD.replace("ethnicity_asian", "").encode(), "Column 8 has no heading"),
    "no total": (GOOD.replace(",100,", ",,").encode(), "row 2, column employees: The number of employees is missing"),
    "no employees": (GOOD.replace(",100,", ",0,").encode(), "column employees: The workforce is 0"),
    "missing column": (GOOD.replace("employees", "gender_other").encode(), "The column “employees” is missing"),
    "year twice": (
        (GOOD + GOOD.splitlines()[1] + "\n").encode(),
        "row 3, column published: Calderdale Council already",
    ),
    "year and month": (
        (GOOD + GOOD.splitlines()[1].replace("2026", "2026-03") + "\n").encode(),
        "row 3, column published",
    ),
    "not a year": (GOOD.replace("2026", "last year").encode(), "row 2, column published: “last year” is not a year"),
    "no organisation": (GOOD.replace("Calderdale Council", "").encode(), "column organisation"),
    "formula": (GOOD.replace(",60,", ",=SUM(A1),").encode(), "begins like a spreadsheet formula"),
    "formula in the name": (GOOD.replace("Calderdale", "@Calderdale").encode(), "row 2, column organisation"),
    "formula with a plus": (
        GOOD.replace("Calderdale", "+Calderdale").encode(),
        "column organisation: “+Calderdale Council” begins like",
    ),
    "formula with a minus": (
        GOOD.replace("Calderdale", "-Calderdale").encode(),
        "column organisation: “-Calderdale Council” begins like",
    ),
    "a year before living memory": (GOOD.replace("2026", "1066").encode(), "“1066” is not a year"),
    "a year to come": (GOOD.replace("2026", "2926").encode(), "“2926” is not a year"),
    "big-endian utf-16": (b"\xfe\xff" + GOOD.encode("utf-16-be"), "UTF-16"),
    "grouping of bodies": (
        b"published,organisation,employees,organisation_grouping,gender_male\n2026,X,10,Schools,10\n",
        "column organisation_grouping",
    ),
    "part of a body": (
        b"published,organisation,employees,organisation_level,gender_male\n2026,X,10,Directorate,10\n",
        "column organisation_level",
    ),
    "no counts": (b"published,organisation,employees\n2026,X,10\n", "no counts for any characteristic"),
    "parts above their group": (
        b"published,organisation,employees,ethnicity_white,ethnicity_white_british\n2026,X,10,4,5\n",
        "The parts of this group add up to 5",
    ),
    "another total": (
        b"published,organisation,employees,gender_male,gender_total\n2026,X,10,4,9\n",
        "The total given is 9, and there are 10",
    ),
    "full-width figures": (GOOD.replace(",60,", ",６０,").encode(), "is not a number"),
    "full-width year": (GOOD.replace("2026", "２０２６").encode(), "is not a year"),
    "a very long cell": (GOOD.replace("Calderdale", "C" * 200_000).encode(), "row 2: The row can't be read as CSV"),
    "carers above the total": (
        b"published,organisation,employees,gender_male,carer_yes\n2026,X,10,4,99\n",
        "column carer_…: The groups add up to 99",
    ),
    "too large": (b"a" * 5_000_001, "over 5 MB"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_refused_with_its_place(kind: str) -> None:
    data, says = BROKEN[kind]
    with pytest.raises(FileRefused) as refused:
        read_workforce(data, "counts.csv")
    assert says in str(refused.value)
    assert "nothing was stored" in str(refused.value)
    assert all(fault.mend for fault in refused.value.faults)


def test_every_fault_is_told_at_once() -> None:
    rows = "2026,A,100,-1,2.5,x,80,20\nlater,,100,1,1,,80,20\n"
    with pytest.raises(FileRefused) as refused:
        read_workforce(f"{HEAD}\n{rows}".encode(), "counts.csv")
    places = {(fault.row, fault.column) for fault in refused.value.faults}
    assert places == {
        (2, "gender_female"),
        (2, "gender_male"),
        (2, "gender_undisclosed"),
        (3, "published"),
        (3, "organisation"),
    }


def test_what_the_groups_leave_of_the_total_is_a_cell_hidden_at_source() -> None:
    (row,) = read_workforce(GOOD.replace(",80,20", ",80,15").encode(), "counts.csv")
    ethnicity = {each.category: each for each in row.counts if each.characteristic == "ethnicity"}
    assert (ethnicity["not_shown_at_source"].count, ethnicity["not_shown_at_source"].origin) == (5, Origin.REMAINDER)
    assert (ethnicity["black"].count, ethnicity["black"].origin) == (None, Origin.NOT_GIVEN)  # it has no column


def test_a_blank_is_not_given_and_a_zero_is_given() -> None:
    (row,) = read_workforce(GOOD.replace(",40,,", ",40,0,").encode(), "counts.csv")
    sex = {each.category: (each.count, each.origin) for each in row.counts if each.characteristic == "sex"}
    assert sex["not_known"] == (0, Origin.GIVEN)
    assert "not_shown_at_source" not in sex
    assert "other" not in sex  # few files have that column, and nothing is lost with it
    (row,) = read_workforce(GOOD.encode(), "counts.csv")
    sex = {each.category: (each.count, each.origin) for each in row.counts if each.characteristic == "sex"}
    assert sex["not_known"] == (None, Origin.NOT_GIVEN)


def test_whole_numbers_may_be_written_with_a_decimal_point_and_a_byte_order_mark() -> None:
    (row,) = read_workforce(b"\xef\xbb\xbf" + GOOD.replace(",100,", ",100.0,").encode(), "counts.csv")
    assert row.total == 100


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_bytes_bring_anything_but_a_refusal(data: bytes) -> None:
    with pytest.raises(FileRefused):
        read_workforce(data, "counts.csv")


@given(st.lists(st.sampled_from(["2026", "X", "10", "-1", "2.5", "", "=1", '"', "9" * 20, "é", "\t"]), max_size=9))
def test_no_row_brings_anything_but_a_refusal_or_a_row(cells: list[str]) -> None:
    try:
        rows = read_workforce(f"{HEAD}\n{','.join(cells)}\n".encode(), "counts.csv")
    except FileRefused:
        return
    assert all(row.total > 0 for row in rows)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = ", "can't be read as TOML"),
        ('colour = "red"', "“colour” is not known here"),
        ("title = 3", "“title” is not text"),
        (f'title = "{"x" * 201}"', "“title” is longer than 200"),
        ('address = "javascript:alert(1)"', "“address” is not a web address"),
        ('retrieved_on = "today"', "“retrieved_on” is not a date"),
        ("retrieved_on = 2026-11-22T10:00:00Z", "“retrieved_on” is not a date"),
        ("not_comparable = 3", "“not_comparable” is not a list"),
        ('[[not_comparable]]\norganisation = "X"', "Declaration 1 of “not_comparable” is not whole"),
        (
            '[[not_comparable]]\norganisation="X"\ncharacteristic="hair"\ncategory="red"\nreason="none"',
            "Declaration 1",
        ),
    ],
)
def test_a_broken_description_is_refused(text: str, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        read_source(text.encode(), "counts.source.toml")
