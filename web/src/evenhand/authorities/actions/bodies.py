from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from evenhand.authorities.enums import Kind
from evenhand.authorities.errors import NotPossible, Outdated
from evenhand.authorities.models import Authority, Succession, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import NAMESPACE, bodies_above, later_bodies
from evenhand.authorities.standing import held
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
    """`version` is the one that the person saw: where somebody else has been quicker, nothing is overwritten."""
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with recording("authorities.change_details", on=_subject(authority), by=by) as change:
        found = held(authority)
        if found.version != version:
            raise Outdated(
                _("Somebody else changed these details while you had them open. Look at them again, then change them.")
            )
        change.before = _details(found)
        found.name, found.kind, found.founded_on = name, kind, founded_on
        found.area_code, found.area_name = area_code, area_name
        found.version = version + 1
        found.full_clean()
        found.save()
        change.after = _details(found)
    return found


def join(authority: Authority, *, by: User, parent: Authority | None) -> Authority:
    """Make the authority a member of another body, or of none. Both pages say so, so the operator does it."""
    may(by, Permission.MANAGE_AUTHORITY, None).require()
    with recording("authorities.join", on=_subject(authority), by=by) as change:
        found = held(authority)
        if parent is not None and found.id in {each.id for each in (parent, *bodies_above(parent))}:
            raise NotPossible(_("%(parent)s is a member of %(authority)s.") % {"parent": parent, "authority": found})
        change.before = {"parent": found.parent_id}
        found.parent = parent
        found.version += 1
        found.save(update_fields=["parent", "version"])
        change.after = {"parent": found.parent_id}
    return found


def record_succession(predecessor: Authority, successor: Authority, *, by: User, on: date, breaks: str) -> Succession:
    """For whoever looks after both: neither body can say alone that it follows, or is followed by, another."""
    for body in (predecessor, successor):
        may(by, Permission.MANAGE_AUTHORITY, body).require()
    with recording("authorities.record_succession", on=_subject(successor), by=by) as change:
        if predecessor == successor or predecessor in later_bodies(successor):
            raise NotPossible(
                _("%(predecessor)s can't come before %(successor)s: it is the same body, or comes after it already.")
                % {"predecessor": predecessor, "successor": successor}
            )
        if Succession.objects.filter(predecessor=predecessor, successor=successor).exists():
            raise NotPossible(
                _("That %(successor)s follows %(predecessor)s is recorded already.")
                % {"predecessor": predecessor, "successor": successor}
            )
        made = Succession(predecessor=predecessor, successor=successor, on=on, breaks=breaks)
        made.full_clean()
        made.save()
        change.after = {"predecessor": predecessor.id, "on": on, "breaks": breaks}
    return made


def close(authority: Authority, *, by: User, on: date, reason: str) -> Authority:
    """What it published stays. From the day on nothing new is written, and nobody new comes to work there."""
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with transaction.atomic():
        found = held(authority)
        if found.closed_on == on:
            return found
        if found.is_closed:
            raise NotPossible(_("%(authority)s has closed already.") % {"authority": found})
        if found.founded_on and on <= found.founded_on:
            raise NotPossible(_("The day on which it closes comes after the day on which it was founded."))
        with recording("authorities.close", on=_subject(found), by=by, reason=reason) as change:
            change.before = {"closed_on": found.closed_on}
            found.closed_on = on
            found.version += 1
            found.save(update_fields=["closed_on", "version"])
            change.after = {"closed_on": on}
    return found


def _details(authority: Authority) -> dict[str, object]:
    return {field: getattr(authority, field) for field in DETAILS}
