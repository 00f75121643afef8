"""Confidence intervals. Their interpretation is in `measures`."""

from evenstat.intervals._proportion import wilson

__all__ = ["wilson"]
