"""Which recorded actions change public pages, and whose. The modules with public pages declare it (`PageChange`).

An action that is not declared changes no public page, so it raises no counter: that would show to the public that staff
are working on a draft (docs/adr/0014).
"""

from uuid import UUID

from evenhand.modules import ChangedPages, PageChange, registry


def page_changes() -> list[PageChange]:
    return list(registry.declared("page_changes"))


def changes_public_pages(action: str) -> bool:
    return any(change.action == action for change in page_changes())


def pages_changed(action: str, subject_id: UUID) -> set[ChangedPages]:
    """Whose pages this recorded action changes. Empty if it changes none."""
    return {change.pages for change in page_changes() if change.action == action and change.applies_to(subject_id)}
