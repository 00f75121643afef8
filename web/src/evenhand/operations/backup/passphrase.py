"""Reads the passphrase of a backup from a file or from the terminal, never from the command line, which every user of
the machine can see."""

import getpass
import sys
from pathlib import Path

MIN_LENGTH = 12


class PassphraseError(ValueError):
    """There is no passphrase, or it is too short; the message says what to do."""


def passphrase_from(file: Path | None, *, twice: bool) -> str:
    """Asks for it `twice` when a typing mistake would make the backup unreadable."""
    if file is not None:
        return _long_enough(_read(file))
    if not sys.stdin.isatty():
        raise PassphraseError(
            "A passphrase is required. Put it in a file that only you can read, and name it with --passphrase-file."
        )
    first = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("Enter it again: ") != first:
        raise PassphraseError("The passphrases do not match. Nothing was written.")
    return _long_enough(first) if twice else first


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PassphraseError(f"{file} can't be read as text: {error}.") from error


def _long_enough(passphrase: str) -> str:
    if len(passphrase) < MIN_LENGTH:
        raise PassphraseError(
            f"The passphrase is too short. Use at least {MIN_LENGTH} characters, for example four words."
        )
    return passphrase
