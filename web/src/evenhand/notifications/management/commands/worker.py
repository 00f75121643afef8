import signal
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from evenhand.notifications.delivery import queue_failed
from evenhand.notifications.worker import Worker


class Command(BaseCommand):
    help = "Sends messages and does the work that comes round, until it is told to stop (Ctrl-C, SIGTERM)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is waiting now, then end")
        parser.add_argument("--again", action="store_true", help="begin again with messages that were given up")

    def handle(self, *, once: bool, again: bool, verbosity: int, **_options: object) -> None:
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # a mail system that hangs up is a fault to bear, not an end
        if again:
            self.stdout.write(f"Messages queued again: {queue_failed()}")
        if once:
            Worker().once()
            return
        if verbosity:
            self.stdout.write("The worker is running. Ctrl-C stops it, after the work in hand.")
        Worker().run()
