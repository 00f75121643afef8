"""The public part of an authority's record of changes.

Only the actions whose module declares a sentence for the public (`RecordedAction.public`) are shown in words. Every
other entry appears only as a fingerprint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.functional import Promise

from evenhand.authorities.models import Authority
from evenhand.ledger import form
from evenhand.ledger.models import Checkpoint, Entry
from evenhand.ledger.queries import entries_of
from evenhand.ledger.tree import Tree
from evenhand.modules import registry
from evenhand.plans import queries as plans
from evenhand.releases.queries import published

PAGE_SIZE = 50


@dataclass(frozen=True)
class PublicEvent:
    sentence: str | Promise
    at: datetime
    position: int
    title: str
    link: str
    has_proof: bool  # a signed statement covers it


def public_events(authority: Authority, page_number: str, statement: Checkpoint | None) -> Page[PublicEvent]:
    entries = entries_of(authority.id).filter(action__in=list(public_sentences())).select_related(None)
    page: Page[PublicEvent] = Paginator(entries, PAGE_SIZE).get_page(page_number)  # type: ignore[assignment]
    links = _public_links(authority)
    signed_size = statement.size if statement else 0
    page.object_list = [_public_event(entry, links, signed_size) for entry in entries_on(page)]
    return page


def entries_on(page: Page[PublicEvent]) -> list[Entry]:
    """Return the entries of a page whose `object_list` has not been replaced by events yet."""
    return list(page.object_list)  # type: ignore[arg-type]


def public_sentences() -> dict[str, str | Promise]:
    return {name: action.public for name, action in registry.actions().items() if action.public is not None}


def _public_event(entry: Entry, links: Mapping[UUID, tuple[str, str]], signed_size: int) -> PublicEvent:
    title, link = links.get(entry.subject_id, ("", ""))
    has_proof = entry.position <= signed_size
    return PublicEvent(public_sentences()[entry.action], entry.at, entry.position, title, link, has_proof)


def _public_links(authority: Authority) -> dict[UUID, tuple[str, str]]:
    """Return the title and address of everything that the authority has published, by id."""
    links = {
        plan.id: (plan.title, reverse("public:plan", args=(authority.slug, plan.slug)))
        for plan in plans.published(authority)
    }
    for release in published(authority):
        links[release.id] = (release.title, reverse("public:publication", args=(authority.slug, release.slug)))
    return links


def inclusion_proof(authority: Authority, position: int, statement: Checkpoint) -> dict[str, object]:
    """Return a proof that the entry is in the record as it was signed, with its content if that is public."""
    entry = Entry.objects.get(chain=authority.id, position=position)
    tree = Tree(authority.id, statement.size)
    content: dict[str, object] = {
        "position": position,
        "leaf": entry.entry_hash,
        "size": statement.size,
        "root": tree.root().hex(),
        "path": [node.hex() for node in tree.inclusion(position)],
    }
    return {"entry": signed_fields(entry)} | content if entry.action in public_sentences() else content


def consistency_proof(authority: Authority, earlier: Checkpoint, later: Checkpoint) -> dict[str, object]:
    """Return a proof that the record at the later statement begins with the record at the earlier one."""
    tree = Tree(authority.id, later.size)
    return {
        "from": earlier.size,
        "from_root": Tree(authority.id, earlier.size).root().hex(),
        "to": later.size,
        "to_root": tree.root().hex(),
        "path": [node.hex() for node in tree.consistency(earlier.size)],
    }


def signed_fields(entry: Entry) -> dict[str, object]:
    """Return every field that the fingerprint covers, with the person's id replaced by a blinded commitment."""
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
