from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone

from evenhand.authorities.models import Assignment, Authority, Delegation, User
from evenhand.authorities.permissions import Permission, may
from evenhand.ledger.models import Entry


def in_hand(*, person: User | None = None, authority: Authority | None = None) -> QuerySet[Assignment]:
    """What the person has in hand, or what anyone has at the authority."""
    found = Assignment.objects.filter(ended_at=None).select_related("authority", "person").order_by("since")
    if person is not None:
        found = found.filter(person=person)
    return found.filter(authority=authority) if authority is not None else found


def delegations_of(authority: Authority, *, person: User | None = None) -> QuerySet[Delegation]:
    """Those that have not ended, of everyone or of one person, soonest first."""
    standing = Delegation.objects.filter(authority=authority, ended_early_at=None, ends_at__gt=timezone.now())
    if person is not None:
        standing = standing.filter(Q(giver=person) | Q(receiver=person))
    return standing.select_related("giver", "receiver", "authority").order_by("starts_at")


def recent_entries(authorities: Collection[Authority], number: int) -> list[Entry]:
    """What was last changed at these authorities, newest first."""
    found = [
        each
        for authority in authorities
        for each in Entry.objects.filter(chain=authority.id).order_by("-position")[:number]
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:number]


def visible(held: QuerySet[Assignment], person: User, authority: Authority) -> QuerySet[Assignment]:
    """Titles of drafts are for whoever may see drafts, and for those who hand them over."""
    sees = (Permission.SEE_DRAFTS, Permission.MANAGE_AUTHORITY)
    return held if any(may(person, each, authority).allowed for each in sees) else held.filter(person=person)
