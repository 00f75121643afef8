from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Assignment, Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.standing import held, still_open
from evenhand.ledger.actions import Subject, recording


def assign(authority: Authority, *, by: User, person: User, about: Subject, title: str, link: str) -> Assignment:
    """The person has the thing in hand. The same again changes nothing; another person has it instead."""
    may(by, Permission.TAKE_IN_HAND, authority).require()
    with transaction.atomic():
        still_open(held(authority))
        now = Assignment.objects.filter(
            authority=authority, subject_kind=about.kind, subject_id=about.id, ended_at=None
        ).first()
        if now and now.person_id == person.id:
            return now
        with recording("authorities.assign", on=about, by=by) as change:
            change.before = {"in_hand_of": _end(now) if now else None}
            made = _give(authority, person, about, title, link)
            change.after = {"in_hand_of": person.id}
    return made


def hand_over(assignment: Assignment, *, by: User, to: User, reason: str = "") -> Assignment:
    """For whoever has it in hand, and for an administrator."""
    authority = assignment.authority
    if by != assignment.person or not may(by, Permission.TAKE_IN_HAND, authority).allowed:
        may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with transaction.atomic():
        found = _still_in_hand(assignment)
        if found.person_id == to.id:
            return found
        about = Subject(found.subject_kind, found.subject_id, authority.id)
        with recording("authorities.hand_over", on=about, by=by, reason=reason) as change:
            change.before = {"in_hand_of": _end(found)}
            made = _give(authority, to, about, found.title, found.link)
            change.after = {"in_hand_of": to.id}
    return made


def finish(assignment: Assignment, *, by: User) -> None:
    """Nobody has it in hand any more, because it is done or because it need not be."""
    authority = assignment.authority
    if by != assignment.person or not may(by, Permission.TAKE_IN_HAND, authority).allowed:
        may(by, Permission.MANAGE_AUTHORITY, authority).require()
    about = Subject(assignment.subject_kind, assignment.subject_id, authority.id)
    with recording("authorities.finish", on=about, by=by) as change:
        change.before = {"in_hand_of": _end(_still_in_hand(assignment))}
        change.after = {"in_hand_of": None}


def _still_in_hand(assignment: Assignment) -> Assignment:
    held(assignment.authority)
    found = Assignment.objects.get(id=assignment.id)
    if found.ended_at is not None:
        raise NotPossible(_("%(title)s has been handed over or finished since.") % {"title": found.title})
    return found


def _end(assignment: Assignment) -> str:
    assignment.ended_at = timezone.now()
    assignment.save(update_fields=["ended_at"])
    return str(assignment.person_id)


def _give(authority: Authority, person: User, about: Subject, title: str, link: str) -> Assignment:
    if not may(person, Permission.TAKE_IN_HAND, authority).allowed:
        raise NotPossible(
            _("%(person)s has no role at %(authority)s in which to take work in hand.")
            % {"person": person, "authority": authority}
        )
    if not link.startswith("/") or link.startswith("//"):
        raise ValueError("a link leads to a page of this site")
    return Assignment.objects.create(
        authority=authority,
        person=person,
        subject_kind=about.kind,
        subject_id=about.id,
        title=title,
        link=link,
        since=timezone.now(),
    )
