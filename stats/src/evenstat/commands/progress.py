"""How far long work is, on standard error; and the clock that ends it."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 0.5  # seconds between two lines
GRACE = 10.0  # seconds, and as long again as was allowed, for a step that does not ask for the time


def stop_after(seconds: float | None) -> Callable[[], bool]:
    """Whether the time is up, for whoever asks; never where there is no limit."""
    if seconds is None:
        return lambda: False
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


@contextmanager
def ending(seconds: float | None) -> Iterator[None]:
    """Ends the program in words where one step of the solver, or the audit, goes on long after the time is up."""
    if seconds is None:
        yield
        return
    last = threading.Timer(2 * seconds + GRACE, _give_up)
    last.daemon = True
    last.start()
    try:
        yield
    finally:
        last.cancel()


def _give_up() -> None:
    words = "evenstat: the time was up long ago. Nothing was written. Give more of it, or name fewer tables."
    print(f"\n{words}", file=sys.stderr, flush=True)
    os._exit(2)  # the solver can't be interrupted


class Progress:
    """One line that is written over on a terminal, and lines of their own elsewhere."""

    def __init__(self, *, wanted: bool) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown = wanted or self._terminal
        self._next = time.monotonic() + (EVERY if self._terminal else 0)
        self._width = 0

    def search(self, what: str, hidden: int, solves: int) -> None:
        """For `protect`, which calls it after each step."""
        if self._shown and time.monotonic() >= self._next:
            self.say(f"{what}: {hidden:,} hidden, {solves:,} programmes solved")

    def say(self, text: str) -> None:
        if not self._shown:
            return
        if self._terminal:
            print("\r" + text.ljust(self._width), end="", file=sys.stderr, flush=True)
            self._width = len(text)
        else:
            print(text, file=sys.stderr, flush=True)
        self._next = time.monotonic() + EVERY

    def done(self) -> None:
        """Nothing is left on the line of a terminal."""
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
            self._width = 0
