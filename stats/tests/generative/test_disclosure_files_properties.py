"""Files can be written and read back; damaged files give a result file or an error message."""

import contextlib
import io
import tempfile
from pathlib import Path
from unicodedata import normalize

import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st
from small_workforce import CELLS, TABLES

from evenstat.cli import main
from evenstat.disclosure.files import read, write

LABEL = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" ,\"'=@;é"), min_size=1, max_size=12
).map(lambda text: normalize("NFC", " ".join(text.split())))
RELEASE = b"""grade,sex,n,status
Total,Total,60,published
G1,Total,20,published
G2,Total,40,published
Total,F,25,published
Total,M,35,published
G1,F,,primary
G1,M,,secondary
G2,F,,secondary
G2,M,,secondary
"""
PIECES = [
    b"",
    b",",
    b"\n",
    b'"',
    b"Total",
    b"-",
    b"0",
    b"9999999999",
    b"\xff",
    b"\0",
    b"=",
    b"[",
    b"]",
    b"n",
    b"G1",
    b"A_Indian",
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@given(rows=st.lists(st.tuples(LABEL, LABEL, st.integers(0, 10**9 - 1)), min_size=1, max_size=6))
@examples(25)
@example(rows=[("=1+1", "#N/A", 5), ("1", "TRUE", 0)])
def test_labels_and_counts_survive_a_round_trip(kind, rows):
    filled = [row for row in rows if row[0] and row[1]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{kind}"
        write(path, [("a", "b", "n"), *filled], title="t")
        sheet = read(path)
    assert sheet.columns == ("a", "b", "n")
    assert [row.cells for row in sheet.rows] == [(*row[:2], str(row[2])) for row in filled]


@st.composite
def changed(draw, content):
    """The content with a few bytes replaced, removed or inserted."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(content)))
        taken = draw(st.integers(0, 4))
        content = content[:at] + draw(st.sampled_from(PIECES)) + content[at + taken :]
    return content


def answered(*arguments):
    """The exit code; an unexpected failure raises an exception."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        code = main(list(arguments))
    assert bool(stderr.getvalue()) == (code == 2)
    return code


@given(cells=changed(CELLS.encode()), tables=st.one_of(st.just(TABLES.encode()), changed(TABLES.encode())))
@examples(300)
def test_damaged_input_files_give_a_safe_file_or_an_error_message(cells, tables):
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        (directory / "cells.csv").write_bytes(cells)
        (directory / "tables.toml").write_bytes(tables)
        given = ["--cells", f"{folder}/cells.csv", "--tables", f"{folder}/tables.toml", "--out", f"{folder}/out.csv"]
        code = answered("protect", *given, "--policy", "council_lt5", "--budget", "20")
        assert (directory / "out.csv").exists() == (code == 0)
        if code == 0:
            out, members = f"{folder}/out.csv", f"{folder}/cells.csv"
            again = ["--pattern", out, "--tables", f"{folder}/tables.toml", "--members", members]
            assert answered("audit", *again, "--attacker", "C") == 0


@given(release=changed(RELEASE), attacker=st.sampled_from("AB"))
@examples(300)
def test_a_damaged_release_gives_an_audit_or_an_error_message(release, attacker):
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        (directory / "release.csv").write_bytes(release)
        (directory / "tables.toml").write_bytes(b'tables = [["grade", "sex"]]')
        given = [
            "--pattern",
            f"{folder}/release.csv",
            "--tables",
            f"{folder}/tables.toml",
            "--out",
            f"{folder}/out.csv",
        ]
        code = answered("audit", *given, "--attacker", attacker)
        assert code in (0, 1, 2)
        assert (directory / "out.csv").exists() == (code != 2)
