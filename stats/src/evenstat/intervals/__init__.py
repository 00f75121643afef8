"""Ranges around a figure. What a figure means, and whether it matters, is said in `measures`."""

from evenstat.intervals._proportion import wilson

__all__ = ["wilson"]
