"""`evenstat round`: figures follow the policy, intervals contain the true count, and disclosure is reported."""

import csv
from pathlib import Path

import pytest

from evenstat.cli import main
from evenstat.disclosure import Attacker, audit, policy, round_tables
from evenstat.disclosure.files import read, read_table_file, read_tables

EXAMPLE = Path(__file__).parents[3] / "docs/examples/safe-tables"
KEYS = ("grade", "ethnicity", "sex")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def true_tables():
    """The true counts, read by the library and not by the command."""
    table_file = read_table_file(EXAMPLE / "tables.toml")
    return read_tables(EXAMPLE / "staff.csv", table_file, count="staff")


def round_counts(*options, policy_id="ofqual", out="out.csv"):
    arguments = ["--cells", str(EXAMPLE / "staff.csv"), "--count", "staff", "--tables", str(EXAMPLE / "tables.toml")]
    return main(["round", *arguments, "--policy", policy_id, "--out", out, *options])


def written(name="out.csv"):
    with Path(name).open(newline="") as file:
        return {tuple(row[name] for name in KEYS): row for row in csv.DictReader(file)}


def counts_by_labels(tables):
    positions = [tables.shape.names.index(name) for name in KEYS]
    return {
        tuple(tables.shape.key(cell)[position] for position in positions): int(tables.counts[cell])
        for cell in range(len(tables.counts))
    }


def test_small_counts_are_marked_and_others_are_rounded_to_the_nearest_multiple(true_tables, capsys):
    assert round_counts() == 0
    for key, count in counts_by_labels(true_tables).items():
        expected = "[low]" if 1 <= count <= 4 else str((count + 2) // 5 * 5)
        assert written()[key]["n"] == expected, (key, count)
    output = capsys.readouterr().out
    assert "marked           32  [low]: from 1 to 4" in output
    assert "Totals may not add up: say so in a note to the tables." in output


def test_exact_disclosure_is_reported_and_figures_are_withheld_on_request(true_tables, capsys):
    assert round_counts(policy_id="hesa") == 0
    output = capsys.readouterr().out
    assert "attacker C        2  of 108" in output
    assert "--if-exact withhold" in output
    assert "[c]" not in {row["n"] for row in written().values()}
    assert round_counts("--if-exact", "withhold", "--force", policy_id="hesa") == 0
    output = capsys.readouterr().out
    assert "attacker C        0  of 108" in output
    assert "withheld          1" in output
    assert [row["n"] for row in written().values()].count("[c]") == 1


def test_controlled_rounding_makes_totals_add_up(true_tables, capsys):
    assert round_counts("--controlled-rounding", policy_id="hesa") == 0
    assert "Totals add up." in capsys.readouterr().out
    printed = {key: int(row["n"]) for key, row in written().items()}
    positions = [true_tables.shape.names.index(name) for name in KEYS]

    def labels(cell):
        return tuple(true_tables.shape.key(cell)[position] for position in positions)

    for total, parts in true_tables.shape.sums():
        assert printed[labels(total)] == sum(printed[labels(part)] for part in parts)
    assert all(value % 5 == 0 and abs(value - counts_by_labels(true_tables)[key]) < 5 for key, value in printed.items())


def test_intervals_are_those_of_the_audit_and_contain_the_true_count(true_tables):
    assert round_counts("--intervals", "intervals.csv", "--attacker", "B", policy_id="hesa") == 0
    audited = audit(
        round_tables(true_tables, policy("hesa"), attacker=Attacker.ZEROS_SHOWN).publication, Attacker.ZEROS_SHOWN
    )
    rows = written("intervals.csv")
    assert len(rows) == len(audited.cells) == 108
    positions = [true_tables.shape.names.index(name) for name in KEYS]
    for cell, low, high in zip(audited.cells.tolist(), audited.low.tolist(), audited.high.tolist(), strict=True):
        row = rows[tuple(true_tables.shape.key(cell)[position] for position in positions)]
        assert (int(row["lo"]), int(row["hi"])) == (low, high)
        assert low <= true_tables.counts[cell] <= high


def test_output_is_identical_on_every_run():
    assert round_counts(out="one.csv") == round_counts(out="two.csv") == 0
    assert Path("one.csv").read_bytes() == Path("two.csv").read_bytes()


REFUSALS = {
    "a policy that suppresses": (
        (),
        {"policy_id": "council_lt5"},
        "suppresses counts: use it with `evenstat protect`, or use one of hesa",
    ),
    "a policy that would disclose a count": (
        ("--if-exact", "refuse"),
        {"policy_id": "hesa"},
        "The rounded figures together disclose",
    ),
    "one name for two outputs": (("--intervals", "out.csv"), {}, "both output files have this name"),
    "a misspelt option": (("--controled-rounding",), {}, "Did you mean --controlled-rounding?"),
    "no such policy": ((), {"policy_id": "ofkwal"}, "There is no policy 'ofkwal'"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_invalid_input_is_refused_and_nothing_is_written(case, capsys, folder):
    options, arguments, message = REFUSALS[case]
    try:
        code = round_counts(*options, **arguments)
    except SystemExit as exited:
        code = exited.code
    errors = capsys.readouterr().err
    assert code == 2
    assert message in errors
    assert "Traceback" not in errors
    assert not list(folder.iterdir())


def test_a_workbook_has_the_same_content_as_the_csv():
    assert round_counts(out="one.csv") == round_counts(out="one.xlsx") == 0
    sheets = [read(Path(name)) for name in ("one.csv", "one.xlsx")]
    assert sheets[0].columns == sheets[1].columns
    assert [row.cells for row in sheets[0].rows] == [row.cells for row in sheets[1].rows]


PLACES = {"p0": ("R0", "B1"), "p1": ("R0", "B2"), "p2": ("R1", "B0"), "p3": ("R0", "B1"), "p4": ("R1", "B0")}
WOMEN, MEN = (0, 0, 2, 1, 0), (0, 2, 3, 1, 0)


def feasible_sums(constraints, cells):
    """The sums of every whole-number table that fits the constraints: (inner cells, low, high) of each figure."""
    last = [max(inner) for inner, _, _ in constraints]
    containing = [[at for at, (inner, _, _) in enumerate(constraints) if cell in inner] for cell in range(cells)]

    def extend(cell, sums):
        if cell == cells:
            yield sums
            return
        for people in range(40):
            new_sums = list(sums)
            for at in containing[cell]:
                new_sums[at] += people
            if any(new_sums[at] > constraints[at][2] for at in containing[cell]):
                return
            if all(new_sums[at] >= constraints[at][1] for at in containing[cell] if last[at] == cell):
                yield from extend(cell + 1, new_sums)

    return extend(0, [0] * len(constraints))


def test_groups_derivable_by_differencing_are_not_disclosed():
    rows = [f"{place},{region},{band},F,{WOMEN[at]}" for at, (place, (region, band)) in enumerate(PLACES.items())]
    rows += [f"{place},{region},{band},M,{MEN[at]}" for at, (place, (region, band)) in enumerate(PLACES.items())]
    Path("cells.csv").write_text("place,region,band,s,n\n" + "\n".join(rows) + "\n")
    Path("t.toml").write_text(
        'tables = [["region","s"],["band","s"]]\n[hierarchies]\nplace = [["region","place"],["band","place"]]\n'
    )
    arguments = ["--cells", "cells.csv", "--tables", "t.toml", "--policy", "hesa", "--if-exact", "withhold"]
    assert main(["round", *arguments, "--attacker", "B", "--out", "out.csv"]) == 0
    inner = [(place, sex) for sex in "FM" for place in PLACES]
    true_counts, constraints = dict(zip(inner, WOMEN + MEN, strict=True)), []
    with Path("out.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            inside = [
                at
                for at, (place, sex) in enumerate(inner)
                if row["s"] in ("Total", sex) and (row["place"] == "Total" or row["place"] in PLACES[place])
            ]
            low, high = (0, 99) if row["n"] == "[c]" else (max(int(row["n"]) - 2, 0), int(row["n"]) + 2)
            constraints.append((inside, low, high))
    tables = list(zip(*feasible_sums(constraints, len(inner)), strict=True))
    for (inside, _, _), values in zip(constraints, tables, strict=True):
        count = sum(true_counts[inner[at]] for at in inside)
        assert min(values) <= count <= max(values)
        assert count == 0 or len(set(values)) > 1


def test_one_output_file_under_two_names_is_refused(capsys, folder):
    (folder / "sub").mkdir()
    assert round_counts("--intervals", "sub/../out.csv", "--force") == 2
    assert "both output files have this name" in capsys.readouterr().err
    assert not Path("out.csv").exists()


def test_an_existing_file_is_not_overwritten_by_default(capsys):
    Path("out.csv").write_text("kept")
    assert round_counts() == 2
    assert "already exists" in capsys.readouterr().err
    assert Path("out.csv").read_text() == "kept"
