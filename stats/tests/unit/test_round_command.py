"""`evenstat round`: what is printed is what the policy says, holds the truth, and gives nothing away unsaid."""

import csv
from pathlib import Path

import pytest

from evenstat.cli import main
from evenstat.disclosure import Attacker, audit, policy, rounded
from evenstat.disclosure.files import read_table_file, read_tables

EXAMPLE = Path(__file__).parents[3] / "docs/examples/safe-tables"
KEYS = ("grade", "ethnicity", "sex")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def truth():
    """Every cell by its labels, from the library rather than from the command."""
    wanted = read_table_file(EXAMPLE / "tables.toml")
    return read_tables(EXAMPLE / "staff.csv", wanted, count="staff")


def round_(*more, rule="ofqual", out="out.csv"):
    given = ["--cells", str(EXAMPLE / "staff.csv"), "--count", "staff", "--tables", str(EXAMPLE / "tables.toml")]
    return main(["round", *given, "--policy", rule, "--out", out, *more])


def written(name="out.csv"):
    with Path(name).open(newline="") as file:
        return {tuple(row[each] for each in KEYS): row for row in csv.DictReader(file)}


def by_labels(tables):
    at = [tables.shape.names.index(each) for each in KEYS]
    return {
        tuple(tables.shape.key(cell)[place] for place in at): int(tables.counts[cell])
        for cell in range(len(tables.counts))
    }


def test_small_counts_are_marked_and_others_are_the_nearest_multiple(truth, capsys):
    assert round_() == 0
    for key, count in by_labels(truth).items():
        expected = "[low]" if 1 <= count <= 4 else str((count + 2) // 5 * 5)
        assert written()[key]["n"] == expected, (key, count)
    said = capsys.readouterr().out
    assert "marked           32  [low]: 4 or fewer, and not 0" in said
    assert "Totals may not add up: say so beside the tables." in said


def test_what_figures_together_give_away_is_said_and_withheld_when_asked(truth, capsys):
    assert round_(rule="hesa") == 0
    said = capsys.readouterr().out
    assert "reader C          2  of 108" in said
    assert "--if-exact withhold" in said
    assert "[c]" not in {row["n"] for row in written().values()}
    assert round_("--if-exact", "withhold", "--force", rule="hesa") == 0
    said = capsys.readouterr().out
    assert "reader C          0  of 108" in said
    assert "withheld          1" in said
    assert [row["n"] for row in written().values()].count("[c]") == 1


def test_totals_add_up_where_they_are_asked_to(truth, capsys):
    assert round_("--add-up", rule="hesa") == 0
    assert "Totals add up." in capsys.readouterr().out
    printed = {key: int(row["n"]) for key, row in written().items()}
    at = [truth.shape.names.index(each) for each in KEYS]

    def named(cell):
        return tuple(truth.shape.key(cell)[place] for place in at)

    for whole, parts in truth.shape.sums():
        assert printed[named(whole)] == sum(printed[named(part)] for part in parts)
    assert all(value % 5 == 0 and abs(value - by_labels(truth)[key]) < 5 for key, value in printed.items())


def test_the_intervals_are_those_of_the_audit_and_hold_the_truth(truth):
    assert round_("--intervals", "intervals.csv", "--attacker", "B", rule="hesa") == 0
    found = audit(rounded(truth, policy("hesa"), attacker=Attacker.B).publication, Attacker.B)
    rows = written("intervals.csv")
    assert len(rows) == len(found.cells) == 108
    at = [truth.shape.names.index(each) for each in KEYS]
    for cell, low, high in zip(found.cells.tolist(), found.low.tolist(), found.high.tolist(), strict=True):
        row = rows[tuple(truth.shape.key(cell)[place] for place in at)]
        assert (int(row["lo"]), int(row["hi"])) == (low, high)
        assert low <= truth.counts[cell] <= high


def test_a_workbook_and_the_same_twice():
    assert round_(out="one.csv") == round_(out="two.csv") == round_(out="three.xlsx") == 0
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()


REFUSED = {
    "a policy that hides": (
        (),
        {"rule": "council_lt5"},
        "hides counts: use `evenstat protect` with it, or one of hesa",
    ),
    "a policy that gives a count away": (("--if-exact", "refuse"), {"rule": "hesa"}, "give"),
    "one name for two results": (("--intervals", "out.csv"), {}, "give the two results two names"),
    "a misspelt option": (("--ad-up",), {}, "Did you mean --add-up?"),
    "no such policy": ((), {"rule": "ofkwal"}, "There is no policy 'ofkwal'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_said_and_nothing_is_written(case, capsys, folder):
    options, other, words = REFUSED[case]
    try:
        code = round_(*options, **other)
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr().err
    assert code == 2
    assert words in said
    assert "Traceback" not in said
    assert not list(folder.iterdir())


def test_what_is_there_is_not_replaced_unasked(capsys):
    Path("out.csv").write_text("kept")
    assert round_() == 2
    assert "is there already" in capsys.readouterr().err
    assert Path("out.csv").read_text() == "kept"
