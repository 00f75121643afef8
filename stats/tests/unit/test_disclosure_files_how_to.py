"""The commands of the how-to page are run in the folder of its example, and must print the output shown.

REWRITE_HOW_TO=1 replaces the output on the page.
"""

import doctest
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from evenstat.cli import main

DOCS = Path(__file__).parents[3] / "docs"
PAGE = DOCS / "how-to/make-tables-safe.md"
BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(DOCS / "examples/safe-tables", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def output_of(command, capsys):
    name, *arguments = shlex.split(command)
    if name == "evenstat":
        main(arguments)
        output = capsys.readouterr()
        return output.out + output.err
    lines = Path(arguments[-1]).read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(lines[: int(arguments[0][1:])] if name == "head" else lines)


def test_the_page_shows_the_output_of_its_commands(folder, capsys):
    page = PAGE.read_text(encoding="utf-8")

    def run_block(block):
        commands = [line for line in block[1].splitlines() if line.startswith("$ ")]
        return "".join(f"{command}\n{output_of(command[2:], capsys)}" for command in commands)

    updated = BLOCK.sub(run_block, page)
    if os.environ.get("REWRITE_HOW_TO"):
        PAGE.write_text(updated, encoding="utf-8")
    assert updated == page
    assert page.count("$ evenstat ") > 7
    capsys.readouterr()
    result = doctest.testfile(str(PAGE), module_relative=False)
    assert result.failed == 0, capsys.readouterr().out
    assert result.attempted > 12


def test_every_option_is_documented_on_the_page(capsys):
    page = PAGE.read_text(encoding="utf-8")
    for command in ("protect", "round", "audit"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        for option in set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help", "--progress"}:
            assert option in page, option
