"""Workforce files with errors: each is rejected as a whole, with the location of the error and how to fix it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.evidence.enums import Origin
from evenhand.evidence.intake import ImportFileError, read_source, read_workforce

HEAD = "published,organisation,employees,gender_female,gender_male,gender_undisclosed,ethnicity_white,ethnicity_asian"
GOOD = f"{HEAD}\n2026,Calderdale Council,100,60,40,,80,20\n"

INVALID_FILES = {
    "empty file": (b"", "The file is empty"),
    "only headings": (HEAD.encode() + b"\n", "headings but no rows"),
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
    "groups above the total": (
        GOOD.replace(",60,", ",61,").encode(),
        "row 2, column gender_…: The groups add up to 101",
    ),
    "negative": (GOOD.replace(",60,", ",-6,").encode(), "row 2, column gender_female: -6 is below zero"),
    "fractional": (GOOD.replace(",60,", ",6.5,").encode(), "row 2, column gender_female: 6.5 is not a whole number"),
    "not a number": (GOOD.replace(",60,", ",n/a,").encode(), "row 2, column gender_female: “n/a” is not a number"),
    "comma in a number": (GOOD.replace(",60,", ',"1,200",').encode(), "Remove the comma: 1200."),
    "semicolons": (GOOD.replace(",", ";").encode(), "Separate the columns with commas"),
    "suppressed mark": (GOOD.replace(",60,", ",*,").encode(), "row 2, column gender_female: “*” is not a number"),
    "huge": (GOOD.replace(",60,", ",99999999999,").encode(), "more people than any employer"),
    "unknown category": (GOOD.replace("ethnicity_asian", "ethnicity_martian").encode(), "column ethnicity_martian"),
    "unknown column": (GOOD.replace("ethnicity_asian", "shoe_size").encode(), "“shoe_size” is not a column"),
    "heading twice": (
        GOOD.replace("ethnicity_asian", "ethnicity_white").encode(),
        "This heading appears more than once",
    ),
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
    "formula": (GOOD.replace(",60,", ",=SUM(A1),").encode(), "starts like a spreadsheet formula"),
    "formula in the name": (GOOD.replace("Calderdale", "@Calderdale").encode(), "row 2, column organisation"),
    "formula with a plus": (
        GOOD.replace("Calderdale", "+Calderdale").encode(),
        "column organisation: “+Calderdale Council” starts like",
    ),
    "formula with a minus": (
        GOOD.replace("Calderdale", "-Calderdale").encode(),
        "column organisation: “-Calderdale Council” starts like",
    ),
    "a year too long ago": (GOOD.replace("2026", "1066").encode(), "“1066” is not a year"),
    "a year in the far future": (GOOD.replace("2026", "2926").encode(), "“2926” is not a year"),
    "big-endian utf-16": (b"\xfe\xff" + GOOD.encode("utf-16-be"), "UTF-16"),
    "grouping of organisations": (
        b"published,organisation,employees,organisation_grouping,gender_male\n2026,X,10,Schools,10\n",
        "column organisation_grouping",
    ),
    "part of an organisation": (
        b"published,organisation,employees,organisation_level,gender_male\n2026,X,10,Directorate,10\n",
        "column organisation_level",
    ),
    "no counts": (b"published,organisation,employees\n2026,X,10\n", "no counts for any characteristic"),
    "subgroups above their group": (
        b"published,organisation,employees,ethnicity_white,ethnicity_white_british\n2026,X,10,4,5\n",
        "The subgroups add up to 5",
    ),
    "another total": (
        b"published,organisation,employees,gender_male,gender_total\n2026,X,10,4,9\n",
        "The total given is 9, but there are 10",
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


@pytest.mark.parametrize("kind", INVALID_FILES)
def test_a_file_with_an_error_is_rejected_with_its_location(kind: str) -> None:
    data, message = INVALID_FILES[kind]
    with pytest.raises(ImportFileError) as rejected:
        read_workforce(data, "counts.csv")
    assert message in str(rejected.value)
    assert "nothing was stored" in str(rejected.value)
    assert all(problem.fix for problem in rejected.value.problems)


def test_all_errors_are_reported_at_once() -> None:
    rows = "2026,A,100,-1,2.5,x,80,20\nlater,,100,1,1,,80,20\n"
    with pytest.raises(ImportFileError) as rejected:
        read_workforce(f"{HEAD}\n{rows}".encode(), "counts.csv")
    locations = {(problem.row, problem.column) for problem in rejected.value.problems}
    assert locations == {
        (2, "gender_female"),
        (2, "gender_male"),
        (2, "gender_undisclosed"),
        (3, "published"),
        (3, "organisation"),
    }


def test_the_remainder_of_the_total_becomes_a_category_not_shown_at_source() -> None:
    (row,) = read_workforce(GOOD.replace(",80,20", ",80,15").encode(), "counts.csv")
    ethnicity = {count.category: count for count in row.counts if count.characteristic == "ethnicity"}
    assert (ethnicity["not_shown_at_source"].count, ethnicity["not_shown_at_source"].origin) == (5, Origin.REMAINDER)
    assert (ethnicity["black"].count, ethnicity["black"].origin) == (
        None,
        Origin.NOT_GIVEN,
    )  # it has no column


def test_a_blank_is_not_given_and_a_zero_is_given() -> None:
    (row,) = read_workforce(GOOD.replace(",40,,", ",40,0,").encode(), "counts.csv")
    sex = {count.category: (count.count, count.origin) for count in row.counts if count.characteristic == "sex"}
    assert sex["not_known"] == (0, Origin.GIVEN)
    assert "not_shown_at_source" not in sex
    assert "other" not in sex  # few files have this column, and nobody is lost by leaving it out
    (row,) = read_workforce(GOOD.encode(), "counts.csv")
    sex = {count.category: (count.count, count.origin) for count in row.counts if count.characteristic == "sex"}
    assert sex["not_known"] == (None, Origin.NOT_GIVEN)


def test_whole_numbers_may_be_written_with_a_decimal_point_and_a_byte_order_mark() -> None:
    (row,) = read_workforce(b"\xef\xbb\xbf" + GOOD.replace(",100,", ",100.0,").encode(), "counts.csv")
    assert row.total == 100


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_rejected_with_an_import_error(data: bytes) -> None:
    with pytest.raises(ImportFileError):
        read_workforce(data, "counts.csv")


@given(st.lists(st.sampled_from(["2026", "X", "10", "-1", "2.5", "", "=1", '"', "9" * 20, "é", "\t"]), max_size=9))
def test_any_row_is_either_read_or_rejected_with_an_import_error(cells: list[str]) -> None:
    try:
        rows = read_workforce(f"{HEAD}\n{','.join(cells)}\n".encode(), "counts.csv")
    except ImportFileError:
        return
    assert all(row.total > 0 for row in rows)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "can't be read as TOML"),
        ('colour = "red"', "“colour” is not a recognised key"),
        ("title = 3", "“title” is not text"),
        (f'title = "{"x" * 201}"', "“title” is longer than 200"),
        ('address = "javascript:alert(1)"', "“address” is not a web address"),
        ('retrieved_on = "today"', "“retrieved_on” is not a date"),
        ("retrieved_on = 2026-11-22T10:00:00Z", "“retrieved_on” is not a date"),
        ("not_comparable = 3", "“not_comparable” is not a list"),
        ('[[not_comparable]]\norganisation = "X"', "Entry 1 of “not_comparable” has missing or unexpected keys"),
        (
            '[[not_comparable]]\norganisation="X"\ncharacteristic="hair"\ncategory="red"\nreason="none"',
            "Entry 1",
        ),
    ],
)
def test_a_description_with_an_error_is_rejected(text: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read_source(text.encode(), "counts.source.toml")
