"""`evenhand`: the site's commands. A fault of the input is one clear message, never a stack trace."""

import os
import signal
import sys

from django.core.management import execute_from_command_line

from evenhand.config.production import insist


def main() -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # so that `| head` ends it quietly
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.config.settings")
    if sys.argv[1:2] == ["worker"]:
        insist()
    execute_from_command_line(sys.argv)
