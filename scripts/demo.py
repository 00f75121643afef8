"""`make demo`: the demonstration loaded into the site's database."""

from scripts.commands import exit_with
from scripts.set_up import set_up
from scripts.site import cast, demonstrate


def main() -> int:
    set_up()
    demonstrate()
    print(f"\n{cast()}")
    return 0


if __name__ == "__main__":
    exit_with(main)
