"""`make setup`: everything that the site needs, from a fresh clone; nothing when it is there already."""

from scripts import frontend, python_packages
from scripts.commands import exit_with


def set_up() -> None:
    python_packages.environment()
    frontend.build()


def main() -> int:
    set_up()
    print("Everything is set up.", flush=True)
    return 0


if __name__ == "__main__":
    exit_with(main)
