"""Invalid input to `protect` and `audit`: the message gives the place and the fix, and nothing is written."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_workforce import CELLS, TABLES

from evenstat.cli import main
from evenstat.disclosure import suppress_cells

TABULATED = (
    "grade,sex,n\nTotal,Total,60\nG1,Total,20\nG2,Total,40\nTotal,F,25\nTotal,M,35\nG1,F,8\nG1,M,12\nG2,F,17\nG2,M,23\n"
)
FLAT = 'tables = [["grade", "sex"]]'
PATTERN = TABULATED.replace("n\n", "n,status\n", 1).replace("0\n", "0,published\n").replace("5\n", "5,published\n")
PATTERN = "".join(
    line if line.endswith(("status\n", "published\n")) else line.replace("\n", ",primary\n")
    for line in PATTERN.splitlines(keepends=True)
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_files(cells_csv=CELLS, tables_toml=TABLES, flat_toml=FLAT, made_csv=TABULATED, release_csv=PATTERN)
    return tmp_path


def write_files(**contents):
    for name, content in contents.items():
        path = Path(name.replace("_", ".", 1))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def error_message(capsys, *arguments):
    before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    code = main(list(arguments))
    output = capsys.readouterr()
    assert {path: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before
    assert (code, output.out) == (2, "")
    assert "Traceback" not in output.err
    assert output.err.startswith("evenstat: ")
    return output.err


def protect(*options, cells="cells.csv", tables="tables.toml", policy="council_lt5", out="out.csv"):
    files = ["--cells", cells, "--tables", tables, "--out", out]
    return ["protect", *files, "--policy", policy, "--budget", "50", *options]


def audit(*options, pattern="release.csv", tables="flat.toml", attacker="B"):
    return ["audit", "--pattern", pattern, "--tables", tables, "--attacker", attacker, *options]


def changed_cells(old, new):
    assert old in CELLS
    return CELLS.replace(old, new, 1)


CELL_FILES = {
    "empty file": ("", "cells.csv: the file is empty"),
    "nothing but lines": ("\n\n", "cells.csv: the file is empty"),
    "header alone": ("grade,sex,ethgroup,ethnicity,n\n", "cells.csv, column grade: there are no labels"),
    "semicolons": (CELLS.replace(",", ";"), "the columns are not separated by commas"),
    "no column of counts": (
        changed_cells(",n\n", ",number\n"),
        "row 1: there is no column 'n', which holds the counts",
    ),
    "misspelt column": (changed_cells("sex", "sexx"), "no column 'sex', which tables.toml names. Did you mean 'sexx'?"),
    "no column of groups": (changed_cells("ethgroup", "x"), "Give --members FILE with the columns ethgroup, ethnicity"),
    "column twice": (changed_cells("sex", "grade"), "row 1: there are two columns 'grade'"),
    "cell too few": (changed_cells("G1,M,White", "M,White"), "row 3: 4 cells, but the first row has 5 columns"),
    "cell too many": (changed_cells("G1,M,White", "G1,M,M,White"), "row 3: 6 cells, but the first row has 5 columns"),
    "no label": (changed_cells("G1,M,White", ",M,White"), "row 3, column grade: this is empty"),
    "cell twice": (
        CELLS + "G1,F,White,W_British,2\n",
        "row 10: the cell G1 / F / White / W_British is already in row 2",
    ),
    "negative": (changed_cells("12", "-12"), "row 3, column n: '-12' is below 0"),
    "fraction": (changed_cells("12", "1.2"), "row 3, column n: '1.2' is not a whole number"),
    "thousands": (changed_cells("12", '"1,200"'), "row 3, column n: '1,200' is not a whole number"),
    "words": (changed_cells("12", "*"), "row 3, column n: '*' is not a whole number"),
    "no count": (changed_cells("12", ""), "row 3, column n: this is empty. Enter 0"),
    "too many people": (changed_cells("12", "9999999999"), "row 3, column n: '9999999999' is not"),
    "two parents": (changed_cells("M,White,W_Irish", "M,Asian,W_Irish"), "'W_Irish' belongs to"),
    "two levels": (changed_cells("W_Irish", "White"), "column ethnicity: 'White' is also a label of ethgroup"),
    "total by another name": (changed_cells("G1,F", "TOTAL,F"), "column grade: 'TOTAL' must be spelt 'Total'"),
    "total as a group": (CELLS.replace("Asian,", "Total,"), "'Total' is also a label of the total"),
    "not UTF-8": (CELLS.replace("W_Irish", "Ir\xe9").encode("latin-1"), "cells.csv, row 3: this is not UTF-8"),
    "UTF-16": (CELLS.encode("utf-16"), "cells.csv, row 1: this is not UTF-8"),
    "unclosed quote": (CELLS + '"G3,F,White,W_British,2\n', "this is not well-formed CSV"),
    "zero bytes": (changed_cells("W_Irish", "W\0Irish"), "row 3, column ethnicity: there is a control character"),
    "a page of text": (changed_cells("W_Irish", "W" * 5000), "row 3, column ethnicity: this is 5,000 characters long"),
}


@pytest.mark.parametrize("case", CELL_FILES)
def test_an_invalid_file_of_counts(case, folder, capsys):
    content, message = CELL_FILES[case]
    write_files(cells_csv=content)
    assert message in error_message(capsys, *protect())


TABULATED_FILES = {
    "margins": (TABULATED.replace("G1,Total,20", "G1,Total,21"), "These margins do not add up: the total is 60"),
    "each margin": (
        TABULATED.replace("G1,Total,20", "G1,Total,21"),
        "G1 is 21, but its parts (G1 / F, G1 / M) add up to 20",
    ),
    "missing cell": (TABULATED.replace("G2,M,23\n", ""), "No count is given for G2 / M"),
    "cell twice": (TABULATED + "G2,M,23\n", "row 11: the cell G2 / M is already in row 10"),
    "column without a table": ("site,grade,sex,n\nTotal,G1,F,3\nTotal,Total,Total,3\n", "uses the column 'site'"),
    "no label at all": ("grade,sex,n\nTotal,Total,60\n", "column grade: there are no labels"),
}


@pytest.mark.parametrize("case", TABULATED_FILES)
def test_an_invalid_file_of_tabulated_counts(case, folder, capsys):
    content, message = TABULATED_FILES[case]
    write_files(made_csv=content)
    assert message in error_message(capsys, *protect(cells="made.csv", tables="flat.toml"))


def test_a_category_missing_from_the_hierarchy(folder, capsys):
    write_files(members_csv="ethgroup,ethnicity\nWhite,W_British\nWhite,W_Irish\nAsian,A_Chinese\n")
    write_files(cells_csv="\n".join(",".join(line.split(",")[:2] + line.split(",")[3:]) for line in CELLS.splitlines()))
    message = error_message(capsys, *protect("--members", "members.csv"))
    assert "cells.csv, row 5, column ethnicity: 'A_Indian' is not a label of ethnicity." in message


RELEASES = {
    "a star": (TABULATED.replace(",8", ",*"), "row 7, column n: '*' is not a whole number of people"),
    "no counts": (PATTERN.replace(",n,", ",m,"), "no column 'n', which holds the counts that are shown"),
    "misspelt status": (
        PATTERN.replace("published", "publishd", 1),
        "row 2, column status: 'publishd' is not a valid status",
    ),
    "no count shown": (PATTERN.replace(",60,", ",,"), "row 2, column n: this is empty"),
    "missing row": (PATTERN.replace("G2,M,23,primary\n", ""), "there is no row for G2 / M"),
    "cell twice": (PATTERN + "G2,M,23,primary\n", "row 11: G2 / M is already in row 10"),
    "margins": (PATTERN.replace("G1,Total,20", "G1,Total,30"), "the total is 60, its parts add up to 70"),
    "unknown column": (PATTERN.replace("sex", "site,sex").replace("l,", "l,x,"), "row"),
    "missing cells": ("grade,sex,n,status\nTotal,F,3,published\nG1,F,3,published\n", "there is no row for"),
}


@pytest.mark.parametrize("case", RELEASES)
def test_an_invalid_release(case, folder, capsys):
    content, message = RELEASES[case]
    write_files(release_csv=content)
    assert message in error_message(capsys, *audit("--out", "out.csv"))


def test_a_column_with_several_levels_needs_the_members_file(folder, capsys):
    assert main(protect(out="pattern.csv")) == 0
    capsys.readouterr()
    message = error_message(capsys, *audit(pattern="pattern.csv", tables="tables.toml"))
    assert "tables.toml groups ethnicity" in message
    assert "--members FILE with the columns ethgroup, ethnicity" in message
    assert "with --members FILE" in error_message(capsys, *audit(attacker="C"))
    write_files(members_csv="ethgroup,ethnicity\nWhite,W_British\nWhite,W_Irish\nAsian,A_Chinese\n")
    message = error_message(capsys, *audit("--members", "members.csv", pattern="pattern.csv", tables="tables.toml"))
    assert "column ethnicity: 'A_Indian' is not a label" in message


ARGUMENTS = {
    "unknown policy": (protect(policy="council_lt6"), "There is no policy 'council_lt6'. Use one of council_lt10"),
    "policy that rounds": (protect(policy="hesa"), "'hesa' rounds counts: use it with `evenstat round`, or use one of"),
    "no such file": (protect(cells="cels.csv"), "cels.csv: cannot be read (No such file or directory)"),
    "a folder": (protect(cells="folder.csv"), "folder.csv: cannot be read (Is a directory)"),
    "another file type": (protect(cells="cells.ods"), "cells.ods: the name must end in .csv or .xlsx"),
    "output file of another type": (protect(out="out.txt"), "out.txt: the name must end in .csv or .xlsx"),
    "output folder missing": (protect(out="nowhere/out.csv"), "nowhere/out.csv: the folder does not exist"),
    "output file exists": (protect(out="made.csv"), "made.csv: this file already exists"),
    "output file is an input": (protect("--force", out="cells.csv"), "cells.csv: this file is also an input"),
    "public file exists": (protect("--public", "made.csv"), "made.csv: this file already exists"),
    "two outputs with one name": (protect("--public", "out.csv"), "out.csv: both output files have this name"),
    "count is a dimension": (protect("--count", "grade"), "'grade' is the column of counts and cannot be a dimension"),
    "no members file": (protect("--members", "m.csv"), "m.csv: cannot be read"),
    "a name with a zero byte": (protect(cells="a\0b.csv"), "cannot be read"),
    "audit of a missing file": (audit(pattern="x.csv"), "x.csv: cannot be read"),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_invalid_arguments(case, folder, capsys):
    arguments, message = ARGUMENTS[case]
    Path("folder.csv").mkdir()
    assert message in error_message(capsys, *arguments)


FORCED = {
    "unknown label": ("grade,sex\nG3,F\n", "force.csv, row 2, column grade: 'G3' is not a label of grade"),
    "unknown column": ("grade,site\nG1,F\n", "row 1: the column 'site' is not a dimension of these tables"),
    "no table has it": ("sex,ethnicity\nF,W_British\n", "row 2: no table has the cell"),
    "twice": ("grade\nG1\nG1\n", "row 3: G1 is already in row 2"),
}


@pytest.mark.parametrize("case", FORCED)
@pytest.mark.parametrize("option", ["--publish", "--suppress"])
def test_forced_cells_that_do_not_exist(case, option, folder, capsys):
    content, message = FORCED[case]
    write_files(force_csv=content)
    assert message in error_message(capsys, *protect(option, "force.csv"))


def test_forced_cells_that_leave_no_safe_pattern(folder, capsys):
    write_files(
        one_csv="grade,sex\nG1,F\n",
        rest_csv="grade,sex\n" + "".join(f"{g},{s}\n" for g in ("G2", "Total") for s in "FM"),
    )
    write_files(
        all_csv="grade,sex\n"
        + "".join(f"{g},{s}\n" for g in ("G1", "G2", "Total") for s in ("F", "M", "Total") if g + s != "G1F")
    )
    assert "is listed both to be published and to be suppressed" in error_message(
        capsys, *protect("--publish", "one.csv", "--suppress", "one.csv")
    )
    message = error_message(
        capsys, *protect("--suppress", "one.csv", "--publish", "all.csv", cells="made.csv", tables="flat.toml")
    )
    assert "can be derived from cells that must be published" in message


def test_a_true_zero_cannot_be_suppressed_where_the_policy_publishes_zeros(folder, capsys):
    write_files(
        suppress_csv="grade,sex\nG1,F\n",
        cells_csv=CELLS.replace("G1,F", "G1,M"),
        one_toml='tables = [["grade", "sex"]]',
    )
    write_files(cells_csv=CELLS.replace("G1,F", "G1,X"))
    assert "suppress.csv: G1 / F is 0, and policy 'council_lt5' publishes every zero" in error_message(
        capsys, *protect("--suppress", "suppress.csv", tables="one.toml")
    )


def test_a_policy_that_cannot_be_satisfied(folder, capsys):
    write_files(cells_csv="grade,n\nG1,3\n", one_toml='tables = [["grade"]]')
    write_files(publish_csv="grade\nTotal\n")
    message = error_message(capsys, *protect("--publish", "publish.csv", tables="one.toml"))
    assert "G1 can be derived from cells that must be published" in message


def test_prior_releases_with_other_people_or_other_labels(folder, capsys):
    write_files(out_csv="grade,n,status\nG1,7,published\n")
    message = error_message(capsys, *protect("--prior-releases", "out.csv", out="new.csv"))
    assert "G1 is 65 now" in message
    write_files(out_csv="grade,n,status\nG1,seven,published\n")
    assert "out.csv, row 2, column n: 'seven'" in error_message(
        capsys, *protect("--prior-releases", "out.csv", out="new.csv")
    )
    write_files(out_csv="ethnicity,n,status\nA_Chines,11,published\n")
    message = error_message(capsys, *protect("--prior-releases", "out.csv", out="new.csv"))
    assert "'A_Chines' is not a label of ethnicity. Did you mean 'A_Chinese'?" in message


def test_a_table_that_would_disclose_a_prior_release_is_refused_with_the_reason(folder, capsys):
    write_files(cells_csv="grade,sex,n\nG1,F,3\nG2,F,29\nG2,M,30\n", both_toml=FLAT)
    write_files(out_csv="grade,n,status\nTotal,62,published\nG1,,secondary\nG2,,secondary\n")
    write_files(letter_csv="grade,sex,n,status\nG1,F,3,published\n")
    message = error_message(
        capsys, *protect("--prior-releases", "out.csv", "letter.csv", tables="both.toml", out="new.csv")
    )
    assert "Nothing was written. No. G1 / M must be shown" in message
    assert "G1, which is suppressed in a prior release" in message


OPTIONS = {
    "--polcy": ["protect", "--polcy", "council_lt5"],
    "--cell": ["protect", "--cell=x.csv"],
    "--attaker": ["audit", "--attaker", "A"],
    "--wieghts": ["protect", "--wieghts", "cells"],
}


@pytest.mark.parametrize("misspelt", OPTIONS)
def test_a_misspelt_option_is_refused_with_the_nearest_one(misspelt, folder, capsys):
    intended = {"--polcy": "--policy", "--cell": "--cells", "--attaker": "--attacker", "--wieghts": "--weights"}[
        misspelt
    ]
    with pytest.raises(SystemExit) as exited:
        main(OPTIONS[misspelt])
    assert exited.value.code == 2
    assert f"there is no option {misspelt}. Did you mean {intended}?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
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
def test_invalid_option_values(options, folder, capsys):
    with pytest.raises(SystemExit) as exited:
        main(protect(*options))
    assert exited.value.code == 2
    assert options[0] in capsys.readouterr().err


def test_a_file_of_half_a_gigabyte_is_refused(folder, capsys):
    with Path("huge.csv").open("wb") as file:
        os.truncate(file.fileno(), 500_000_000)  # a sparse file: no data is written
    try:
        before = Path("huge.csv").stat().st_size
        assert main(protect(cells="huge.csv")) == 2
        assert "larger than 50,000,000 bytes" in capsys.readouterr().err
        assert Path("huge.csv").stat().st_size == before
    finally:
        Path("huge.csv").unlink()


def test_a_full_disk_leaves_no_file(folder, capsys, monkeypatch):
    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evenstat.disclosure.files.file_io.os.fsync", fail)
    assert "out.csv: cannot be written (No space left on device)" in error_message(capsys, *protect())


def test_an_interrupt_is_reported(folder, capsys, monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("evenstat.commands.search.protect", interrupted)
    assert main(protect()) == 130
    assert "stopped. Nothing was written." in capsys.readouterr().err
    assert not Path("out.csv").exists()


def test_an_unsafe_pattern_is_never_written(folder, capsys, monkeypatch):
    """A search that suppresses only the small counts: the audit refuses its pattern."""

    def careless(tables, policy, **_options):
        hidden = (tables.counts > 0) & (tables.counts < 5)
        publication = suppress_cells(tables.shape, tables.counts, hidden)
        return SimpleNamespace(suppressed=hidden, publication=publication, stopped=False)

    monkeypatch.setattr("evenstat.commands.search.protect", careless)
    message = error_message(capsys, *protect())
    assert "Nothing was written: attacker A can work out" in message


def test_representation_refuses_a_policy_that_it_cannot_apply(folder, capsys):
    write_files(staff_csv="category,count,benchmark_percent\na,3,50\nb,200,50\n")
    for policy in ("hesa", "mod", "sro_acro"):
        message = error_message(capsys, "representation", "staff.csv", "--policy", policy)
        assert f"Policy '{policy}' is not for tables of one characteristic: use one of council_lt10" in message
