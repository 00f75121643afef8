"""The command line of evenstat: parses the arguments, runs one command and prints its result."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path

from evenstat.commands import audit, listings, protect, rounding
from evenstat.commands.output import CommandResult
from evenstat.commands.representation import COLUMNS, representation
from evenstat.errors import EvenstatError

INTERRUPTED = 130  # the exit code that a shell gives after Ctrl-C


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0, 1 if an audit found exactly disclosed cells, or 2 after an error message."""
    parser = _parser()
    raw_arguments = list(sys.argv[1:] if argv is None else argv)
    _reject_unknown_options(parser, raw_arguments)
    arguments = parser.parse_args(raw_arguments)
    command: Callable[[argparse.Namespace], CommandResult] = arguments.command
    try:
        result = command(arguments)
        print(result.text, flush=True)
    except BrokenPipeError:  # the output was closed early, as in `evenstat standards | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return result.exit_code
    except EvenstatError as error:
        return _print_error(str(error), 2)
    except KeyboardInterrupt:
        return _print_error("stopped. Nothing was written.", INTERRUPTED)
    except MemoryError:
        return _print_error("there is not enough memory for these tables. Use fewer tables, or coarser levels.", 2)
    return result.exit_code


def _print_error(message: str, exit_code: int) -> int:
    print(f"evenstat: {message}", file=sys.stderr)
    return exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evenstat", description="Equality statistics on your own computer.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"evenstat {version('evenstat')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("standards", help="list the categories of each characteristic", allow_abbrev=False)
    listing.add_argument("id", nargs="?", help="one standard, such as ethnicity")
    listing.set_defaults(command=listings.standards)
    rules = commands.add_parser("policies", help="list the disclosure control policies", allow_abbrev=False)
    rules.set_defaults(command=listings.policies)
    measure = commands.add_parser("representation", help="compare a workforce with a benchmark", allow_abbrev=False)
    measure.add_argument("file", metavar="FILE.csv", type=Path, help=f"columns: {', '.join(COLUMNS)}")
    measure.add_argument("--policy", metavar="POLICY", help="suppress small counts, such as by council_lt10")
    measure.set_defaults(command=representation)
    protect.add_to(commands)
    rounding.add_to(commands)
    audit.add_to(commands)
    return parser


def _reject_unknown_options(parser: argparse.ArgumentParser, raw_arguments: Sequence[str]) -> None:
    """Exit with the nearest option: argparse would report missing options first."""
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    name = next((text for text in raw_arguments if text in commands.choices), None)
    command_parser: argparse.ArgumentParser = commands.choices[name] if name else parser
    accepted = [*command_parser._option_string_actions, "--version"]
    documented = [option for action in command_parser._actions for option in action.option_strings]
    for text in raw_arguments[: raw_arguments.index("--")] if "--" in raw_arguments else raw_arguments:
        option = text.split("=")[0]
        if option.startswith("--") and option not in accepted:
            nearest = get_close_matches(option, [*documented, "--version"], n=1)
            hint = f" Did you mean {nearest[0]}?" if nearest else ""
            command_parser.error(f"there is no option {option}.{hint}")


if __name__ == "__main__":
    sys.exit(main())
