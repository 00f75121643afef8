from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.memberships import check_open, lock
from evenhand.authorities.models import Assignment, Authority, User
from evenhand.authorities.permissions import ASSIGN_WORK, MANAGE_AUTHORITY, may
from evenhand.ledger.actions import Subject, recording


def assign(authority: Authority, *, by: User, person: User, about: Subject, title: str, link: str) -> Assignment:
    """Assign the subject to the person, in place of anyone else. No effect if it is already theirs."""
    may(by, ASSIGN_WORK, authority).require()
    with transaction.atomic():
        check_open(lock(authority))
        current = Assignment.objects.filter(
            authority=authority, subject_kind=about.kind, subject_id=about.id, ended_at=None
        ).first()
        if current and current.person_id == person.id:
            return current
        with recording("authorities.assign", on=about, by=by) as change:
            change.before = {"in_hand_of": _end(current) if current else None}
            assignment = _create(authority, person, about, title, link)
            change.after = {"in_hand_of": person.id}
    return assignment


def hand_over(assignment: Assignment, *, by: User, to: User, reason: str = "") -> Assignment:
    """Allowed for the person to whom the work is assigned, and for administrators."""
    authority = assignment.authority
    if by != assignment.person or not may(by, ASSIGN_WORK, authority).allowed:
        may(by, MANAGE_AUTHORITY, authority).require()
    with transaction.atomic():
        current = _lock_open(assignment)
        if current.person_id == to.id:
            return current
        about = Subject(current.subject_kind, current.subject_id, authority.id)
        with recording("authorities.hand_over", on=about, by=by, reason=reason) as change:
            change.before = {"in_hand_of": _end(current)}
            successor = _create(authority, to, about, current.title, current.link)
            change.after = {"in_hand_of": to.id}
    return successor


def finish(assignment: Assignment, *, by: User) -> None:
    """End the assignment because the work is finished or no longer needed."""
    authority = assignment.authority
    if by != assignment.person or not may(by, ASSIGN_WORK, authority).allowed:
        may(by, MANAGE_AUTHORITY, authority).require()
    about = Subject(assignment.subject_kind, assignment.subject_id, authority.id)
    with recording("authorities.finish", on=about, by=by) as change:
        change.before = {"in_hand_of": _end(_lock_open(assignment))}
        change.after = {"in_hand_of": None}


def _lock_open(assignment: Assignment) -> Assignment:
    lock(assignment.authority)
    current = Assignment.objects.get(id=assignment.id)
    if current.ended_at is not None:
        raise NotPossible(_("“%(title)s” has already been handed over or finished.") % {"title": current.title})
    return current


def _end(assignment: Assignment) -> str:
    assignment.ended_at = timezone.now()
    assignment.save(update_fields=["ended_at"])
    return str(assignment.person_id)


def _create(authority: Authority, person: User, about: Subject, title: str, link: str) -> Assignment:
    if not may(person, ASSIGN_WORK, authority).allowed:
        raise NotPossible(
            _("%(person)s has no role at %(authority)s that allows them to take on work.")
            % {"person": person, "authority": authority}
        )
    if not link.startswith("/") or link.startswith("//"):
        raise ValueError("the link must be a path on this site")
    return Assignment.objects.create(
        authority=authority,
        person=person,
        subject_kind=about.kind,
        subject_id=about.id,
        title=title,
        link=link,
        since=timezone.now(),
    )
