"""`make setup`: installs everything that the site needs in a new clone, and does nothing if it is installed already."""

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
