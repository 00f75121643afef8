"""Where the passphrase of a backup comes from: a file, or whoever sits at the terminal. Never the command line,
which every user of the machine can read."""

import getpass
import sys
from pathlib import Path

SHORTEST = 12


class NoPassphrase(ValueError):
    """There is none to be had, or it is too short: the message says what to do."""


def passphrase_from(file: Path | None, *, twice: bool) -> str:
    """`twice` where a mistyped one would lose the backup."""
    if file is not None:
        return _long_enough(_read(file))
    if not sys.stdin.isatty():
        raise NoPassphrase(
            "A passphrase is needed: put it into a file that only you can read, and name it with --passphrase-file."
        )
    first = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("The same again: ") != first:
        raise NoPassphrase("The two were not the same. Nothing was written.")
    return _long_enough(first) if twice else first


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise NoPassphrase(f"{file} can't be read as text: {fault}.") from fault


def _long_enough(passphrase: str) -> str:
    if len(passphrase) < SHORTEST:
        raise NoPassphrase(f"The passphrase is too short: take at least {SHORTEST} characters, four words for one.")
    return passphrase
