"""The draft documents: their titles, their legal basis and their text."""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string

from evenhand import __version__
from evenhand.operations.documents import facts
from evenhand.operations.documents.safeguards import safeguards
from evenhand.public.accessibility import accessibility_statement

GAP = "[to be completed by the authority: its name]"


@dataclass(frozen=True)
class DraftDocument:
    """`write` takes the name of the authority, or an empty name for the general draft."""

    slug: str
    title: str
    law: str
    write: Callable[[str], str]


def _from_template(template: str) -> Callable[[str], str]:
    def write(authority: str) -> str:
        context = {
            "authority": authority or GAP,
            "version": __version__,
            "staff": facts.STAFF,
            "purposes": facts.purposes(),
            "schedule": facts.schedule(),
            "counts": facts.counts(),
            "special_categories": facts.special_categories(),
            "permissions": facts.permissions(),
            "safeguards": safeguards(),
        }
        return tidy(render_to_string(f"operations/documents/{template}.md", context))

    return write


def tidy(text: str) -> str:
    """Removes repeated blank lines that template tags leave behind."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines)


DRAFTS = (
    DraftDocument(
        "data-protection-impact-assessment",
        "Data protection impact assessment",
        "UK GDPR, article 35",
        _from_template("impact-assessment"),
    ),
    DraftDocument(
        "appropriate-policy-document",
        "Appropriate policy document",
        "Data Protection Act 2018, Schedule 1, Part 4",
        _from_template("appropriate-policy"),
    ),
    DraftDocument(
        "record-of-processing", "Record of processing", "UK GDPR, article 30(1)", _from_template("record-of-processing")
    ),
    DraftDocument(
        "retention-schedule", "Retention schedule", "UK GDPR, article 5(1)(e)", _from_template("retention-schedule")
    ),
    DraftDocument(
        "accessibility-statement",
        "Accessibility statement",
        "the accessibility regulations for public sector bodies, SI 2018/952",
        lambda authority: tidy(accessibility_statement(authority, is_draft=True)),
    ),
    DraftDocument(
        "exit-plan",
        "Exit plan",
        "good practice: how the authority moves to another system with its data",
        _from_template("exit-plan"),
    ),
)


def find_draft(slug: str) -> DraftDocument | None:
    return next((draft for draft in DRAFTS if draft.slug == slug), None)
