"""A rounded file is audited by its rule alone, and tells what the program that rounded it said."""

import csv
from pathlib import Path

import numpy as np
import pytest

from evenstat.cli import main
from evenstat.disclosure import POLICIES, Method, policy
from evenstat.disclosure.auditing import counts_marked, counts_printed_as
from evenstat.disclosure.rounding.nearest import to_nearest

EXAMPLE = Path(__file__).parents[3] / "docs/examples/safe-tables"
RULES = [each.id for each in POLICIES if each.method is Method.ROUND]
TABLES, STAFF = ("--tables", str(EXAMPLE / "tables.toml")), str(EXAMPLE / "staff.csv")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(name):
    with Path(name).open(newline="") as file:
        found = list(csv.DictReader(file))
    return {(each["grade"], each["ethnicity"], each["sex"]): each for each in found}


def round_(rule, *more):
    return main(["round", "--cells", STAFF, "--count", "staff", *TABLES, "--policy", rule, "--out", "out.csv", *more])


def audit(*more, attacker="A", pattern="out.csv"):
    given = ["--members", STAFF, "--count", "staff", "--attacker", attacker, "--out", "found.csv", "--force"]
    return main(["audit", "--pattern", pattern, *TABLES, *given, *more])


@pytest.mark.parametrize("attacker", ["A", "B", "C"])
@pytest.mark.parametrize("how", [(), ("--add-up",)])
@pytest.mark.parametrize("rule", RULES)
def test_the_file_alone_tells_what_the_program_said(rule, how, attacker, capsys):
    kept = ("--if-exact", "report", "--attacker", attacker, "--intervals", "ranges.csv")
    assert round_(rule, *how, *kept) == 0
    code = audit("--rounded", rule, *how, attacker=attacker)
    assert rows("found.csv") == rows("ranges.csv")
    exact = sum(each["exact"] == "yes" for each in rows("found.csv").values())
    assert code == (1 if exact else 0)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"{exact} of {len(rows('found.csv'))} rounded or withheld cells determined exactly"


@pytest.mark.parametrize("rule", RULES)
def test_a_figure_stands_for_the_counts_that_are_printed_so(rule):
    """Against the rounding itself, count by count: the two share no code."""
    counts = np.arange(300)
    printed = to_nearest(counts, policy(rule))
    alike = {}
    for count, figure, mark in zip(counts.tolist(), printed.values.tolist(), printed.marked.tolist(), strict=True):
        alike.setdefault("[low]" if mark else figure, []).append(count)
    marked = alike.pop("[low]", None)
    assert counts_marked(policy(rule)) == (None if marked is None else (marked[0], marked[-1]))
    for figure in range(270):
        held = alike.get(figure)
        assert counts_printed_as(figure, policy(rule)) == (None if held is None else (held[0], held[-1])), figure


def test_withheld_figures_are_nothing_to_the_audit(capsys):
    assert round_("hesa", "--if-exact", "withhold") == 0
    assert audit("--rounded", "hesa", attacker="C") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 of 108 rounded or withheld cells determined exactly"


def test_an_exact_figure_that_was_out_before_counts(capsys):
    """One true count beside the rounded ones is that one, and what it tells of others."""
    assert round_("hesa", "--if-exact", "report") == 0
    Path("earlier.csv").write_text("grade,ethnicity,sex,n\nTotal,Total,Total,525\n")
    assert audit("--rounded", "hesa", "--earlier", "earlier.csv") == 1
    assert rows("found.csv")["Total", "Total", "Total"]["exact"] == "yes"


def changed(key, figure):
    lines = Path("out.csv").read_text().splitlines()
    place = next(at for at, line in enumerate(lines) if line.startswith(",".join(key) + ","))
    lines[place] = ",".join((*key, figure))
    Path("out.csv").write_text("\n".join(lines) + "\n")
    return place + 1


@pytest.mark.parametrize("figure", ["7", "[low]"])
def test_what_the_rule_never_prints_is_refused_by_its_place(figure, capsys):
    assert round_("hesa") == 0
    row = changed(("Total", "Total", "Female"), figure)
    assert audit("--rounded", "hesa") == 2
    said = capsys.readouterr().err
    assert f"out.csv, row {row}, column n: policy 'hesa' prints no count as {figure}." in said


def test_figures_that_no_counts_fit_are_refused(capsys):
    assert round_("hesa") == 0
    changed(("Total", "Total", "Female"), "900")
    assert audit("--rounded", "hesa") == 2
    assert "Was it rounded by this rule, and in the same way (--add-up)?" in capsys.readouterr().err


def test_a_rounded_file_that_is_not_said_to_be_one_is_refused_with_the_option(capsys):
    assert round_("hesa") == 0
    assert audit() == 2
    assert "If they were rounded, say by which rule: --rounded POLICY." in capsys.readouterr().err


REFUSED = {
    "a rule that hides": (("--rounded", "council_lt5"), "hides counts: use `evenstat protect` with it"),
    "adding up by no rule": (("--add-up",), "name the rule too, with --rounded POLICY"),
    "zeros said twice": (("--rounded", "hesa", "--zeros-hidden"), "leave --zeros-hidden out"),
    "no such rule": (("--rounded", "hessa"), "There is no policy 'hessa'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_options_that_do_not_go_together_are_refused(case, capsys):
    options, words = REFUSED[case]
    assert round_("hesa") == 0
    assert audit(*options) == 2
    assert words in capsys.readouterr().err
    assert not Path("found.csv").exists()
