"""`evenstat round`: what is printed is what the policy says, holds the truth, and gives nothing away unsaid."""

import csv
from pathlib import Path

import pytest

from evenstat.cli import main
from evenstat.disclosure import Attacker, audit, policy, rounded
from evenstat.disclosure.files import read, read_table_file, read_tables

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


def test_the_same_file_twice():
    assert round_(out="one.csv") == round_(out="two.csv") == 0
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()


REFUSED = {
    "a policy that hides": (
        (),
        {"rule": "council_lt5"},
        "hides counts: use `evenstat protect` with it, or one of hesa",
    ),
    "a policy that gives a count away": (
        ("--if-exact", "refuse"),
        {"rule": "hesa"},
        "The rounded figures together give",
    ),
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


def test_a_workbook_holds_the_same_as_the_csv():
    assert round_(out="one.csv") == round_(out="one.xlsx") == 0
    sheets = [read(Path(name)) for name in ("one.csv", "one.xlsx")]
    assert sheets[0].columns == sheets[1].columns
    assert [row.cells for row in sheets[0].rows] == [row.cells for row in sheets[1].rows]


PLACES = {"p0": ("R0", "B1"), "p1": ("R0", "B2"), "p2": ("R1", "B0"), "p3": ("R0", "B1"), "p4": ("R1", "B0")}
WOMEN, MEN = (0, 0, 2, 1, 0), (0, 2, 3, 1, 0)


def fitting(constraints, cells):
    """Every whole-number table, as far as the printed figures allow: each is (places of inner cells, low, high)."""
    last = [max(places) for places, _, _ in constraints]
    through = [[at for at, (places, _, _) in enumerate(constraints) if cell in places] for cell in range(cells)]

    def go(cell, sums):
        if cell == cells:
            yield sums
            return
        for people in range(40):
            more = list(sums)
            for at in through[cell]:
                more[at] += people
            if any(more[at] > constraints[at][2] for at in through[cell]):
                return
            if all(more[at] >= constraints[at][1] for at in through[cell] if last[at] == cell):
                yield from go(cell + 1, more)

    return go(0, [0] * len(constraints))


def test_what_two_groupings_of_one_dimension_tell_apart_is_not_given_away():
    rows = [f"{place},{region},{band},F,{WOMEN[at]}" for at, (place, (region, band)) in enumerate(PLACES.items())]
    rows += [f"{place},{region},{band},M,{MEN[at]}" for at, (place, (region, band)) in enumerate(PLACES.items())]
    Path("cells.csv").write_text("place,region,band,s,n\n" + "\n".join(rows) + "\n")
    Path("t.toml").write_text(
        'tables = [["region","s"],["band","s"]]\n[hierarchies]\nplace = [["region","place"],["band","place"]]\n'
    )
    asked = ["--cells", "cells.csv", "--tables", "t.toml", "--policy", "hesa", "--if-exact", "withhold"]
    assert main(["round", *asked, "--attacker", "B", "--out", "out.csv"]) == 0
    inner = [(place, sex) for sex in "FM" for place in PLACES]
    truth, constraints = dict(zip(inner, WOMEN + MEN, strict=True)), []
    with Path("out.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            inside = [
                at
                for at, (place, sex) in enumerate(inner)
                if row["s"] in ("Total", sex) and (row["place"] == "Total" or row["place"] in PLACES[place])
            ]
            low, high = (0, 99) if row["n"] == "[c]" else (max(int(row["n"]) - 2, 0), int(row["n"]) + 2)
            constraints.append((inside, low, high))
    tables = list(zip(*fitting(constraints, len(inner)), strict=True))
    for (inside, _, _), values in zip(constraints, tables, strict=True):
        count = sum(truth[inner[at]] for at in inside)
        assert min(values) <= count <= max(values)
        assert count == 0 or len(set(values)) > 1


def test_one_file_by_two_names_is_refused(capsys, folder):
    (folder / "sub").mkdir()
    assert round_("--intervals", "sub/../out.csv", "--force") == 2
    assert "give the two results two names" in capsys.readouterr().err
    assert not Path("out.csv").exists()


def test_what_is_there_is_not_replaced_unasked(capsys):
    Path("out.csv").write_text("kept")
    assert round_() == 2
    assert "is there already" in capsys.readouterr().err
    assert Path("out.csv").read_text() == "kept"
