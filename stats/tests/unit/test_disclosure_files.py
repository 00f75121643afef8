"""Reading and writing files of counts, tables and releases, and the messages for invalid files."""

import pytest
from small_workforce import CELLS, TABLES

from evenstat.disclosure import Attacker, audit, from_records, layout, nested, policy, protect
from evenstat.disclosure.files import (
    CellStatus,
    LabelSources,
    dimensions,
    read,
    read_release,
    read_table_file,
    read_tables,
    release_rows,
    shape_of,
    write,
)
from evenstat.errors import EvenstatError, InvalidCount, InvalidInput


@pytest.fixture
def write_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write_all(**files):
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".", 1)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write_all


def error_message(function, *arguments, **options):
    with pytest.raises(EvenstatError) as raised:
        function(*arguments, **options)
    return str(raised.value)


def test_tables_from_a_file_equal_tables_from_records(write_files):
    folder = write_files(cells_csv=CELLS, tables_toml=TABLES)
    table_file = read_table_file(folder / "tables.toml")
    tables = read_tables(folder / "cells.csv", table_file)
    rows = [line.split(",") for line in CELLS.splitlines()[1:]]
    columns = dict(
        zip(("grade", "sex", "ethgroup", "ethnicity"), zip(*(row[:4] for row in rows), strict=True), strict=True)
    )
    ethnicity = nested("ethnicity", [["ethgroup", "ethnicity"]], columns)
    others = [nested(name, [[name]], columns) for name in ("grade", "sex")]
    expected = from_records(
        layout([others[0], ethnicity, others[1]], table_file.tables), columns, [int(row[4]) for row in rows]
    )
    assert tables.shape.number == expected.shape.number
    assert (tables.counts == expected.counts).all()
    assert tables.counts[tables.shape.cell(("G1", "Asian", "Total"))] == 12


def test_the_order_of_rows_and_columns_does_not_matter(write_files):
    folder = write_files(cells_csv=CELLS, tables_toml=TABLES)
    lines = [line.split(",") for line in CELLS.splitlines()]
    reordered = [lines[0], *reversed(lines[1:])]
    text = "\n".join(",".join(reversed(line)) for line in reordered)
    (folder / "reordered.csv").write_text(text, encoding="utf-8-sig")
    table_file = read_table_file(folder / "tables.toml")
    first, second = (read_tables(folder / name, table_file) for name in ("cells.csv", "reordered.csv"))
    assert first.shape.number == second.shape.number
    assert (first.counts == second.counts).all()


def test_a_release_is_read_as_it_was_written(write_files):
    folder = write_files(cells_csv=CELLS, tables_toml=TABLES)
    table_file = read_table_file(folder / "tables.toml")
    tables = read_tables(folder / "cells.csv", table_file)
    pattern = protect(tables, policy("council_lt5"))
    for name in ("out.csv", "out.xlsx"):
        write(
            folder / name,
            release_rows(tables.shape, tables.counts, pattern.suppressed, pattern.primary),
            title="pattern",
        )
        sheet = read(folder / name)
        known = dimensions(table_file, LabelSources((read(folder / "cells.csv"),), (sheet,)))
        release = read_release(sheet, known, table_file.tables)
        assert release.shape.number == tables.shape.number
        for read_back, written in zip(
            (release.low, release.high, release.suppressed),
            (pattern.publication.low, pattern.publication.high, pattern.publication.suppressed),
            strict=True,
        ):
            assert (read_back == written).all()


def test_suppressed_counts_are_written_only_on_request(write_files):
    folder = write_files(cells_csv=CELLS, tables_toml=TABLES)
    tables = read_tables(folder / "cells.csv", read_table_file(folder / "tables.toml"))
    pattern = protect(tables, policy("council_lt5"))
    arguments = (tables.shape, tables.counts, pattern.suppressed, pattern.primary)
    shown = list(release_rows(*arguments))[1:]
    assert [row[-2] is None for row in shown] == pattern.suppressed.tolist()
    assert all(row[-1] == CellStatus.PUBLISHED for row in shown if row[-2] is not None)
    assert [row[-2] for row in list(release_rows(*arguments, with_counts=True))[1:]] == tables.counts.tolist()


def test_output_of_another_program_is_read_without_its_suppressed_counts(write_files):
    content = (
        '"sex","grade","n","primary","suppressed"\n"Total","Total",30,FALSE,FALSE\n"Total","G1",12,FALSE,FALSE\n'
        '"Total","G2",18,FALSE,FALSE\n"F","Total",11,FALSE,FALSE\n"M","Total",19,FALSE,FALSE\n'
        '"F","G1",2,TRUE,TRUE\n"M","G1",HIDDEN,FALSE,TRUE\n"F","G2",HIDDEN,FALSE,TRUE\n"M","G2",9,FALSE,TRUE\n'
    )
    folder = write_files(one_csv=content.replace("HIDDEN", "9"), two_csv=content.replace("HIDDEN", "7"))
    (folder / "t.toml").write_text('tables = [["grade", "sex"]]')
    table_file = read_table_file(folder / "t.toml")
    intervals = []
    for name in ("one.csv", "two.csv"):
        sheet = read(folder / name)
        release = read_release(sheet, dimensions(table_file, LabelSources((), (sheet,))), table_file.tables)
        audited = audit(release, Attacker.NON_NEGATIVE)
        intervals.append(
            [
                (audited.publication.shape.named(int(cell)), int(low), int(high))
                for cell, low, high in zip(audited.cells, audited.low, audited.high, strict=True)
            ]
        )
    assert intervals[0] == intervals[1]
    assert ("G1 / F", 0, 11) in intervals[0]


def test_a_partial_release_gives_no_information_about_other_cells(write_files):
    folder = write_files(
        cells_csv=CELLS, tables_toml=TABLES, answer_csv="grade,ethnicity,n,status\nG1,A_Chinese,3,published\n"
    )
    sheet = read(folder / "answer.csv")
    known = dimensions(read_table_file(folder / "tables.toml"), LabelSources((read(folder / "cells.csv"),), (sheet,)))
    release = read_release(sheet, known)
    cell = release.shape.cell(("G1", "A_Chinese"))
    assert (release.low[cell], release.high[cell]) == (3, 3)
    assert release.shape.unpublished.sum() == len(release.shape) - 1
    assert not release.suppressed.any()


def test_several_hierarchies_of_one_dimension(write_files):
    cells = "region,band,place,n\nNorth,Big,A,20\nNorth,Small,B,30\nSouth,Big,C,40\nSouth,Small,D,7\n"
    tables = 'tables = [["region"], ["band"]]\n[hierarchies]\nplace = [["region", "place"], ["band", "place"]]\n'
    folder = write_files(cells_csv=cells, tables_toml=tables)
    tables = read_tables(folder / "cells.csv", read_table_file(folder / "tables.toml"))
    counts = {tables.shape.key(cell)[0]: int(count) for cell, count in enumerate(tables.counts)}
    assert counts == {"Total": 97, "North": 50, "South": 47, "Big": 60, "Small": 37}


INVALID_TABLE_FILES = {
    "no tables": ("[hierarchies]\n", "there are no tables before [hierarchies]"),
    "empty": ("", "there are no tables before [hierarchies]"),
    "misspelt key": ('table = [["grade"]]', "'table' is not a valid key. Did you mean 'tables'?"),
    "misspelt section": ('tables = [["grade"]]\n[hierarchy]\n', "Did you mean 'hierarchies'?"),
    "no list of lists": ('tables = ["grade", "sex"]', "table 1: 'grade' is not a list of dimensions"),
    "numbers": ("tables = [[1, 2]]", "table 1: [1, 2] is not a list of dimensions"),
    "nothing in it": ("tables = [[]]", "table 1: [] is not a list of dimensions"),
    "not toml": ("tables = [[grade]]", "not well-formed TOML"),
    "not text": (b"\xff\xfe", "row 1: this is not UTF-8 text"),
    "twice": ('tables = [["sex", "sex"]]', "table 1: ['sex', 'sex'] names one dimension twice"),
    "two levels of one": (TABLES.replace('["grade", "sex"]', '["ethgroup", "ethnicity"]'), "names one dimension twice"),
    "ends elsewhere": (
        TABLES.replace('["ethgroup", "ethnicity"]', '["ethnicity", "ethgroup"]'),
        "it ends in 'ethgroup'",
    ),
    "levels of words": (
        TABLES.replace('["ethgroup", "ethnicity"]', '"ethgroup"'),
        "'ethgroup' is not a list of levels",
    ),
    "level twice": (
        TABLES.replace('["ethgroup", "ethnicity"]', '["ethnicity", "ethnicity"]'),
        "contains one level twice",
    ),
    "two owners": (TABLES + 'sex = ["ethgroup", "sex"]', "is in the hierarchies of 'ethnicity' and 'sex'"),
    "hierarchies no table": (
        "hierarchies = 3\n" + TABLES.split("[h", maxsplit=1)[0],
        "hierarchies is not a TOML table",
    ),
    "reserved": ('tables = [["status"]]', "'status' is a column of the output"),
}


@pytest.mark.parametrize("case", INVALID_TABLE_FILES)
def test_an_invalid_table_file_is_refused(case, write_files):
    content, expected = INVALID_TABLE_FILES[case]
    message = error_message(read_table_file, write_files(tables_toml=content) / "tables.toml")
    assert expected in message
    assert "tables.toml" in message


def test_too_many_cells_are_refused_before_they_fill_the_memory(write_files):
    rows = "".join(f"a{number % 100},b{number // 2},c{number * 7 % 101 % 100},1\n" for number in range(200))
    folder = write_files(cells_csv=f"a,b,c,n\n{rows}", tables_toml='tables = [["a", "b", "c"]]')
    message = error_message(read_tables, folder / "cells.csv", read_table_file(folder / "tables.toml"))
    assert "1,030,301 cells" in message


def test_inconsistent_margins_are_named(write_files):
    tabulated = "grade,n\nTotal,50\nG1,20\nG2,31\n"
    folder = write_files(cells_csv=tabulated, tables_toml='tables = [["grade"]]')
    with pytest.raises(InvalidCount, match=r"cells.csv: These margins do not add up: the total is 50.*add up to 51"):
        read_tables(folder / "cells.csv", read_table_file(folder / "tables.toml"))


def test_a_misspelt_level_is_refused_with_the_nearest():
    ethnicity = nested("ethnicity", [["ethgroup", "ethnicity"]], {"ethgroup": ["A"], "ethnicity": ["B"]})
    with pytest.raises(InvalidInput, match=r"table 1: 'ethgrup' .* Did you mean 'ethgroup'\?"):
        shape_of([ethnicity], [("ethgrup",)], "t.toml")


def test_a_missing_hierarchy_is_detected(write_files):
    folder = write_files(cells_csv=CELLS, tables_toml='tables = [["grade", "ethnicity"], ["grade", "ethgroup"]]')
    message = error_message(read_tables, folder / "cells.csv", read_table_file(folder / "tables.toml"))
    assert "every label of ethnicity belongs to one of ethgroup" in message
    assert 'Write ethnicity = ["ethgroup", "ethnicity"] under [hierarchies]' in message
    hierarchies = '\n[hierarchies]\nethnicity = ["ethnicity"]\n'
    write_files(tables_toml=(folder / "tables.toml").read_text() + hierarchies)
    assert read_tables(folder / "cells.csv", read_table_file(folder / "tables.toml")).shape.names[1] == "ethnicity"
