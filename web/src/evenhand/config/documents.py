"""The documents that are written from the code, so that they can't say anything else than it does."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from django.apps import apps

from evenhand import gates
from evenhand.authorities.permissions import ROLE_PERMISSIONS, Permission
from evenhand.config.house import STOREYS
from evenhand.config.settings.declared import SETTINGS
from evenhand.evidence.measures import MEASURES
from evenhand.operations.documents.writing import DRAFTS
from evenhand.records.classification import classification_of
from evenhand.releases.enums import TRANSITIONS
from evenstat.disclosure import HIDING
from evenstat.standards import STANDARDS

WRITTEN = "<!-- Written by `evenhand docs` from the code. Change the code, not this page. -->"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fields() -> str:
    rows = [
        (model._meta.label, field, level.value)
        for model in sorted(apps.get_models(), key=lambda each: each._meta.label)
        for field, level in classification_of(model).items()
    ]
    return f"# How each stored field is classified\n\n{_table(('model', 'field', 'class'), rows)}"


def publication_states() -> str:
    arrows = "\n".join(f"    {old} --> {new}: {step}" for (old, new), step in TRANSITIONS.items())
    needs = [
        (transition, requirement)
        for transition in gates.transitions()
        for requirement in gates.requirements_of(transition)
    ]
    diagram = f"```mermaid\nstateDiagram-v2\n    [*] --> draft\n{arrows}\n    published --> [*]\n```"
    return f"# The life of a publication\n\n{diagram}\n\n## Gates\n\n{_table(('step', 'needs'), needs)}"


def roles() -> str:
    purposes = [(str(role.label), role.purpose) for role in ROLE_PERMISSIONS]
    rows = [
        (permission.value, *("yes" if permission in held else "" for held in ROLE_PERMISSIONS.values()))
        for permission in Permission
    ]
    table = _table(("may", *(str(role.label) for role in ROLE_PERMISSIONS)), rows)
    return f"# Roles\n\n{_table(('role', 'what for'), purposes)}\n\n## What each may do\n\n{table}"


def policies() -> str:
    rows = [(policy.id, policy.name, policy.description) for policy in HIDING]
    return f"# Policies that protect people\n\n{_table(('id', 'name', 'what it does'), rows)}"


def standards() -> str:
    rows = [
        (each.id, each.edition, "; ".join(category.label for category in each.categories), each.note)
        for each in STANDARDS
    ]
    return f"# Standards\n\n{_table(('id', 'edition', 'categories', 'mind'), rows)}"


def measures() -> str:
    rows = [(each.slug, each.definition, each.unit, each.formula) for each in MEASURES]
    return f"# Measures\n\n{_table(('measure', 'definition', 'unit', 'formula'), rows)}"


def house() -> str:
    order = "\n".join(f"{place}. `evenhand.{room}`" for place, room in enumerate(STOREYS, start=1))
    return f"# The rooms, from the top down\n\nA room imports, and points at, only what stands below it.\n\n{order}"


def settings() -> str:
    rows = [
        (
            f"`{each.name}`",
            each.what,
            each.default,
            f"yes: may stand in the file that `{each.name}_FILE` names" if each.secret else "",
            each.production,
        )
        for each in SETTINGS
    ]
    words = "All from the environment. `EVENHAND_PRODUCTION=true` refuses to start until each is as production asks."
    return f"# Settings\n\n{words}\n\n{_table(('name', 'what for', 'without it', 'secret', 'in production'), rows)}"


DOCUMENTS: dict[str, Callable[[], str]] = {
    "fields.md": fields,
    "house.md": house,
    "measures.md": measures,
    "policies.md": policies,
    "publication-states.md": publication_states,
    "roles.md": roles,
    "settings.md": settings,
    "standards.md": standards,
    **{f"{each.slug}.md": partial(each.write, "") for each in DRAFTS},
}


def document(name: str) -> str:
    return f"{WRITTEN}\n{DOCUMENTS[name]()}\n"
