import signal
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from evenhand.notifications.delivery import queue_failed
from evenhand.notifications.worker import Worker


class Command(BaseCommand):
    help = "Send messages and run periodic tasks until stopped (Ctrl-C or SIGTERM)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is waiting now, then exit")
        parser.add_argument("--again", action="store_true", help="also retry messages that could not be sent")

    def handle(self, *, once: bool, again: bool, verbosity: int, **_options: object) -> None:
        signal.signal(
            signal.SIGPIPE, signal.SIG_IGN
        )  # a mail server that closes the connection must not end the worker
        if again:
            self.stdout.write(f"Messages queued again: {queue_failed()}")
        if once:
            Worker().once()
            return
        if verbosity:
            self.stdout.write("The worker is running. Press Ctrl-C to stop it after the current task.")
        Worker().run()
