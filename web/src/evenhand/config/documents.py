"""Documents generated from the code, so that they always agree with it."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from django.apps import apps

from evenhand import gates
from evenhand.authorities.enums import Role
from evenhand.authorities.permissions import permissions_of
from evenhand.config.settings.declared import SETTINGS
from evenhand.evidence.measures import MEASURES
from evenhand.modules import registry
from evenhand.operations.documents.drafts import DRAFTS
from evenhand.operations.export.page import page as export_format
from evenhand.records.classification import classification_of
from evenhand.releases.enums import TRANSITIONS
from evenstat.disclosure import SUPPRESSION_POLICIES
from evenstat.standards import STANDARDS

GENERATED = "<!-- Written by `evenhand docs` from the code. Change the code, not this page. -->"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fields() -> str:
    rows = [
        (model._meta.label, field, level.value)
        for model in sorted(apps.get_models(), key=lambda model: model._meta.label)
        for field, level in classification_of(model).items()
    ]
    return f"# How each stored field is classified\n\n{_table(('model', 'field', 'class'), rows)}"


def publication_states() -> str:
    arrows = "\n".join(f"    {old} --> {new}: {action}" for (old, new), action in TRANSITIONS.items())
    needs = [
        (transition, requirement)
        for transition in gates.transitions()
        for requirement in gates.requirements_of(transition)
    ]
    diagram = f"```mermaid\nstateDiagram-v2\n    [*] --> draft\n{arrows}\n    published --> [*]\n```"
    return f"# The states of a publication\n\n{diagram}\n\n## Gates\n\n{_table(('action', 'requirement'), needs)}"


def roles() -> str:
    purposes = [(str(role.label), role.purpose) for role in Role]
    rows = [
        (str(permission.label), *("yes" if permission in permissions_of(role) else "" for role in Role))
        for permission in registry.permissions()
    ]
    table = _table(("permission", *(str(role.label) for role in Role)), rows)
    return f"# Roles\n\n{_table(('role', 'purpose'), purposes)}\n\n## Permissions\n\n{table}"


def policies() -> str:
    rows = [(policy.id, policy.name, policy.description) for policy in SUPPRESSION_POLICIES]
    return f"# Policies that protect people\n\n{_table(('id', 'name', 'description'), rows)}"


def standards() -> str:
    rows = [
        (standard.id, standard.edition, "; ".join(category.label for category in standard.categories), standard.note)
        for standard in STANDARDS
    ]
    return f"# Standards\n\n{_table(('id', 'edition', 'categories', 'note'), rows)}"


def measures() -> str:
    rows = [(measure.slug, measure.definition, measure.unit, measure.formula) for measure in MEASURES]
    return f"# Measures\n\n{_table(('measure', 'definition', 'unit', 'formula'), rows)}"


def layers() -> str:
    order = "\n".join(f"{number}. `evenhand.{app}`" for number, app in enumerate(registry.module_order(), start=1))
    rule = "An app imports, and points foreign keys at, only apps in lower layers."
    return f"# The layers, from the top down\n\n{rule}\n\n{order}"


def settings() -> str:
    rows = [
        (
            f"`{setting.name}`",
            setting.purpose,
            setting.default,
            f"yes: can also be given in a file named by `{setting.name}_FILE`" if setting.secret else "",
            setting.production,
        )
        for setting in SETTINGS
    ]
    introduction = (
        "All settings are read from the environment. With `EVENHAND_PRODUCTION=true` the site does not start until "
        "every setting meets the requirement in the last column."
    )
    headings = ("name", "purpose", "default", "secret", "in production")
    return f"# Settings\n\n{introduction}\n\n{_table(headings, rows)}"


# file in docs -> its text
DOCUMENTS: dict[str, Callable[[], str]] = {
    "export-format.md": export_format,
    "generated/fields.md": fields,
    "generated/layers.md": layers,
    "generated/measures.md": measures,
    "generated/policies.md": policies,
    "generated/publication-states.md": publication_states,
    "generated/roles.md": roles,
    "generated/settings.md": settings,
    "generated/standards.md": standards,
    **{f"generated/{draft.slug}.md": partial(draft.write, "") for draft in DRAFTS},
}


def document(name: str) -> str:
    return f"{GENERATED}\n{DOCUMENTS[name]()}\n"
