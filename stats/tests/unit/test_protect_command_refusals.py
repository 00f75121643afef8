"""Bad input to `evenstat protect` and `evenstat audit`: named by place and mend; exit code 2; nothing written."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_workforce import CELLS, TABLES

from evenstat.cli import main
from evenstat.disclosure import suppressed

MADE_UP = (
    "grade,sex,n\nTotal,Total,60\nG1,Total,20\nG2,Total,40\nTotal,F,25\nTotal,M,35\nG1,F,8\nG1,M,12\nG2,F,17\nG2,M,23\n"
)
FLAT = 'tables = [["grade", "sex"]]'
PATTERN = MADE_UP.replace("n\n", "n,status\n", 1).replace("0\n", "0,published\n").replace("5\n", "5,published\n")
PATTERN = "".join(
    line if line.endswith(("status\n", "published\n")) else line.replace("\n", ",primary\n")
    for line in PATTERN.splitlines(keepends=True)
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(cells_csv=CELLS, tables_toml=TABLES, flat_toml=FLAT, made_csv=MADE_UP, release_csv=PATTERN)
    return tmp_path


def put(**contents):
    for name, content in contents.items():
        path = Path(name.replace("_", ".", 1))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def refused(capsys, *arguments):
    before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    code = main(list(arguments))
    said = capsys.readouterr()
    assert {path: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before
    assert (code, said.out) == (2, "")
    assert "Traceback" not in said.err
    assert said.err.startswith("evenstat: ")
    return said.err


def protect(*more, cells="cells.csv", tables="tables.toml", policy="council_lt5", out="out.csv"):
    return ["protect", "--cells", cells, "--tables", tables, "--policy", policy, "--out", out, "--budget", "50", *more]


def audit(*more, pattern="release.csv", tables="flat.toml", attacker="B"):
    return ["audit", "--pattern", pattern, "--tables", tables, "--attacker", attacker, *more]


def cells(old, new):
    assert old in CELLS
    return CELLS.replace(old, new, 1)


CELL_FILES = {
    "empty file": ("", "cells.csv: the file is empty"),
    "nothing but lines": ("\n\n", "cells.csv: there is nothing in it"),
    "header alone": ("grade,sex,ethgroup,ethnicity,n\n", "cells.csv, column grade: there is no label"),
    "semicolons": (CELLS.replace(",", ";"), "the columns are not parted by commas"),
    "no column of counts": (cells(",n\n", ",number\n"), "row 1: there is no column 'n', which holds the counts"),
    "misspelt column": (cells("sex", "sexx"), "no column 'sex', which tables.toml names. Did you mean 'sexx'?"),
    "no column of groups": (cells("ethgroup", "x"), "Give --members FILE with the columns ethgroup, ethnicity"),
    "column twice": (cells("sex", "grade"), "row 1: the column 'grade' is there twice"),
    "cell too few": (cells("G1,M,White", "M,White"), "row 3: 4 cells where 5 are named"),
    "cell too many": (cells("G1,M,White", "G1,M,M,White"), "row 3: 6 cells where 5 are named"),
    "no label": (cells("G1,M,White", ",M,White"), "row 3, column grade: this is empty"),
    "cell twice": (CELLS + "G1,F,White,W_British,2\n", "row 10: the cell G1 / F / White / W_British is in row 2"),
    "negative": (cells("12", "-12"), "row 3, column n: '-12' is below 0"),
    "fraction": (cells("12", "1.2"), "row 3, column n: '1.2' is not a whole number"),
    "thousands": (cells("12", '"1,200"'), "row 3, column n: '1,200' is not a whole number"),
    "words": (cells("12", "*"), "row 3, column n: '*' is not a whole number"),
    "no count": (cells("12", ""), "row 3, column n: this is empty. Write 0"),
    "too many people": (cells("12", "9999999999"), "row 3, column n: '9999999999' is not"),
    "two parents": (cells("M,White,W_Irish", "M,Asian,W_Irish"), "'W_Irish' belongs to"),
    "two levels": (cells("W_Irish", "White"), "column ethnicity: 'White' is also a label of ethgroup"),
    "total by another name": (cells("G1,F", "TOTAL,F"), "column grade: 'TOTAL' must be written 'Total'"),
    "total as a group": (CELLS.replace("Asian,", "Total,"), "'Total' is also a label of the total"),
    "not UTF-8": (CELLS.replace("W_Irish", "Ir\xe9").encode("latin-1"), "cells.csv, row 3: this is not UTF-8"),
    "UTF-16": (CELLS.encode("utf-16"), "cells.csv, row 1: this is not UTF-8"),
    "unclosed quote": (CELLS + '"G3,F,White,W_British,2\n', "this is not well-formed CSV"),
    "zero bytes": (cells("W_Irish", "W\0Irish"), "row 3, column ethnicity: there is a control character"),
    "a page of text": (cells("W_Irish", "W" * 5000), "row 3, column ethnicity: this is 5,000 characters long"),
}


@pytest.mark.parametrize("case", CELL_FILES)
def test_a_broken_file_of_counts(case, folder, capsys):
    content, words = CELL_FILES[case]
    put(cells_csv=content)
    assert words in refused(capsys, *protect())


MADE_UP_FILES = {
    "margins": (MADE_UP.replace("G1,Total,20", "G1,Total,21"), "These margins do not add up: the total is 60"),
    "each margin": (MADE_UP.replace("G1,Total,20", "G1,Total,21"), "G1 is 21, its parts (G1 / F, G1 / M) add up to 20"),
    "missing cell": (MADE_UP.replace("G2,M,23\n", ""), "No count is given for G2 / M"),
    "cell twice": (MADE_UP + "G2,M,23\n", "row 11: the cell G2 / M is in row 10"),
    "column without a table": ("site,grade,sex,n\nTotal,G1,F,3\nTotal,Total,Total,3\n", "uses the column 'site'"),
    "no label at all": ("grade,sex,n\nTotal,Total,60\n", "column grade: there is no label"),
}


@pytest.mark.parametrize("case", MADE_UP_FILES)
def test_broken_tables_made_up_already(case, folder, capsys):
    content, words = MADE_UP_FILES[case]
    put(made_csv=content)
    assert words in refused(capsys, *protect(cells="made.csv", tables="flat.toml"))


def test_unknown_members_of_a_hierarchy(folder, capsys):
    put(members_csv="ethgroup,ethnicity\nWhite,W_British\nWhite,W_Irish\nAsian,A_Chinese\n")
    put(cells_csv="\n".join(",".join(line.split(",")[:2] + line.split(",")[3:]) for line in CELLS.splitlines()))
    message = refused(capsys, *protect("--members", "members.csv"))
    assert "cells.csv, row 5, column ethnicity: 'A_Indian' is no label of ethnicity." in message


RELEASES = {
    "a star": (MADE_UP.replace(",8", ",*"), "row 7, column n: '*' is not a whole number of people"),
    "no counts": (PATTERN.replace(",n,", ",m,"), "no column 'n', which holds the counts that are shown"),
    "misspelt status": (PATTERN.replace("published", "publishd", 1), "row 2, column status: 'publishd' is not known"),
    "no count shown": (PATTERN.replace(",60,", ",,"), "row 2, column n: this is empty"),
    "missing row": (PATTERN.replace("G2,M,23,primary\n", ""), "no row is there for G2 / M"),
    "cell twice": (PATTERN + "G2,M,23,primary\n", "row 11: G2 / M is in row 10 already"),
    "margins": (PATTERN.replace("G1,Total,20", "G1,Total,30"), "the total is 60, its parts add up to 70"),
    "unknown column": (PATTERN.replace("sex", "site,sex").replace("l,", "l,x,"), "row"),
    "stranger": ("grade,sex,n,status\nTotal,F,3,published\nG1,F,3,published\n", "no row is there for"),
}


@pytest.mark.parametrize("case", RELEASES)
def test_a_broken_release(case, folder, capsys):
    content, words = RELEASES[case]
    put(release_csv=content)
    assert words in refused(capsys, *audit("--out", "out.csv"))


def test_levels_that_mix_need_the_file_of_members(folder, capsys):
    assert main(protect(out="pattern.csv")) == 0
    capsys.readouterr()
    message = refused(capsys, *audit(pattern="pattern.csv", tables="tables.toml"))
    assert "tables.toml groups ethnicity" in message
    assert "--members FILE with the columns ethgroup, ethnicity" in message
    assert "Give --members FILE" in refused(capsys, *audit(attacker="C"))
    put(members_csv="ethgroup,ethnicity\nWhite,W_British\nWhite,W_Irish\nAsian,A_Chinese\n")
    message = refused(capsys, *audit("--members", "members.csv", pattern="pattern.csv", tables="tables.toml"))
    assert "column ethnicity: 'A_Indian' is no label" in message


ARGUMENTS = {
    "unknown policy": (protect(policy="council_lt6"), "There is no policy 'council_lt6': use one of council_lt10"),
    "policy that rounds": (protect(policy="hesa"), "'hesa' rounds counts: use `evenstat round` with it, or one of"),
    "no such file": (protect(cells="cels.csv"), "cels.csv: cannot be read (No such file or directory)"),
    "a folder": (protect(cells="folder.csv"), "folder.csv: cannot be read (Is a directory)"),
    "another kind": (protect(cells="cells.ods"), "cells.ods: the name must end in .csv or .xlsx"),
    "result of another kind": (protect(out="out.txt"), "out.txt: the name must end in .csv or .xlsx"),
    "result in no folder": (protect(out="nowhere/out.csv"), "nowhere/out.csv: there is no folder for this file"),
    "result that is there": (protect(out="made.csv"), "made.csv: this file is there already"),
    "result that is read": (protect("--force", out="cells.csv"), "cells.csv: this file is read here"),
    "public file that is there": (protect("--public", "made.csv"), "made.csv: this file is there already"),
    "two results in one place": (protect("--public", "out.csv"), "out.csv: give the two results two names"),
    "count is a dimension": (protect("--count", "grade"), "'grade' is the column of counts and no dimension"),
    "members not there": (protect("--members", "m.csv"), "m.csv: cannot be read"),
    "a name with a zero byte": (protect(cells="a\0b.csv"), "cannot be read"),
    "audit of nothing": (audit(pattern="x.csv"), "x.csv: cannot be read"),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_arguments_that_cannot_be_followed(case, folder, capsys):
    arguments, words = ARGUMENTS[case]
    Path("folder.csv").mkdir()
    assert words in refused(capsys, *arguments)


FORCED = {
    "unknown label": ("grade,sex\nG3,F\n", "force.csv, row 2, column grade: 'G3' is no label of grade"),
    "unknown column": ("grade,site\nG1,F\n", "row 1: the column 'site' is no dimension of these tables"),
    "no table has it": ("sex,ethnicity\nF,W_British\n", "row 2: no table has the cell"),
    "twice": ("grade\nG1\nG1\n", "row 3: G1 is in row 2 already"),
}


@pytest.mark.parametrize("case", FORCED)
@pytest.mark.parametrize("option", ["--publish", "--hide"])
def test_forced_cells_that_are_none(case, option, folder, capsys):
    content, words = FORCED[case]
    put(force_csv=content)
    assert words in refused(capsys, *protect(option, "force.csv"))


def test_forced_cells_that_leave_no_room(folder, capsys):
    put(
        one_csv="grade,sex\nG1,F\n",
        rest_csv="grade,sex\n" + "".join(f"{g},{s}\n" for g in ("G2", "Total") for s in "FM"),
    )
    put(
        all_csv="grade,sex\n"
        + "".join(f"{g},{s}\n" for g in ("G1", "G2", "Total") for s in ("F", "M", "Total") if g + s != "G1F")
    )
    assert "is to be both published and hidden" in refused(
        capsys, *protect("--publish", "one.csv", "--hide", "one.csv")
    )
    message = refused(
        capsys, *protect("--hide", "one.csv", "--publish", "all.csv", cells="made.csv", tables="flat.toml")
    )
    assert "follows from what must be published" in message


def test_a_true_zero_cannot_be_hidden_where_readers_count_on_zeros(folder, capsys):
    put(hide_csv="grade,sex\nG1,F\n", cells_csv=CELLS.replace("G1,F", "G1,M"), one_toml='tables = [["grade", "sex"]]')
    put(cells_csv=CELLS.replace("G1,F", "G1,X"))
    assert "hide.csv: G1 / F is 0, and policy 'council_lt5' shows every zero" in refused(
        capsys, *protect("--hide", "hide.csv", tables="one.toml")
    )


def test_a_policy_that_cannot_be_met(folder, capsys):
    put(cells_csv="grade,n\nG1,3\n", one_toml='tables = [["grade"]]')
    put(publish_csv="grade\nTotal\n")
    message = refused(capsys, *protect("--publish", "publish.csv", tables="one.toml"))
    assert "G1 follows from what must be published" in message


def test_earlier_releases_of_other_people_and_with_other_labels(folder, capsys):
    put(out_csv="grade,n,status\nG1,7,published\n")
    message = refused(capsys, *protect("--earlier", "out.csv", out="new.csv"))
    assert "G1 is 65 now" in message
    put(out_csv="grade,n,status\nG1,seven,published\n")
    assert "out.csv, row 2, column n: 'seven'" in refused(capsys, *protect("--earlier", "out.csv", out="new.csv"))
    put(out_csv="ethnicity,n,status\nA_Chines,11,published\n")
    message = refused(capsys, *protect("--earlier", "out.csv", out="new.csv"))
    assert "'A_Chines' is no label of ethnicity. Did you mean 'A_Chinese'?" in message


def test_a_table_that_would_give_away_what_is_out_is_refused_with_the_reason(folder, capsys):
    put(cells_csv="grade,sex,n\nG1,F,3\nG2,F,29\nG2,M,30\n", both_toml=FLAT)
    put(out_csv="grade,n,status\nTotal,62,published\nG1,,secondary\nG2,,secondary\n")
    put(letter_csv="grade,sex,n,status\nG1,F,3,published\n")
    message = refused(capsys, *protect("--earlier", "out.csv", "letter.csv", tables="both.toml", out="new.csv"))
    assert "Nothing was written. No. G1 / M must be shown" in message
    assert "G1, which is hidden in what is out" in message


OPTIONS = {
    "--polcy": ["protect", "--polcy", "council_lt5"],
    "--cell": ["protect", "--cell=x.csv"],
    "--attaker": ["audit", "--attaker", "A"],
    "--wieghts": ["protect", "--wieghts", "cells"],
}


@pytest.mark.parametrize("misspelt", OPTIONS)
def test_a_misspelt_option_is_told_and_never_taken_for_another(misspelt, folder, capsys):
    meant = {"--polcy": "--policy", "--cell": "--cells", "--attaker": "--attacker", "--wieghts": "--weights"}[misspelt]
    with pytest.raises(SystemExit) as ended:
        main(OPTIONS[misspelt])
    assert ended.value.code == 2
    assert f"there is no option {misspelt}. Did you mean {meant}?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "more",
    [
        ["--seed", "-1"],
        ["--seed", "x"],
        ["--budget", "0"],
        ["--seconds", "nan"],
        ["--seconds", "-3"],
        ["--not-below", "2.5"],
        ["--attacker", "D"],
        ["--weights", "people "],
    ],
)
def test_values_that_make_no_sense(more, folder, capsys):
    with pytest.raises(SystemExit) as ended:
        main(protect(*more))
    assert ended.value.code == 2
    assert more[0] in capsys.readouterr().err


def test_half_a_gigabyte(folder, capsys):
    with Path("huge.csv").open("wb") as file:
        os.truncate(file.fileno(), 500_000_000)  # a hole: nothing is written
    try:
        before = Path("huge.csv").stat().st_size
        assert main(protect(cells="huge.csv")) == 2
        assert "larger than 50,000,000 bytes" in capsys.readouterr().err
        assert Path("huge.csv").stat().st_size == before
    finally:
        Path("huge.csv").unlink()


def test_a_full_disk_leaves_nothing_behind(folder, capsys, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evenstat.disclosure.files.reading.os.fsync", full)
    assert "out.csv: cannot be written (No space left on device)" in refused(capsys, *protect())


def test_a_person_who_stops_it_is_answered_in_words(folder, capsys, monkeypatch):
    def stopped(*_arguments, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("evenstat.commands.search.protect", stopped)
    assert main(protect()) == 130
    assert "stopped. Nothing was written." in capsys.readouterr().err
    assert not Path("out.csv").exists()


def test_an_unsafe_pattern_is_never_written(folder, capsys, monkeypatch):
    """A search that hides the small counts alone: the audit stands between it and the file."""

    def careless(tables, policy, **_options):
        hidden = (tables.counts > 0) & (tables.counts < 5)
        publication = suppressed(tables.shape, tables.counts, hidden)
        return SimpleNamespace(hidden=hidden, publication=publication, stopped=False)

    monkeypatch.setattr("evenstat.commands.search.protect", careless)
    message = refused(capsys, *protect())
    assert "Nothing was written: the audit works" in message


def test_a_workforce_beside_a_benchmark_is_never_shown_under_a_policy_that_is_not_applied(folder, capsys):
    put(staff_csv="category,count,benchmark_percent\na,3,50\nb,200,50\n")
    for rule in ("hesa", "mod", "sro_acro"):
        message = refused(capsys, "representation", "staff.csv", "--policy", rule)
        assert f"Policy '{rule}' is not for tables of one characteristic: use one of council_lt10" in message
