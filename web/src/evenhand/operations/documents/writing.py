"""The drafts themselves: their names, what each is for in law, and their text."""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string

from evenhand import __version__
from evenhand.operations.documents import facts
from evenhand.operations.documents.safeguards import safeguards
from evenhand.public.statement import statement

GAP = "[to be completed by the authority: its name]"


@dataclass(frozen=True)
class Draft:
    """`write` takes the name of the authority; empty for the general draft."""

    slug: str
    title: str
    law: str
    write: Callable[[str], str]


def _filled(template: str) -> Callable[[str], str]:
    def write(authority: str) -> str:
        found = {
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
        return tidy(render_to_string(f"operations/documents/{template}.md", found))

    return write


def tidy(text: str) -> str:
    """One empty line between blocks, whatever the template's own lines left behind."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines)


DRAFTS = (
    Draft(
        "data-protection-impact-assessment",
        "Data protection impact assessment",
        "UK GDPR, article 35",
        _filled("impact-assessment"),
    ),
    Draft(
        "appropriate-policy-document",
        "Appropriate policy document",
        "Data Protection Act 2018, Schedule 1, Part 4",
        _filled("appropriate-policy"),
    ),
    Draft("record-of-processing", "Record of processing", "UK GDPR, article 30(1)", _filled("record-of-processing")),
    Draft("retention-schedule", "Retention schedule", "UK GDPR, article 5(1)(e)", _filled("retention-schedule")),
    Draft(
        "accessibility-statement",
        "Accessibility statement",
        "the accessibility regulations for public sector bodies, SI 2018/952",
        lambda authority: tidy(statement(authority)),
    ),
    Draft("exit-plan", "Exit plan", "good practice: how the authority leaves, with everything", _filled("exit-plan")),
)


def draft(slug: str) -> Draft | None:
    return next((each for each in DRAFTS if each.slug == slug), None)
