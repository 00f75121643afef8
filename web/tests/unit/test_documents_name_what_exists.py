"""Every address, command and option that the README, the guides and the decisions name exists."""

import argparse
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from evenhand.authorities.enums import Kind, Role
from evenstat.cli import _parser as evenstat_parser

REPOSITORY = Path(__file__).resolve().parents[3]
DOCUMENTS = (
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    REPOSITORY / "SECURITY.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
    *sorted((REPOSITORY / "docs" / "how-to").glob("*.md")),
    *sorted((REPOSITORY / "docs" / "adr").glob("*.md")),
    REPOSITORY / "docs" / "generated" / "settings.md",
)
CODE = re.compile(r"`([^`\n]+)`")
FOLDERS = ("/backups", "/etc", "/export", "/opt", "/run", "/srv", "/tmp", "/usr", "/var")  # of the machine
ADDRESS = re.compile(r"/(?:[\w.<>-]+/?)*(?:\?\S*)?")
COMMAND = re.compile(r"(?:^|[\s/])(evenhand|evenstat|make) ((?:[a-z-]|--)[^#`]*)")
OPTION = re.compile(r"--[a-z][a-z-]*")
OTHER_PROGRAMS = ("systemd-run", "uv sync", "git ", "docker", "podman")


def code_in(text: str) -> Iterator[str]:
    """The code of a document: words in backticks, and indented lines, joined where a line goes on."""
    text = text.replace("\\\n", " ")
    yield from CODE.findall(text)
    yield from re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE)


@cache
def parser_of(program: str, command: str) -> argparse.ArgumentParser | None:
    if program == "evenstat":
        return _subcommands(evenstat_parser()).get(command)
    app = get_commands().get(command)
    return load_command_class(app, command).create_parser("evenhand", command) if app else None


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _options(parser: argparse.ArgumentParser) -> set[str]:
    return set(parser._option_string_actions)  # with the earlier spellings, which the help does not list


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@cache
def every_option() -> frozenset[str]:
    """The options of all commands of the project, for options that a text names without their command."""
    own = [name for name, app in get_commands().items() if str(app).startswith("evenhand.")]
    parsers = [parser_of("evenhand", name) for name in own] + list(_subcommands(evenstat_parser()).values())
    known = [parser for parser in parsers if parser]
    nested = [subcommand for parser in known for subcommand in _subcommands(parser).values()]
    return frozenset(option for parser in (*known, *nested) for option in _options(parser))


def problems_in(text: str) -> Iterator[str]:
    for code in code_in(text):
        if ADDRESS.fullmatch(code) and not code.startswith(FOLDERS):
            if not _resolves(code):
                yield f"no page has the address {code}"
        elif code.startswith("--"):
            yield from (f"no command has the option {name}" for name in OPTION.findall(code) if not _known(name))
        elif not any(program in code for program in OTHER_PROGRAMS):
            for program, arguments in COMMAND.findall(code):
                yield from _command_problems(program, arguments)


def _resolves(code: str) -> bool:
    address = code.partition("?")[0].replace("<", "").replace(">", "")
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def _known(option: str) -> bool:
    return option in every_option()


def _command_problems(program: str, arguments: str) -> Iterator[str]:
    words = shlex.split(arguments.replace("“", "").replace("”", "").replace("'", ""), posix=False)
    if program == "make":
        yield from (f"make has no target {word}" for word in words[:1] if word not in _targets())
        return
    parser = parser_of(program, words[0])
    if parser is None:
        yield f"{program} has no command {words[0]}"
        return
    name, subcommands = f"{program} {words[0]}", _subcommands(parser)
    if subcommands and len(words) > 1:
        for word in [word for word in " ".join(words[1:]).partition("|")[0].split()[:1] if not word.startswith("-")]:
            if word not in subcommands:
                yield f"{name} has no command {word}"
                return
            name, parser = f"{name} {word}", subcommands[word]
    for option in OPTION.findall(arguments):
        if option not in _options(parser):
            yield f"{name} has no option {option}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_address_command_and_option_exists(path: Path) -> None:
    assert list(problems_in(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("see `/health/`", "no page has the address /health/"),
        ("run `evenhand plans import FILE`", "evenhand has no command plans"),
        ("run `evenhand plan take-in FILE`", "evenhand plan has no command take-in"),
        ("    evenhand backup /backups --secret FILE", "evenhand backup has no option --secret"),
        ("run `make everything`", "make has no target everything"),
        ("with `--hide-all`", "no command has the option --hide-all"),
        ("`evenstat protect t.csv --quickly`", "evenstat protect has no option --quickly"),
    ],
)
def test_what_does_not_exist_is_found(text: str, problem: str) -> None:
    assert list(problems_in(text)) == [problem]


def test_the_guide_names_every_kind_of_authority_and_only_real_roles() -> None:
    guide = (REPOSITORY / "docs" / "how-to" / "publish-workforce-figures.md").read_text(encoding="utf-8")
    kinds = guide.partition("The kind is one of")[2].partition(". ")[0]
    assert sorted(re.findall(r"`(\w+)`", kinds)) == sorted(Kind.values)
    for path in DOCUMENTS:
        roles = re.findall(r"--role (\w+)", path.read_text(encoding="utf-8"))
        assert set(roles) <= set(Role.values), path.name
