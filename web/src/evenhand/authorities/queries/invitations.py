import hashlib

from django.db.models import QuerySet

from evenhand.authorities.models import Authority, Invitation


def open_invitation(token: str) -> Invitation | None:
    """The invitation that the link's secret opens; None where there is none, or it was answered or ran out."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = Invitation.objects.select_related("authority", "invited_by", "unit").filter(token_sha256=digest).first()
    return found if found and found.is_open and not found.authority.is_closed else None


def unanswered_invitations(authority: Authority) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn; those that ran out among them, for they can be sent again."""
    found = Invitation.objects.filter(authority=authority, accepted_at=None, withdrawn_at=None)
    return found.select_related("invited_by", "unit", "authority").order_by("name")
