from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from evenhand.authorities.enums import Kind
from evenhand.authorities.errors import NotPossible, Outdated
from evenhand.authorities.invented_checks import check_same_kind
from evenhand.authorities.memberships import lock
from evenhand.authorities.models import Authority, Succession, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.authorities.queries import NAMESPACE, bodies_above, later_bodies
from evenhand.ledger.actions import Subject, recording
from evenhand.records import slugs

DETAILS = ("name", "kind", "area_code", "area_name", "founded_on")


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
    invented: bool = False,
) -> Authority:
    """Add a real or an invented authority, which cannot be changed later."""
    may(by, MANAGE_AUTHORITY, None).require()
    with recording("authorities.add", by=by) as change:
        authority = Authority(
            slug=slug,
            name=name,
            kind=kind,
            area_code=area_code,
            area_name=area_name,
            parent=parent,
            demonstration=demonstration,
            invented=invented,
        )
        check_same_kind(authority, parent)
        authority.full_clean()
        slugs.reserve(NAMESPACE, slug, authority.id)
        authority.save()
        change.subject = _subject(authority)
        change.after = {"slug": slug, "name": name, "kind": kind, "area_code": area_code}
    return authority


def move(authority: Authority, *, by: User, slug: str, reason: str) -> Authority:
    """Change the authority's slug. The old one redirects to the new one."""
    may(by, MANAGE_AUTHORITY, authority).require()
    with recording("authorities.move", on=_subject(authority), by=by, reason=reason) as change:
        change.before = {"slug": authority.slug}
        slugs.reserve(NAMESPACE, slug, authority.id)
        authority.slug = slug
        authority.full_clean()
        authority.save(update_fields=["slug"])
        change.after = {"slug": slug}
    return authority


def change_details(
    authority: Authority,
    *,
    by: User,
    version: int,
    name: str,
    kind: Kind,
    area_code: str,
    area_name: str,
    founded_on: date | None = None,
) -> Authority:
    """`version` is the one that the person saw. Raises Outdated if somebody else has changed the details since."""
    may(by, MANAGE_AUTHORITY, authority).require()
    with recording("authorities.change_details", on=_subject(authority), by=by) as change:
        locked = lock(authority)
        if locked.version != version:
            raise Outdated(
                _("Somebody else changed these details while you had this page open. Reload the page and try again.")
            )
        change.before = _details(locked)
        locked.name, locked.kind, locked.founded_on = name, kind, founded_on
        locked.area_code, locked.area_name = area_code, area_name
        locked.version = version + 1
        locked.full_clean()
        locked.save()
        change.after = _details(locked)
    return locked


def join(authority: Authority, *, by: User, parent: Authority | None) -> Authority:
    """Make the authority a member of another body, or of none. It concerns both bodies, so only the operator may."""
    may(by, MANAGE_AUTHORITY, None).require()
    with recording("authorities.join", on=_subject(authority), by=by) as change:
        locked = lock(authority)
        check_same_kind(locked, parent)
        if parent is not None and locked.id in {body.id for body in (parent, *bodies_above(parent))}:
            raise NotPossible(_("%(parent)s is a member of %(authority)s.") % {"parent": parent, "authority": locked})
        change.before = {"parent": locked.parent_id}
        locked.parent = parent
        locked.version += 1
        locked.save(update_fields=["parent", "version"])
        change.after = {"parent": locked.parent_id}
    return locked


def record_succession(predecessor: Authority, successor: Authority, *, by: User, on: date, breaks: str) -> Succession:
    """Record that one body took over from another. Requires permission at both bodies."""
    for body in (predecessor, successor):
        may(by, MANAGE_AUTHORITY, body).require()
    with recording("authorities.record_succession", on=_subject(successor), by=by) as change:
        check_same_kind(predecessor, successor)
        if predecessor == successor or predecessor in later_bodies(successor):
            raise NotPossible(
                _("%(predecessor)s cannot be a predecessor of %(successor)s: it is the same body or its successor.")
                % {"predecessor": predecessor, "successor": successor}
            )
        if Succession.objects.filter(predecessor=predecessor, successor=successor).exists():
            raise NotPossible(
                _("%(predecessor)s is already recorded as a predecessor of %(successor)s.")
                % {"predecessor": predecessor, "successor": successor}
            )
        succession = Succession(predecessor=predecessor, successor=successor, on=on, breaks=breaks)
        succession.full_clean()
        succession.save()
        change.after = {"predecessor": predecessor.id, "on": on, "breaks": breaks}
    return succession


def close(authority: Authority, *, by: User, on: date, reason: str) -> Authority:
    """Set the closing date. From then on nothing can be added and nobody can join; what was published stays online."""
    may(by, MANAGE_AUTHORITY, authority).require()
    with transaction.atomic():
        locked = lock(authority)
        if locked.closed_on == on:
            return locked
        if locked.is_closed:
            raise NotPossible(_("%(authority)s has already closed.") % {"authority": locked})
        if locked.founded_on and on <= locked.founded_on:
            raise NotPossible(_("The closing date must be after the date on which the authority was founded."))
        with recording("authorities.close", on=_subject(locked), by=by, reason=reason) as change:
            change.before = {"closed_on": locked.closed_on}
            locked.closed_on = on
            locked.version += 1
            locked.save(update_fields=["closed_on", "version"])
            change.after = {"closed_on": on}
    return locked


def _details(authority: Authority) -> dict[str, object]:
    return {field: getattr(authority, field) for field in DETAILS}
