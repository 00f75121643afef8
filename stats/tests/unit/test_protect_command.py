"""`evenstat protect` and `evenstat audit`: from a file of counts to a safe one, and what a reader makes of it."""

import csv
import random
import subprocess
import sys
from pathlib import Path

import pytest

from evenstat.cli import main
from evenstat.disclosure.files import read

TABLES = """tables = [["grade", "ethnicity"], ["grade", "sex"], ["sex", "ethgroup"]]
[hierarchies]
ethnicity = ["ethgroup", "ethnicity"]
"""
GROUPS = {"White": ["W_British", "W_Other"], "Asian": ["A_Chinese", "A_Indian", "A_Other"], "Black": ["B_African"]}
NAMES = ["grade", "sex", "ethgroup", "ethnicity", "n"]


def workforce(seed):
    """Some 400 people; nobody in it is real."""
    chance = random.Random(seed)
    for grade in ("G1", "G2", "G3", "G4"):
        for sex in ("F", "M"):
            for group, members in GROUPS.items():
                for each in members:
                    count = chance.randint(9, 40) if group == "White" else chance.choice([0, 1, 2, 4, 6, 11])
                    if count:
                        yield grade, sex, group, each, count


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table(tmp_path / "cells.csv", [NAMES, *workforce(7)])
    (tmp_path / "tables.toml").write_text(TABLES)
    return tmp_path


def table(path, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def protect(*more, cells="cells.csv", out="pattern.csv", tables="tables.toml"):
    given = ["--cells", cells, "--tables", tables, "--policy", "council_lt5", "--out", out, "--budget", "150"]
    return main(["protect", *given, *more])


def audit(*more, pattern="pattern.csv", attacker="C"):
    given = ["--pattern", pattern, "--tables", "tables.toml", "--members", "cells.csv", "--attacker", attacker]
    return main(["audit", *given, *more])


def rows_of(name):
    sheet = read(Path(name))
    return [dict(zip(sheet.columns, row.cells, strict=True)) for row in sheet.rows]


def status_of(name):
    return {tuple(list(row.values())[:-2]): row["status"] for row in rows_of(name)}


def test_a_safe_file_out_of_true_counts(folder, capsys):
    assert protect("--count", "n") == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "  reader C          0  of " in said.out
    rows = rows_of("pattern.csv")
    assert list(rows[0]) == ["grade", "ethnicity", "sex", "n", "status"]
    true = sum(row[-1] for row in workforce(7))
    assert rows[0] == {"grade": "Total", "ethnicity": "Total", "sex": "Total", "n": str(true), "status": "published"}
    assert all((row["n"] == "") == (row["status"] != "published") for row in rows)
    assert not any(row["status"] == "published" and 1 <= int(row["n"]) <= 4 for row in rows)
    for attacker in "ABC":
        assert audit(attacker=attacker) == 0
        assert capsys.readouterr().out.splitlines()[-1].startswith("0 of ")


def test_the_same_bytes_on_every_run(folder):
    for out in ("one.csv", "two.csv", "one.xlsx", "two.xlsx"):
        assert protect("--seed", "3", out=out) == 0
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()
    assert Path("one.xlsx").read_bytes() == Path("two.xlsx").read_bytes()
    assert rows_of("one.csv") == rows_of("one.xlsx")


def test_what_goes_out_does_not_say_which_hidden_counts_are_small(folder, capsys):
    assert protect("--public", "public.csv") == 0
    capsys.readouterr()
    public = rows_of("public.csv")
    assert list(public[0]) == ["grade", "ethnicity", "sex", "n"]
    assert [row["n"] or "[c]" for row in rows_of("pattern.csv")] == [row["n"] for row in public]
    said = []
    for pattern in ("pattern.csv", "public.csv"):
        assert audit("--out", f"of-{pattern}", pattern=pattern, attacker="B") == 0
        said.append(capsys.readouterr().out.splitlines()[-1])
    assert said[0] == said[1]
    assert Path("of-pattern.csv").read_bytes() == Path("of-public.csv").read_bytes()


def test_with_counts_every_count_is_there_and_it_is_said(folder, capsys):
    assert protect("--with-counts") == 0
    assert "It must not go out." in capsys.readouterr().out
    rows = rows_of("pattern.csv")
    assert any(row["status"] == "primary" and 1 <= int(row["n"]) <= 4 for row in rows)
    assert all(row["n"] for row in rows)


def test_tables_made_up_already_are_protected_in_the_same_way(folder):
    assert protect("--with-counts", out="counts.csv") == 0
    assert protect("--with-counts", out="counts.xlsx") == 0
    for cells in ("counts.csv", "counts.xlsx"):
        assert protect("--members", "cells.csv", "--force", cells=cells) == 0
        assert {key for key, status in status_of("pattern.csv").items() if status == "primary"} == {
            key for key, status in status_of("counts.csv").items() if status == "primary"
        }
        assert audit() == 0


def test_parents_may_come_from_a_file_of_their_own(folder):
    assert protect(out="one.csv") == 0
    table(folder / "groups.csv", [["ethgroup", "ethnicity"], *((up, low) for up, low in _pairs())])
    table(folder / "short.csv", [["grade", "sex", "ethnicity", "n"], *((g, s, e, n) for g, s, _, e, n in workforce(7))])
    assert protect("--members", "groups.csv", cells="short.csv", out="two.csv") == 0
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()


def _pairs():
    return [(group, each) for group, members in GROUPS.items() for each in members]


def test_forced_cells_are_shown_and_hidden(folder, capsys):
    assert protect(out="free.csv") == 0
    free = status_of("free.csv")
    shown = next(key for key, status in free.items() if status == "published" and "Total" not in key[:2])
    small = next(key for key, status in free.items() if status == "primary")
    table(folder / "hide.csv", [["grade", "ethnicity"], shown[:2]])
    table(folder / "publish.csv", [["grade", "ethnicity", "sex"], small])
    assert protect("--hide", "hide.csv", "--publish", "publish.csv") == 0
    assert "1 small count shown" in capsys.readouterr().out
    found = status_of("pattern.csv")
    assert found[shown] == "secondary"
    assert found[small] == "published"


def test_guarantees_hold(folder, capsys):
    assert protect("--not-below", "5", "--reach", "2", "--attacker", "B", "--weights", "people") == 0
    said = capsys.readouterr().out
    assert "No small count can be proved to be below 5." in said
    assert audit("--out", "ranges.csv", attacker="B") == 0
    small = {key for key, status in status_of("pattern.csv").items() if status == "primary"}
    for row in rows_of("ranges.csv"):
        if (row["grade"], row["ethnicity"], row["sex"]) in small:
            assert row["hi"] == "" or int(row["hi"]) >= 5


def test_an_unsafe_file_is_told_by_the_exit_code_and_the_last_line(folder, capsys):
    assert protect("--with-counts", out="counts.csv") == 0
    capsys.readouterr()
    rows = rows_of("counts.csv")
    naive = [[*list(row.values())[:-1], "primary" if 1 <= int(row["n"]) <= 4 else "published"] for row in rows]
    table(folder / "naive.csv", [list(rows[0]), *naive])
    assert audit("--out", "ranges.csv", pattern="naive.csv", attacker="A") == 1
    last = capsys.readouterr().out.splitlines()[-1]
    ranges = rows_of("ranges.csv")
    exact = [row for row in ranges if row["exact"] == "yes"]
    assert last == f"{len(exact)} of {len(ranges)} hidden cells determined exactly"
    true = {tuple(list(row.values())[:-2]): int(row["n"]) for row in rows}
    for row in ranges:
        count = true[row["grade"], row["ethnicity"], row["sex"]]
        assert int(row["lo"]) <= count
        assert row["hi"] == "" or count <= int(row["hi"])
        assert (row["exact"] == "yes") == (row["lo"] == row["hi"])


def test_what_is_out_stays_as_it_is_and_stays_safe(folder, capsys):
    (folder / "first.toml").write_text(TABLES.replace('["grade", "ethnicity"], ["grade", "sex"], ', ""))
    assert protect(out="first.csv", tables="first.toml") == 0
    assert protect("--earlier", "first.csv", out="second.csv") == 0
    first, second = rows_of("first.csv"), status_of("second.csv")
    for row in first:
        key = ("Total", row["ethnicity"], row["sex"])
        assert (second[key] == "published") == (row["status"] == "published")
    for attacker in "ABC":
        assert audit("--earlier", "first.csv", pattern="second.csv", attacker=attacker) == 0
    assert capsys.readouterr().err == ""


def test_a_count_that_is_hidden_here_and_shown_there_is_determined(folder, capsys):
    assert protect("--with-counts", out="counts.csv") == 0
    assert protect() == 0
    key, count = next((row, row["n"]) for row in rows_of("counts.csv") if row["status"] == "primary")
    table(
        folder / "letter.csv",
        [["grade", "ethnicity", "sex", "n", "status"], [*list(key.values())[:3], count, "published"]],
    )
    assert audit("--earlier", "letter.csv", attacker="A") == 1


def test_where_zeros_are_hidden_too_the_audit_is_told_so(folder, capsys):
    given = ["protect", "--cells", "cells.csv", "--tables", "tables.toml", "--policy", "sro_acro", "--attacker", "B"]
    assert main([*given, "--out", "pattern.csv", "--budget", "100"]) == 0
    assert "Hidden counts may be 0: audit it with --zeros-hidden." in capsys.readouterr().out
    assert audit("--zeros-hidden", attacker="B") == 0
    assert "at least 1" not in capsys.readouterr().out


def test_a_release_that_no_counts_fit_is_refused(folder, capsys):
    (folder / "tables.toml").write_text('tables = [["grade"]]')
    table(folder / "pattern.csv", [["grade", "n"], ["Total", 1], ["G1", "[c]"], ["G2", "[c]"]])
    assert audit(attacker="A") == 0
    assert audit(attacker="B") == 2
    said = capsys.readouterr().err
    assert "pattern.csv: No counts fit what is published" in said
    assert "Where hidden cells may be 0, say --zeros-hidden." in said
    assert audit("--zeros-hidden", attacker="B") == 0


def test_progress_is_on_standard_error_and_only_when_asked_for(folder, capsys):
    assert protect("--progress") == 0
    said = capsys.readouterr()
    assert "programmes solved" in said.err
    assert "programmes solved" not in said.out


def test_a_search_that_runs_out_of_time_says_so_or_refuses(folder, capsys):
    code = protect("--seconds", "0.000001")
    said = capsys.readouterr()
    assert code == 2
    assert "stopped before a safe pattern was found" in said.err
    assert not Path("pattern.csv").exists()


def test_a_step_that_never_ends_is_ended_in_words(folder):
    """In a process of its own: one step of the solver can't be interrupted, so the program ends itself."""
    stuck = (
        "import sys, threading\n"
        "from evenstat.cli import main\n"
        "from evenstat.commands import progress, search\n"
        "progress.GRACE = 0.0\n"
        "search.protect = lambda *_, **__: threading.Event().wait()\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    given = [
        "protect",
        "--cells",
        "cells.csv",
        "--tables",
        "tables.toml",
        "--policy",
        "council_lt5",
        "--out",
        "out.csv",
    ]
    run = [sys.executable, "-c", stuck, *given, "--seconds", "0.001"]
    ended = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "the time was up long ago. Nothing was written." in ended.stderr
    assert not Path("out.csv").exists()


def test_what_two_ways_of_grouping_tell_apart_is_kept_too(folder):
    """16 to 29 less 16 to 24 is 25 to 29, which no table shows and which holds three people."""
    ages = [
        ("Y24", "Y29", "16-24", 20),
        ("O25", "Y29", "25-29", 3),
        ("O25", "O30", "30-64", 90),
        ("O25", "O30", "65+", 12),
    ]
    table(folder / "cells.csv", [["to24", "to29", "age", "n"], *ages])
    (folder / "tables.toml").write_text(
        'tables = [["to24"], ["to29"]]\n[hierarchies]\nage = [["to24", "age"], ["to29", "age"]]\n'
    )
    assert protect() == 0
    shown = {key for key, status in status_of("pattern.csv").items() if status == "published"}
    assert not {("Y24",), ("Y29",)} <= shown
    assert not {("O25",), ("O30",)} <= shown
    assert audit(attacker="B") == 0


def test_tables_made_up_already_may_follow_others(folder):
    (folder / "first.toml").write_text('tables = [["grade", "sex"]]')
    assert protect(out="first.csv", tables="first.toml") == 0
    assert protect("--with-counts", out="counts.csv") == 0
    assert protect("--members", "cells.csv", "--earlier", "first.csv", cells="counts.csv") == 0
    first, found = status_of("first.csv"), status_of("pattern.csv")
    for (grade, sex), status in first.items():
        assert (found[grade, "Total", sex] == "published") == (status == "published")
    assert audit("--earlier", "first.csv") == 0
