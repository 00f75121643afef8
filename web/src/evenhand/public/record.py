"""What the public may read of an authority's record of changes: a list, written out, of what is about public things.

Whatever is not in the list does not exist in words here: its place in the record is a fingerprint alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority
from evenhand.ledger import form
from evenhand.ledger.models import Checkpoint, Entry
from evenhand.ledger.queries import entries_of
from evenhand.ledger.tree import Tree
from evenhand.plans import queries as plans
from evenhand.releases.queries import published

SENTENCES: Mapping[str, Promise] = {
    "authorities.add": _("The authority was added to this site."),
    "authorities.move": _("The authority got another address on this site."),
    "plans.publish": _("A plan was published."),
    "releases.publish": _("Figures were published."),
}
ON_A_PAGE = 50


@dataclass(frozen=True)
class Happened:
    sentence: str | Promise
    at: datetime
    position: int
    title: str
    link: str
    can_be_proved: bool  # a signed statement covers it


def happened(authority: Authority, page: str, statement: Checkpoint | None) -> Page[Happened]:
    entries = entries_of(authority.id).filter(action__in=list(SENTENCES)).select_related(None)
    found: Page[Happened] = Paginator(entries, ON_A_PAGE).get_page(page)  # type: ignore[assignment]
    things = _public_things(authority)
    signed = statement.size if statement else 0
    found.object_list = [_told(entry, things, signed) for entry in entries_on(found)]
    return found


def entries_on(page: Page[Happened]) -> list[Entry]:
    """A page of the paginator holds entries until they are put into words."""
    return list(page.object_list)  # type: ignore[arg-type]


def _told(entry: Entry, things: Mapping[UUID, tuple[str, str]], signed: int) -> Happened:
    title, link = things.get(entry.subject_id, ("", ""))
    return Happened(SENTENCES[entry.action], entry.at, entry.position, title, link, entry.position <= signed)


def _public_things(authority: Authority) -> dict[UUID, tuple[str, str]]:
    """What the authority has out now: its id, its title and where it is."""
    found = {
        plan.id: (plan.title, reverse("public:plan", args=(authority.slug, plan.slug)))
        for plan in plans.published(authority)
    }
    for release in published(authority):
        found[release.id] = (release.title, reverse("public:publication", args=(authority.slug, release.slug)))
    return found


def proof(authority: Authority, position: int, statement: Checkpoint) -> dict[str, object]:
    """That the entry at the position is in the record as it was signed; and what it says, where that is public."""
    entry = Entry.objects.get(chain=authority.id, position=position)
    tree = Tree(authority.id, statement.size)
    answer: dict[str, object] = {
        "position": position,
        "leaf": entry.entry_hash,
        "size": statement.size,
        "root": tree.root().hex(),
        "path": [each.hex() for each in tree.inclusion(position)],
    }
    return {"entry": columns(entry)} | answer if entry.action in SENTENCES else answer


def growth(authority: Authority, earlier: Checkpoint, later: Checkpoint) -> dict[str, object]:
    """That the record at the later statement begins with the record at the earlier one."""
    tree = Tree(authority.id, later.size)
    return {
        "from": earlier.size,
        "from_root": Tree(authority.id, earlier.size).root().hex(),
        "to": later.size,
        "to_root": tree.root().hex(),
        "path": [each.hex() for each in tree.consistency(earlier.size)],
    }


def columns(entry: Entry) -> dict[str, object]:
    """Everything that the fingerprint covers, with who acted under a blind."""
    return {
        "action": entry.action,
        "actor": form.actor_commitment(entry.blind, str(entry.actor_id)),
        "at": entry.at.astimezone(UTC).strftime(form.AT),
        "authority": str(entry.authority_id) if entry.authority_id else None,
        "chain": str(entry.chain),
        "commitment": entry.commitment,
        "form": form.FORM,
        "id": str(entry.id),
        "position": entry.position,
        "previous": entry.previous,
        "subject_id": str(entry.subject_id),
        "subject_kind": entry.subject_kind,
    }
