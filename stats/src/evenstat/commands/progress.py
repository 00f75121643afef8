"""Progress messages on standard error, and the time limit of a search."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 0.5  # seconds between two messages
GRACE = 10.0  # seconds added to twice the time limit before the program is ended


def stop_after(seconds: float | None) -> Callable[[], bool]:
    """Return a function that is true once the time limit is reached; always false if there is no limit."""
    if seconds is None:
        return lambda: False
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


@contextmanager
def hard_time_limit(seconds: float | None) -> Iterator[None]:
    """End the program with a message if a solver step or the audit runs long past the time limit."""
    if seconds is None:
        yield
        return
    timer = threading.Timer(2 * seconds + GRACE, _exit_after_time_limit)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _exit_after_time_limit() -> None:
    message = (
        "evenstat: the time limit was exceeded and the solver did not stop. Nothing was written."
        " Allow more time, or publish fewer tables."
    )
    print(f"\n{message}", file=sys.stderr, flush=True)
    os._exit(2)  # the solver can't be interrupted


class Progress:
    """Progress messages: one line that is overwritten on a terminal, otherwise one line for each message."""

    def __init__(self, *, enabled: bool) -> None:
        self._terminal = sys.stderr.isatty()
        self._enabled = enabled or self._terminal
        self._next = time.monotonic() + (EVERY if self._terminal else 0)
        self._width = 0

    def report_search(self, step: str, suppressed: int, solves: int) -> None:
        """Report a step of `protect`, unless a message was printed less than `EVERY` seconds ago."""
        if self._enabled and time.monotonic() >= self._next:
            self.report(f"{step}: {suppressed:,} suppressed, {solves:,} linear programmes solved")

    def report(self, text: str) -> None:
        if not self._enabled:
            return
        if self._terminal:
            print("\r" + text.ljust(self._width), end="", file=sys.stderr, flush=True)
            self._width = len(text)
        else:
            print(text, file=sys.stderr, flush=True)
        self._next = time.monotonic() + EVERY

    def clear(self) -> None:
        """Clear the line on a terminal."""
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
            self._width = 0
