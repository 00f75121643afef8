"""Files as people hand them in: what is read of them, and how what is wrong is named."""

import pytest
from small_workforce import CELLS, TABLES

from evenstat.disclosure import Attacker, audit, from_records, layout, nested, policy, protect
from evenstat.disclosure.files import (
    Sources,
    Status,
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
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def put(**files):
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".", 1)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return put


def refusal(call, *arguments, **more):
    with pytest.raises(EvenstatError) as raised:
        call(*arguments, **more)
    return str(raised.value)


def test_the_tables_of_a_file_are_those_of_the_same_records(place):
    folder = place(cells_csv=CELLS, tables_toml=TABLES)
    wanted = read_table_file(folder / "tables.toml")
    found = read_tables(folder / "cells.csv", wanted)
    rows = [line.split(",") for line in CELLS.splitlines()[1:]]
    columns = dict(
        zip(("grade", "sex", "ethgroup", "ethnicity"), zip(*(row[:4] for row in rows), strict=True), strict=True)
    )
    ethnicity = nested("ethnicity", [["ethgroup", "ethnicity"]], columns)
    others = [nested(name, [[name]], columns) for name in ("grade", "sex")]
    expected = from_records(
        layout([others[0], ethnicity, others[1]], wanted.tables), columns, [int(row[4]) for row in rows]
    )
    assert found.shape.number == expected.shape.number
    assert (found.counts == expected.counts).all()
    assert found.counts[found.shape.cell(("G1", "Asian", "Total"))] == 12


def test_the_order_of_rows_and_columns_does_not_matter(place):
    folder = place(cells_csv=CELLS, tables_toml=TABLES)
    lines = [line.split(",") for line in CELLS.splitlines()]
    turned = [lines[0], *reversed(lines[1:])]
    (folder / "turned.csv").write_text("\n".join(",".join(reversed(line)) for line in turned), encoding="utf-8-sig")
    wanted = read_table_file(folder / "tables.toml")
    one, other = (read_tables(folder / name, wanted) for name in ("cells.csv", "turned.csv"))
    assert one.shape.number == other.shape.number
    assert (one.counts == other.counts).all()


def test_a_release_is_read_as_it_was_written(place):
    folder = place(cells_csv=CELLS, tables_toml=TABLES)
    wanted = read_table_file(folder / "tables.toml")
    tables = read_tables(folder / "cells.csv", wanted)
    pattern = protect(tables, policy("council_lt5"))
    unsafe = pattern.unsafe
    for name in ("out.csv", "out.xlsx"):
        write(folder / name, release_rows(tables.shape, tables.counts, pattern.hidden, unsafe), title="pattern")
        sheet = read(folder / name)
        known = dimensions(wanted, Sources((read(folder / "cells.csv"),), (sheet,)))
        release = read_release(sheet, known, wanted.tables)
        assert release.shape.number == tables.shape.number
        for one, other in zip(
            (release.low, release.high, release.hidden),
            (pattern.publication.low, pattern.publication.high, pattern.publication.hidden),
            strict=True,
        ):
            assert (one == other).all()


def test_hidden_counts_leave_the_file_only_when_asked_for(place):
    folder = place(cells_csv=CELLS, tables_toml=TABLES)
    tables = read_tables(folder / "cells.csv", read_table_file(folder / "tables.toml"))
    pattern = protect(tables, policy("council_lt5"))
    arguments = (tables.shape, tables.counts, pattern.hidden, pattern.unsafe)
    shown = list(release_rows(*arguments))[1:]
    assert [row[-2] is None for row in shown] == pattern.hidden.tolist()
    assert all(row[-1] == Status.PUBLISHED for row in shown if row[-2] is not None)
    assert [row[-2] for row in list(release_rows(*arguments, with_counts=True))[1:]] == tables.counts.tolist()


def test_what_another_program_wrote_is_read_and_its_hidden_counts_are_not_looked_at(place):
    other = (
        '"sex","grade","n","primary","suppressed"\n"Total","Total",30,FALSE,FALSE\n"Total","G1",12,FALSE,FALSE\n'
        '"Total","G2",18,FALSE,FALSE\n"F","Total",11,FALSE,FALSE\n"M","Total",19,FALSE,FALSE\n'
        '"F","G1",2,TRUE,TRUE\n"M","G1",HIDDEN,FALSE,TRUE\n"F","G2",HIDDEN,FALSE,TRUE\n"M","G2",9,FALSE,TRUE\n'
    )
    first = place(one_csv=other.replace("HIDDEN", "9"), two_csv=other.replace("HIDDEN", "7"))
    (first / "t.toml").write_text('tables = [["grade", "sex"]]')
    wanted = read_table_file(first / "t.toml")
    found = []
    for name in ("one.csv", "two.csv"):
        sheet = read(first / name)
        release = read_release(sheet, dimensions(wanted, Sources((), (sheet,))), wanted.tables)
        audited = audit(release, Attacker.A)
        found.append(
            [
                (audited.publication.shape.named(int(each)), int(low), int(high))
                for each, low, high in zip(audited.cells, audited.low, audited.high, strict=True)
            ]
        )
    assert found[0] == found[1]
    assert ("G1 / F", 0, 11) in found[0]


def test_a_part_of_a_release_says_nothing_of_the_rest(place):
    folder = place(
        cells_csv=CELLS, tables_toml=TABLES, answer_csv="grade,ethnicity,n,status\nG1,A_Chinese,3,published\n"
    )
    sheet = read(folder / "answer.csv")
    known = dimensions(read_table_file(folder / "tables.toml"), Sources((read(folder / "cells.csv"),), (sheet,)))
    release = read_release(sheet, known)
    cell = release.shape.cell(("G1", "A_Chinese"))
    assert (release.low[cell], release.high[cell]) == (3, 3)
    assert release.shape.behind.sum() == len(release.shape) - 1
    assert not release.hidden.any()


def test_several_hierarchies_over_one_dimension(place):
    cells = "region,band,place,n\nNorth,Big,A,20\nNorth,Small,B,30\nSouth,Big,C,40\nSouth,Small,D,7\n"
    tables = 'tables = [["region"], ["band"]]\n[hierarchies]\nplace = [["region", "place"], ["band", "place"]]\n'
    folder = place(cells_csv=cells, tables_toml=tables)
    found = read_tables(folder / "cells.csv", read_table_file(folder / "tables.toml"))
    counts = {found.shape.key(cell)[0]: int(count) for cell, count in enumerate(found.counts)}
    assert counts == {"Total": 97, "North": 50, "South": 47, "Big": 60, "Small": 37}


BROKEN_TABLES = {
    "no tables": ("[hierarchies]\n", "no tables are named"),
    "empty": ("", "no tables are named"),
    "misspelt key": ('table = [["grade"]]', "'table' is not known here. Did you mean 'tables'?"),
    "misspelt section": ('tables = [["grade"]]\n[hierarchy]\n', "Did you mean 'hierarchies'?"),
    "no list of lists": ('tables = ["grade", "sex"]', "table 1: 'grade' is no list of dimensions"),
    "numbers": ("tables = [[1, 2]]", "table 1: [1, 2] is no list of dimensions"),
    "nothing in it": ("tables = [[]]", "table 1: [] is no list of dimensions"),
    "not toml": ("tables = [[grade]]", "not well-formed TOML"),
    "not text": (b"\xff\xfe", "row 1: this is not UTF-8 text"),
    "twice": ('tables = [["sex", "sex"]]', "table 1: ['sex', 'sex'] names one dimension twice"),
    "two levels of one": (TABLES.replace('["grade", "sex"]', '["ethgroup", "ethnicity"]'), "names one dimension twice"),
    "ends elsewhere": (
        TABLES.replace('["ethgroup", "ethnicity"]', '["ethnicity", "ethgroup"]'),
        "it ends in 'ethgroup'",
    ),
    "levels of words": (TABLES.replace('["ethgroup", "ethnicity"]', '"ethgroup"'), "'ethgroup' is no list of levels"),
    "level twice": (TABLES.replace('["ethgroup", "ethnicity"]', '["ethnicity", "ethnicity"]'), "named twice"),
    "two owners": (TABLES + 'sex = ["ethgroup", "sex"]', "stands in the hierarchies of 'ethnicity' and 'sex'"),
    "hierarchies no table": (
        "hierarchies = 3\n" + TABLES.split("[h", maxsplit=1)[0],
        "hierarchies is no table of names",
    ),
    "reserved": ('tables = [["status"]]', "'status' is a column of the result"),
}


@pytest.mark.parametrize("case", BROKEN_TABLES)
def test_a_broken_file_of_tables_is_refused(case, place):
    content, words = BROKEN_TABLES[case]
    message = refusal(read_table_file, place(tables_toml=content) / "tables.toml")
    assert words in message
    assert "tables.toml" in message


def test_too_many_cells_are_refused_before_they_fill_the_memory(place):
    rows = "".join(f"a{number % 100},b{number // 2},c{number * 7 % 101 % 100},1\n" for number in range(200))
    folder = place(cells_csv=f"a,b,c,n\n{rows}", tables_toml='tables = [["a", "b", "c"]]')
    message = refusal(read_tables, folder / "cells.csv", read_table_file(folder / "tables.toml"))
    assert "1,030,301 cells" in message


def test_margins_that_do_not_add_up_are_named(place):
    made_up = "grade,n\nTotal,50\nG1,20\nG2,31\n"
    folder = place(cells_csv=made_up, tables_toml='tables = [["grade"]]')
    with pytest.raises(InvalidCount, match=r"cells.csv: These margins do not add up: the total is 50.*add up to 51"):
        read_tables(folder / "cells.csv", read_table_file(folder / "tables.toml"))


def test_a_shape_with_a_misspelt_level_names_the_nearest():
    ethnicity = nested("ethnicity", [["ethgroup", "ethnicity"]], {"ethgroup": ["A"], "ethnicity": ["B"]})
    with pytest.raises(InvalidInput, match=r"table 1: 'ethgrup' .* Did you mean 'ethgroup'\?"):
        shape_of([ethnicity], [("ethgrup",)], "t.toml")


def test_a_hierarchy_that_is_forgotten_is_noticed(place):
    folder = place(cells_csv=CELLS, tables_toml='tables = [["grade", "ethnicity"], ["grade", "ethgroup"]]')
    message = refusal(read_tables, folder / "cells.csv", read_table_file(folder / "tables.toml"))
    assert "every label of ethnicity belongs to one of ethgroup" in message
    assert 'Write ethnicity = ["ethgroup", "ethnicity"] under [hierarchies]' in message
    said = '\n[hierarchies]\nethnicity = ["ethnicity"]\n'
    place(tables_toml=(folder / "tables.toml").read_text() + said)
    assert read_tables(folder / "cells.csv", read_table_file(folder / "tables.toml")).shape.names[1] == "ethnicity"
