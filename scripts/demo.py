"""`make demo`: loads the demonstration into the site's database."""

from scripts.commands import exit_with
from scripts.set_up import set_up
from scripts.site import accounts, load_demonstration


def main() -> int:
    set_up()
    load_demonstration()
    print(f"\n{accounts()}")
    return 0


if __name__ == "__main__":
    exit_with(main)
