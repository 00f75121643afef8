"""A rounded file is audited from its policy alone, with the same results as when it was rounded."""

import csv
from pathlib import Path

import numpy as np
import pytest

from evenstat.cli import main
from evenstat.disclosure import POLICIES, Method, policy
from evenstat.disclosure.auditing import counts_marked, counts_printed_as
from evenstat.disclosure.rounding.conventional import round_to_nearest

EXAMPLE = Path(__file__).parents[3] / "docs/examples/safe-tables"
ROUNDING_POLICIES = [known.id for known in POLICIES if known.method is Method.ROUND]
TABLES, STAFF = ("--tables", str(EXAMPLE / "tables.toml")), str(EXAMPLE / "staff.csv")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows(name):
    with Path(name).open(newline="") as file:
        records = list(csv.DictReader(file))
    return {(record["grade"], record["ethnicity"], record["sex"]): record for record in records}


def round_counts(policy_id, *options):
    arguments = ["--cells", STAFF, "--count", "staff", *TABLES, "--policy", policy_id, "--out", "out.csv"]
    return main(["round", *arguments, *options])


def audit(*options, attacker="A", pattern="out.csv"):
    arguments = ["--members", STAFF, "--count", "staff", "--attacker", attacker, "--out", "audit.csv", "--force"]
    return main(["audit", "--pattern", pattern, *TABLES, *arguments, *options])


@pytest.mark.parametrize("attacker", ["A", "B", "C"])
@pytest.mark.parametrize("options", [(), ("--controlled-rounding",)])
@pytest.mark.parametrize("policy_id", ROUNDING_POLICIES)
def test_the_audit_of_a_file_agrees_with_the_command_that_rounded_it(policy_id, options, attacker, capsys):
    report = ("--if-exact", "report", "--attacker", attacker, "--intervals", "ranges.csv")
    assert round_counts(policy_id, *options, *report) == 0
    code = audit("--rounded", policy_id, *options, attacker=attacker)
    assert rows("audit.csv") == rows("ranges.csv")
    exact = sum(row["exact"] == "yes" for row in rows("audit.csv").values())
    assert code == (1 if exact else 0)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"{exact} of {len(rows('audit.csv'))} rounded or withheld cells determined exactly"


@pytest.mark.parametrize("policy_id", ROUNDING_POLICIES)
def test_counts_for_each_figure_agree_with_the_rounding(policy_id):
    """The audit and the rounding share no code, so they are compared for each count."""
    counts = np.arange(300)
    printed = round_to_nearest(counts, policy(policy_id))
    counts_by_figure = {}
    for count, figure, mark in zip(counts.tolist(), printed.values.tolist(), printed.marked.tolist(), strict=True):
        counts_by_figure.setdefault("[low]" if mark else figure, []).append(count)
    marked = counts_by_figure.pop("[low]", None)
    assert counts_marked(policy(policy_id)) == (None if marked is None else (marked[0], marked[-1]))
    for figure in range(270):
        expected = counts_by_figure.get(figure)
        bounds = None if expected is None else (expected[0], expected[-1])
        assert counts_printed_as(figure, policy(policy_id)) == bounds, figure


def test_the_audit_learns_nothing_from_withheld_figures(capsys):
    assert round_counts("hesa", "--if-exact", "withhold") == 0
    assert audit("--rounded", "hesa", attacker="C") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 of 108 rounded or withheld cells determined exactly"


def test_a_true_count_in_a_prior_release_is_used(capsys):
    """A true count published before the rounded ones is known exactly."""
    assert round_counts("hesa", "--if-exact", "report") == 0
    Path("earlier.csv").write_text("grade,ethnicity,sex,n\nTotal,Total,Total,525\n")
    assert audit("--rounded", "hesa", "--prior-releases", "earlier.csv") == 1
    assert rows("audit.csv")["Total", "Total", "Total"]["exact"] == "yes"


def change_figure(key, figure):
    lines = Path("out.csv").read_text().splitlines()
    position = next(at for at, line in enumerate(lines) if line.startswith(",".join(key) + ","))
    lines[position] = ",".join((*key, figure))
    Path("out.csv").write_text("\n".join(lines) + "\n")
    return position + 1


@pytest.mark.parametrize("figure", ["7", "[low]"])
def test_a_figure_that_the_policy_never_prints_is_refused_with_its_row(figure, capsys):
    assert round_counts("hesa") == 0
    row = change_figure(("Total", "Total", "Female"), figure)
    assert audit("--rounded", "hesa") == 2
    assert f"out.csv, row {row}, column n: policy 'hesa' publishes no count as {figure}." in capsys.readouterr().err


def test_inconsistent_figures_are_refused(capsys):
    assert round_counts("hesa") == 0
    change_figure(("Total", "Total", "Female"), "900")
    assert audit("--rounded", "hesa") == 2
    assert (
        "Check that the release was rounded by this policy, and whether to add --controlled-rounding."
        in capsys.readouterr().err
    )


def test_a_rounded_file_audited_without_its_policy_is_refused(capsys):
    assert round_counts("hesa") == 0
    assert audit() == 2
    assert "If the counts were rounded, give the policy with --rounded POLICY." in capsys.readouterr().err


REFUSALS = {
    "a policy that suppresses": (("--rounded", "council_lt5"), "suppresses counts: use it with `evenstat protect`"),
    "controlled rounding without a policy": (("--controlled-rounding",), "add --rounded POLICY"),
    "zeros given twice": (("--rounded", "hesa", "--zeros-suppressed"), "remove --zeros-suppressed"),
    "no such policy": (("--rounded", "hessa"), "There is no policy 'hessa'"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_options_that_do_not_go_together_are_refused(case, capsys):
    options, message = REFUSALS[case]
    assert round_counts("hesa") == 0
    assert audit(*options) == 2
    assert message in capsys.readouterr().err
    assert not Path("audit.csv").exists()
