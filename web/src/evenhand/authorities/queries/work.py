from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone

from evenhand.authorities.models import Assignment, Authority, Delegation, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, SEE_DRAFTS, may
from evenhand.ledger.models import Entry


def open_assignments(*, person: User | None = None, authority: Authority | None = None) -> QuerySet[Assignment]:
    """The work assigned to the person, or to anyone at the authority."""
    assignments = Assignment.objects.filter(ended_at=None).select_related("authority", "person").order_by("since")
    if person is not None:
        assignments = assignments.filter(person=person)
    return assignments.filter(authority=authority) if authority is not None else assignments


def visible_assignments(assignments: QuerySet[Assignment], person: User, authority: Authority) -> QuerySet[Assignment]:
    """All of them for people who may see drafts, whose titles they show, and for administrators; else the person's."""
    permissions = (SEE_DRAFTS, MANAGE_AUTHORITY)
    sees_all = any(may(person, permission, authority).allowed for permission in permissions)
    return assignments if sees_all else assignments.filter(person=person)


def delegations_of(authority: Authority, *, person: User | None = None) -> QuerySet[Delegation]:
    """Current and future delegations of the authority, or those that the person gives or receives; soonest first."""
    delegations = Delegation.objects.filter(authority=authority, ended_early_at=None, ends_at__gt=timezone.now())
    if person is not None:
        delegations = delegations.filter(Q(giver=person) | Q(receiver=person))
    return delegations.select_related("giver", "receiver", "authority").order_by("starts_at")


def recent_entries(authorities: Collection[Authority], number: int) -> list[Entry]:
    """The latest entries in the records of changes of these authorities, newest first."""
    entries = [
        entry
        for authority in authorities
        for entry in Entry.objects.filter(chain=authority.id).select_related("payload").order_by("-position")[:number]
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:number]
