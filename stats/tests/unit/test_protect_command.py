"""`evenstat protect` and `evenstat audit`: from a file of counts to a safe release, and its audit."""

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
    """About 400 people, generated at random."""
    generator = random.Random(seed)
    for grade in ("G1", "G2", "G3", "G4"):
        for sex in ("F", "M"):
            for group, members in GROUPS.items():
                for ethnicity in members:
                    large = group == "White"
                    count = generator.randint(9, 40) if large else generator.choice([0, 1, 2, 4, 6, 11])
                    if count:
                        yield grade, sex, group, ethnicity, count


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "cells.csv", [NAMES, *workforce(7)])
    (tmp_path / "tables.toml").write_text(TABLES)
    return tmp_path


def write_csv(path, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def protect(*options, cells="cells.csv", out="pattern.csv", tables="tables.toml"):
    arguments = ["--cells", cells, "--tables", tables, "--policy", "council_lt5", "--out", out, "--budget", "150"]
    return main(["protect", *arguments, *options])


def audit(*options, pattern="pattern.csv", attacker="C"):
    arguments = ["--pattern", pattern, "--tables", "tables.toml", "--members", "cells.csv", "--attacker", attacker]
    return main(["audit", *arguments, *options])


def rows_of(name):
    sheet = read(Path(name))
    return [dict(zip(sheet.columns, row.cells, strict=True)) for row in sheet.rows]


def status_of(name):
    return {tuple(list(row.values())[:-2]): row["status"] for row in rows_of(name)}


def test_true_counts_become_a_safe_file(folder, capsys):
    assert protect("--count", "n") == 0
    output = capsys.readouterr()
    assert output.err == ""
    assert "  attacker C        0  of " in output.out
    rows = rows_of("pattern.csv")
    assert list(rows[0]) == ["grade", "ethnicity", "sex", "n", "status"]
    total = sum(row[-1] for row in workforce(7))
    assert rows[0] == {"grade": "Total", "ethnicity": "Total", "sex": "Total", "n": str(total), "status": "published"}
    assert all((row["n"] == "") == (row["status"] != "published") for row in rows)
    assert not any(row["status"] == "published" and 1 <= int(row["n"]) <= 4 for row in rows)
    for attacker in "ABC":
        assert audit(attacker=attacker) == 0
        assert capsys.readouterr().out.splitlines()[-1].startswith("0 of ")


def test_output_is_identical_on_every_run(folder):
    for out in ("one.csv", "two.csv", "one.xlsx", "two.xlsx"):
        assert protect("--seed", "3", out=out) == 0
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()
    assert Path("one.xlsx").read_bytes() == Path("two.xlsx").read_bytes()
    assert rows_of("one.csv") == rows_of("one.xlsx")


def test_the_public_file_does_not_show_which_suppressed_counts_are_small(folder, capsys):
    assert protect("--public", "public.csv") == 0
    capsys.readouterr()
    public = rows_of("public.csv")
    assert list(public[0]) == ["grade", "ethnicity", "sex", "n"]
    assert [row["n"] or "[c]" for row in rows_of("pattern.csv")] == [row["n"] for row in public]
    last_lines = []
    for pattern in ("pattern.csv", "public.csv"):
        assert audit("--out", f"of-{pattern}", pattern=pattern, attacker="B") == 0
        last_lines.append(capsys.readouterr().out.splitlines()[-1])
    assert last_lines[0] == last_lines[1]
    assert Path("of-pattern.csv").read_bytes() == Path("of-public.csv").read_bytes()


def test_with_counts_writes_every_count_with_a_warning(folder, capsys):
    assert protect("--with-counts") == 0
    assert "Do not publish pattern.csv: it contains the suppressed counts" in capsys.readouterr().out
    rows = rows_of("pattern.csv")
    assert any(row["status"] == "primary" and 1 <= int(row["n"]) <= 4 for row in rows)
    assert all(row["n"] for row in rows)


def test_tabulated_counts_are_protected_in_the_same_way(folder):
    assert protect("--with-counts", out="counts.csv") == 0
    assert protect("--with-counts", out="counts.xlsx") == 0
    for cells in ("counts.csv", "counts.xlsx"):
        assert protect("--members", "cells.csv", "--force", cells=cells) == 0
        assert {key for key, status in status_of("pattern.csv").items() if status == "primary"} == {
            key for key, status in status_of("counts.csv").items() if status == "primary"
        }
        assert audit() == 0


def test_groups_may_come_from_a_separate_file(folder):
    assert protect(out="one.csv") == 0
    write_csv(folder / "groups.csv", [["ethgroup", "ethnicity"], *_group_members()])
    write_csv(
        folder / "short.csv", [["grade", "sex", "ethnicity", "n"], *((g, s, e, n) for g, s, _, e, n in workforce(7))]
    )
    assert protect("--members", "groups.csv", cells="short.csv", out="two.csv") == 0
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()


def _group_members():
    return [(group, ethnicity) for group, members in GROUPS.items() for ethnicity in members]


def test_forced_cells_are_published_or_suppressed(folder, capsys):
    assert protect(out="free.csv") == 0
    unforced = status_of("free.csv")
    shown = next(key for key, status in unforced.items() if status == "published" and "Total" not in key[:2])
    small = next(key for key, status in unforced.items() if status == "primary")
    write_csv(folder / "suppress.csv", [["grade", "ethnicity"], shown[:2]])
    write_csv(folder / "publish.csv", [["grade", "ethnicity", "sex"], small])
    assert protect("--suppress", "suppress.csv", "--publish", "publish.csv") == 0
    assert "1 small count published" in capsys.readouterr().out
    status = status_of("pattern.csv")
    assert status[shown] == "secondary"
    assert status[small] == "published"


def test_guarantees_are_met(folder, capsys):
    assert protect("--not-below", "5", "--upper-protection", "2", "--attacker", "B", "--weights", "people") == 0
    assert "Attackers A and B cannot prove that any small count is below 5." in capsys.readouterr().out
    assert audit("--out", "ranges.csv", attacker="B") == 0
    small = {key for key, status in status_of("pattern.csv").items() if status == "primary"}
    for row in rows_of("ranges.csv"):
        if (row["grade"], row["ethnicity"], row["sex"]) in small:
            assert row["hi"] == "" or int(row["hi"]) >= 5


def test_an_unsafe_file_gives_exit_code_1_and_a_count_in_the_last_line(folder, capsys):
    assert protect("--with-counts", out="counts.csv") == 0
    capsys.readouterr()
    rows = rows_of("counts.csv")
    naive = [[*list(row.values())[:-1], "primary" if 1 <= int(row["n"]) <= 4 else "published"] for row in rows]
    write_csv(folder / "naive.csv", [list(rows[0]), *naive])
    assert audit("--out", "ranges.csv", pattern="naive.csv", attacker="A") == 1
    last = capsys.readouterr().out.splitlines()[-1]
    ranges = rows_of("ranges.csv")
    exact = [row for row in ranges if row["exact"] == "yes"]
    assert last == f"{len(exact)} of {len(ranges)} suppressed cells determined exactly"
    true_counts = {tuple(list(row.values())[:-2]): int(row["n"]) for row in rows}
    for row in ranges:
        count = true_counts[row["grade"], row["ethnicity"], row["sex"]]
        assert int(row["lo"]) <= count
        assert row["hi"] == "" or count <= int(row["hi"])
        assert (row["exact"] == "yes") == (row["lo"] == row["hi"])


def test_prior_releases_stay_unchanged_and_safe(folder, capsys):
    (folder / "first.toml").write_text(TABLES.replace('["grade", "ethnicity"], ["grade", "sex"], ', ""))
    assert protect(out="first.csv", tables="first.toml") == 0
    assert protect("--prior-releases", "first.csv", out="second.csv") == 0
    first, second = rows_of("first.csv"), status_of("second.csv")
    for row in first:
        key = ("Total", row["ethnicity"], row["sex"])
        assert (second[key] == "published") == (row["status"] == "published")
    for attacker in "ABC":
        assert audit("--prior-releases", "first.csv", pattern="second.csv", attacker=attacker) == 0
    assert capsys.readouterr().err == ""


def test_a_suppressed_count_published_elsewhere_is_determined_exactly(folder, capsys):
    assert protect("--with-counts", out="counts.csv") == 0
    assert protect() == 0
    key, count = next((row, row["n"]) for row in rows_of("counts.csv") if row["status"] == "primary")
    write_csv(
        folder / "letter.csv",
        [["grade", "ethnicity", "sex", "n", "status"], [*list(key.values())[:3], count, "published"]],
    )
    assert audit("--prior-releases", "letter.csv", attacker="A") == 1


def test_where_zeros_are_suppressed_too_the_audit_needs_an_option(folder, capsys):
    arguments = ["--cells", "cells.csv", "--tables", "tables.toml", "--policy", "sro_acro", "--attacker", "B"]
    assert main(["protect", *arguments, "--out", "pattern.csv", "--budget", "100"]) == 0
    assert "Suppressed counts may be 0: audit this file with --zeros-suppressed." in capsys.readouterr().out
    assert audit("--zeros-suppressed", attacker="B") == 0
    assert "at least 1" not in capsys.readouterr().out


def test_an_inconsistent_release_is_refused(folder, capsys):
    (folder / "tables.toml").write_text('tables = [["grade"]]')
    write_csv(folder / "pattern.csv", [["grade", "n"], ["Total", 1], ["G1", "[c]"], ["G2", "[c]"]])
    assert audit(attacker="A") == 0
    assert audit(attacker="B") == 2
    message = capsys.readouterr().err
    assert "pattern.csv: No counts fit the publication" in message
    assert "If suppressed counts may be 0, add --zeros-suppressed." in message
    assert audit("--zeros-suppressed", attacker="B") == 0


def test_progress_is_printed_on_standard_error_on_request(folder, capsys):
    assert protect("--progress") == 0
    output = capsys.readouterr()
    assert "linear programmes solved" in output.err
    assert "linear programmes solved" not in output.out


def test_a_search_that_reaches_its_time_limit_without_a_pattern_is_refused(folder, capsys):
    code = protect("--seconds", "0.000001")
    output = capsys.readouterr()
    assert code == 2
    assert "stopped before a safe pattern was found" in output.err
    assert not Path("pattern.csv").exists()


def test_a_solver_step_that_never_ends_is_stopped_with_a_message(folder):
    """Run in a separate process: a solver step can't be interrupted, so the program exits."""
    stuck = (
        "import sys, threading\n"
        "from evenstat.cli import main\n"
        "from evenstat.commands import progress, search\n"
        "progress.GRACE = 0.0\n"
        "search.protect = lambda *_, **__: threading.Event().wait()\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    arguments = [
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
    run = [sys.executable, "-c", stuck, *arguments, "--seconds", "0.001"]
    ended = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "the time limit was exceeded and the solver did not stop. Nothing was written." in ended.stderr
    assert not Path("out.csv").exists()


def test_a_group_derivable_by_differencing_is_protected_too(folder):
    """16 to 29 less 16 to 24 is 25 to 29: three people in a group that no table shows."""
    ages = [
        ("Y24", "Y29", "16-24", 20),
        ("O25", "Y29", "25-29", 3),
        ("O25", "O30", "30-64", 90),
        ("O25", "O30", "65+", 12),
    ]
    write_csv(folder / "cells.csv", [["to24", "to29", "age", "n"], *ages])
    (folder / "tables.toml").write_text(
        'tables = [["to24"], ["to29"]]\n[hierarchies]\nage = [["to24", "age"], ["to29", "age"]]\n'
    )
    assert protect() == 0
    shown = {key for key, status in status_of("pattern.csv").items() if status == "published"}
    assert not {("Y24",), ("Y29",)} <= shown
    assert not {("O25",), ("O30",)} <= shown
    assert audit(attacker="B") == 0


def test_tabulated_counts_may_follow_prior_releases(folder):
    (folder / "first.toml").write_text('tables = [["grade", "sex"]]')
    assert protect(out="first.csv", tables="first.toml") == 0
    assert protect("--with-counts", out="counts.csv") == 0
    assert protect("--members", "cells.csv", "--prior-releases", "first.csv", cells="counts.csv") == 0
    first, second = status_of("first.csv"), status_of("pattern.csv")
    for (grade, sex), status in first.items():
        assert (second[grade, "Total", sex] == "published") == (status == "published")
    assert audit("--prior-releases", "first.csv") == 0
