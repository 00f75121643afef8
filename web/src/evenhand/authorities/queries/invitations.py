import hashlib

from django.db.models import QuerySet

from evenhand.authorities.models import Authority, Invitation


def open_invitation(token: str) -> Invitation | None:
    """The invitation with this token; None if there is none, or it was accepted or withdrawn or has expired."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    invitations = Invitation.objects.select_related("authority", "invited_by", "unit")
    invitation = invitations.filter(token_sha256=digest).first()
    return invitation if invitation and invitation.is_open and not invitation.authority.is_closed else None


def unanswered_invitations(authority: Authority) -> QuerySet[Invitation]:
    """Invitations that were neither accepted nor withdrawn. Includes expired ones, which can be sent again."""
    invitations = Invitation.objects.filter(authority=authority, accepted_at=None, withdrawn_at=None)
    return invitations.select_related("invited_by", "unit", "authority").order_by("name")
