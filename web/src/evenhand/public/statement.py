"""The accessibility statement, in the order and with the headings of the government's model.

One text for the public page and for the draft that an authority completes, so that the two can't differ. What only an
authority can know is a gap, and shown as one.
"""

from datetime import date

from django.template.loader import render_to_string

PREPARED_ON = date(2026, 11, 25)
REVIEWED_ON = date(2026, 11, 25)
TESTED_WIDTHS = (1280, 320)


def statement(run_by: str = "") -> str:
    """In Markdown. `run_by` is the authority that runs the site, where it is known."""
    facts = {"run_by": run_by, "prepared_on": PREPARED_ON, "reviewed_on": REVIEWED_ON, "widths": TESTED_WIDTHS}
    return render_to_string("public/statement.md", facts)
