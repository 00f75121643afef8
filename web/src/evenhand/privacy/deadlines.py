"""The time limit for answering a request: one month from receipt (UK GDPR, article 12(3))."""

from calendar import monthrange
from datetime import date


def one_month_after(received: date) -> date:
    """The corresponding date in the next month, or the last day of that month if there is no such date."""
    year, month = received.year + received.month // 12, received.month % 12 + 1
    return date(year, month, min(received.day, monthrange(year, month)[1]))
