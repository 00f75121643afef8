"""The `evenstat` command: its output, and its error messages for invalid files."""

import subprocess
import sys

import pytest

from evenstat.cli import _parser, main

ETHNICITY = """category,count,benchmark_percent
white,2369,86.1
mixed,66,1.4
asian,245,10.5
black,57,1.0
other,8,1.0
prefer_not_to_say,29,
not_known,5,
"""


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "staff.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def test_representation(file, capsys):
    assert main(["representation", file(ETHNICITY)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert " ".join(lines[3].split()) == "asian 245 8.9 7.9 to 10.1 10.5 0.85 0.75 to 0.96 43 no_evidence"
    assert " ".join(lines[5].split()) == "other 8 0.3 0.1 to 0.6 1 0.29 0.15 to 0.57 19 disparity"
    assert lines[6].split() == ["prefer_not_to_say", "29", *["[z]"] * 7]
    assert "answered: 2745   all: 2779" in lines


def test_a_policy_suppresses_every_figure_of_a_suppressed_row(file, capsys):
    assert main(["representation", file(ETHNICITY), "--policy", "council_lt10"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[5].split() == ["other", "[c]", "[c]", "[c]", "1", *["[c]"] * 4]
    assert lines[4].split()[1] == "[c]"
    assert lines[7].split() == ["not_known", "[c]", *["[z]"] * 7]
    assert lines[3].split()[:3] == ["asian", "245", "8.9"]


def test_a_suppressed_base_suppresses_every_share(file, capsys):
    content = "category,count,benchmark_percent\nfemale,1890,51\nmale,884,49\nnot_known,5,\n"
    assert main(["representation", file(content), "--policy", "council_lt10"]) == 0
    output = capsys.readouterr().out
    assert "answered: [c]   all: 2779" in output
    assert "1890" not in output
    assert "68" not in output


HEADER = "category,count,benchmark_percent\n"
INVALID_FILES = {
    "empty": ("", "row 1: the columns must be category,count,benchmark_percent"),
    "other columns": ("group,n\n", "row 1: the columns"),
    "too few cells": (HEADER + "white,5\n", "row 2: this row has 2 columns"),
    "no name": (HEADER + ",5,1\n", "row 2, column category: this is empty"),
    "fraction": (HEADER + "white,5.5,1\n", "row 2, column count: '5.5' is not a whole number"),
    "negative": (HEADER + "white,5,1\nblack,-5,1\n", "row 3, column count: '-5'"),
    "superscript digit": (HEADER + "white,5²,1\n", "column count"),
    "benchmark of words": (HEADER + "white,5,many\n", "row 2, column benchmark_percent: 'many'"),
    "benchmark above 100": (HEADER + "white,5,101\n", "'101' is not a number above 0"),
    "benchmark nan": (HEADER + "white,5,nan\n", "'nan' is not a number"),
    "twice": (HEADER + "white,5,1\nwhite,6,1\n", "'white' appears twice"),
    "nobody": (HEADER + "white,0,1\nunknown,9,\n", "every count in a row with a benchmark is 0"),
    "not text": (b"\xff\xfe\x00", "not UTF-8"),
    "unclosed quote": (HEADER + '"white,5,1\n', "not a well-formed CSV"),
}


@pytest.mark.parametrize("case", INVALID_FILES)
def test_an_invalid_file_is_refused_with_its_row_and_column(case, file, capsys):
    content, message = INVALID_FILES[case]
    path = file(content)
    assert main(["representation", path]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert path in captured.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["representation", "missing.csv"], "missing.csv: cannot be read"),
        (["standards", "gender"], "use one of sex"),
    ],
)
def test_other_errors(arguments, message, capsys):
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_an_unknown_policy_and_an_unsafe_table(file, capsys):
    assert main(["representation", file(ETHNICITY), "--policy", "lt10"]) == 2
    assert main(["representation", file(HEADER + "a,3,50\nb,2,50\n"), "--policy", "council_lt10"]) == 2
    assert "do not publish it" in capsys.readouterr().err


def test_standards_and_policies_are_listed(capsys):
    assert main(["standards"]) == 0
    assert main(["standards", "ethnicity"]) == 0
    assert main(["policies"]) == 0
    output = capsys.readouterr().out
    for text in ("sexual_orientation", "Mixed or Multiple ethnic groups", "Source: ", "council_lt5"):
        assert text in output


OLD_SPELLINGS = {
    "protect": {"--earlier": "--prior-releases", "--hide": "--suppress", "--reach": "--upper-protection"},
    "round": {"--add-up": "--controlled-rounding"},
    "audit": {
        "--earlier": "--prior-releases",
        "--add-up": "--controlled-rounding",
        "--zeros-hidden": "--zeros-suppressed",
    },
}


@pytest.mark.parametrize("command", OLD_SPELLINGS)
def test_the_earlier_names_of_options_still_work_and_are_not_in_the_help(command, capsys):
    parser = next(iter(_parser()._subparsers._group_actions)).choices[command]
    for old, new in OLD_SPELLINGS[command].items():
        assert parser._option_string_actions[old] is parser._option_string_actions[new]
        assert old not in parser.format_help()


def test_running_as_a_program():
    run = [sys.executable, "-W", "error", "-m", "evenstat.cli"]
    shown = subprocess.run([*run, "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("evenstat 0.")
    refused = subprocess.run([*run, "standards", "x"], capture_output=True, text=True, check=False)
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
