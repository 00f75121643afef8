"""Read the ledger by chain, by subject or by person. Callers check who may read it."""

from uuid import UUID

from django.db.models import Q, QuerySet

from evenhand.ledger.form import SYSTEM
from evenhand.ledger.models import Entry


def entries_of(authority_id: UUID | None) -> QuerySet[Entry]:
    """The chain of an authority, or the system's own chain, newest first."""
    return Entry.objects.filter(chain=authority_id or SYSTEM).select_related("payload").order_by("-position")


def history(subject_id: UUID) -> QuerySet[Entry]:
    """Every entry about a subject, oldest first."""
    return Entry.objects.filter(subject_id=subject_id).select_related("payload").order_by("id")


def entries_naming(person_id: UUID) -> QuerySet[Entry]:
    """Every entry in which the person is the actor, is the subject, or is mentioned in the details."""
    naming = Q(actor_id=person_id) | Q(subject_id=person_id) | Q(payload__text__contains=str(person_id))
    return Entry.objects.filter(naming).select_related("payload").order_by("id")


def has_details(entry: Entry) -> bool:
    """Whether the entry's details still exist."""
    return hasattr(entry, "payload")
