"""The accessibility statement, with the headings of the government's model statement in the same order.

The public page and the draft that an authority completes come from one template, so they cannot disagree. The draft has
placeholders for what only the authority knows. The public page has none.
"""

from datetime import date

from django.template.loader import render_to_string

PREPARED_ON = date(2026, 11, 25)
REVIEWED_ON = date(2026, 11, 25)
TESTED_WIDTHS = ("1,280", "320")  # pixels


def accessibility_statement(run_by: str = "", *, is_draft: bool = False) -> str:
    """Return the statement in Markdown. `run_by` is the name of the authority that runs the site, if known."""
    context = {
        "run_by": run_by,
        "is_draft": is_draft,
        "prepared_on": PREPARED_ON,
        "reviewed_on": REVIEWED_ON,
        "widths": " and ".join(TESTED_WIDTHS),
    }
    return render_to_string("public/accessibility-statement.md", context)
