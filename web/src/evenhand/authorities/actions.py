from uuid import UUID

from django.core.validators import validate_email

from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import Authority, Membership, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import NAMESPACE
from evenhand.ledger.actions import Subject, recording
from evenhand.records import slugs


def _subject(authority: Authority) -> Subject:
    return Subject("authority", authority.id, authority.id)


def add(
    *,
    by: User,
    slug: str,
    name: str,
    kind: Kind,
    area_code: str,
    area_name: str,
    parent: Authority | None = None,
    demonstration: bool = False,
) -> Authority:
    may(by, Permission.MANAGE_AUTHORITY, None).require()
    with recording("authorities.add", by=by) as change:
        authority = Authority(
            slug=slug,
            name=name,
            kind=kind,
            area_code=area_code,
            area_name=area_name,
            parent=parent,
            demonstration=demonstration,
        )
        authority.full_clean()
        slugs.take(NAMESPACE, slug, authority.id)
        authority.save()
        change.subject = _subject(authority)
        change.after = {"slug": slug, "name": name, "kind": kind, "area_code": area_code}
    return authority


def move(authority: Authority, *, by: User, slug: str, reason: str) -> Authority:
    """Give the authority another address. The old one goes on leading to it."""
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with recording("authorities.move", on=_subject(authority), by=by, reason=reason) as change:
        change.before = {"slug": authority.slug}
        slugs.take(NAMESPACE, slug, authority.id)
        authority.slug = slug
        authority.full_clean()
        authority.save(update_fields=["slug"])
        change.after = {"slug": slug}
    return authority


def add_member(authority: Authority, *, by: User, email: str, name: str, role: Role) -> Membership:
    """Let a person work for the authority in a role. The person gets no way to sign in by this alone."""
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with recording("authorities.add_member", by=by) as change:
        validate_email(email)
        user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, name)
        membership, _created = Membership.objects.get_or_create(authority=authority, user=user, role=Role(role))
        change.subject = _membership_subject(membership.id, authority)
        change.after = {"user": user.id, "role": role}
    return membership


def _membership_subject(membership_id: UUID, authority: Authority) -> Subject:
    return Subject("membership", membership_id, authority.id)
