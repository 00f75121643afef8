"""The command line: the one door of this package that reads a file. It works nothing out itself."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path

from evenstat.commands import audit, listings, protect, rounding
from evenstat.commands.answers import Answer
from evenstat.commands.representation import COLUMNS, representation
from evenstat.errors import EvenstatError

STOPPED = 130  # what a shell makes of Ctrl-C


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 when an audit found something, 2 with a sentence on what to mend."""
    parser = _parser()
    given = list(sys.argv[1:] if argv is None else argv)
    _refuse_misspelt_options(parser, given)
    arguments = parser.parse_args(given)
    command: Callable[[argparse.Namespace], Answer] = arguments.command
    try:
        answer = command(arguments)
        print(answer.text, flush=True)
    except BrokenPipeError:  # the reader has enough: `evenstat standards | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return answer.code
    except EvenstatError as error:
        return _refused(str(error), 2)
    except KeyboardInterrupt:
        return _refused("stopped. Nothing was written.", STOPPED)
    except MemoryError:
        return _refused("there is not enough memory for these tables. Name fewer of them, or coarser levels.", 2)
    return answer.code


def _refused(words: str, code: int) -> int:
    print(f"evenstat: {words}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evenstat", description="Equality statistics on your own machine.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"evenstat {version('evenstat')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("standards", help="the categories in use", allow_abbrev=False)
    listing.add_argument("id", nargs="?", help="one standard, such as ethnicity")
    listing.set_defaults(command=listings.standards)
    rules = commands.add_parser("policies", help="the rules for hiding small counts", allow_abbrev=False)
    rules.set_defaults(command=listings.policies)
    measure = commands.add_parser("representation", help="a workforce beside a benchmark", allow_abbrev=False)
    measure.add_argument("file", metavar="FILE.csv", type=Path, help=f"columns: {', '.join(COLUMNS)}")
    measure.add_argument("--policy", metavar="POLICY", help="hide small counts, such as council_lt10")
    measure.set_defaults(command=representation)
    protect.add_to(commands)
    rounding.add_to(commands)
    audit.add_to(commands)
    return parser


def _refuse_misspelt_options(parser: argparse.ArgumentParser, given: Sequence[str]) -> None:
    """Ends the program with the option that was meant: the parser alone would first ask for what is missing."""
    commands = next(each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    chosen = next((text for text in given if text in commands.choices), None)
    for_it: argparse.ArgumentParser = commands.choices[chosen] if chosen else parser
    known = [*for_it._option_string_actions, "--version"]
    for text in given[: given.index("--")] if "--" in given else given:
        name = text.split("=")[0]
        if name.startswith("--") and name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            for_it.error(f"there is no option {name}.{hint}")


if __name__ == "__main__":
    sys.exit(main())
