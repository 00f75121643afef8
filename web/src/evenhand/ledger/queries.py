"""Reading the record: by chain, by subject, by person. Who may read it is for the rooms above to settle."""

from uuid import UUID

from django.db.models import Q, QuerySet

from evenhand.ledger.form import SYSTEM
from evenhand.ledger.models import Entry


def entries_of(authority_id: UUID | None) -> QuerySet[Entry]:
    """The chain of an authority, or the system's own, the newest first."""
    return Entry.objects.filter(chain=authority_id or SYSTEM).select_related("payload").order_by("-position")


def history(subject_id: UUID) -> QuerySet[Entry]:
    """What happened to a thing, the oldest first."""
    return Entry.objects.filter(subject_id=subject_id).select_related("payload").order_by("id")


def entries_naming(person_id: UUID) -> QuerySet[Entry]:
    """Every entry of what the person did, of what was done to them, or whose details mention them."""
    named = Q(actor_id=person_id) | Q(subject_id=person_id) | Q(payload__text__contains=str(person_id))
    return Entry.objects.filter(named).select_related("payload").order_by("id")


def has_details(entry: Entry) -> bool:
    """Whether what the entry said is still there."""
    return hasattr(entry, "payload")
