"""The tasks about people: invitations, cover, groups, assigned work and unused accounts."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.authorities.models import Assignment, Authority, Membership, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.authorities.queries import authorities_of, delegations_of, unanswered_invitations
from evenhand.modules import StaffTask

INVITATION_SOON = timedelta(days=2)
DELEGATION_SOON = timedelta(days=3)
INACTIVE_AFTER = timedelta(days=90)


def people_tasks(person: User) -> Iterator[StaffTask]:
    for authority in authorities_of(person):
        yield from _ending_delegations(person, authority)
        if may(person, MANAGE_AUTHORITY, authority).allowed:
            yield from _expiring_invitations(authority)
            yield from _administrators_without_group(authority)
            yield from _orphaned_assignments(authority)
            yield from _inactive_people(authority)


def _ending_delegations(person: User, authority: Authority) -> Iterator[StaffTask]:
    now = timezone.now()
    for delegation in delegations_of(authority, person=person):
        if delegation.starts_at <= now and delegation.ends_at <= now + DELEGATION_SOON:
            yield StaffTask(
                title=_("Cover by %(receiver)s for %(giver)s ends soon")
                % {"receiver": delegation.receiver, "giver": delegation.giver},
                link=_page("delegations", authority),
                reason=_("It ends automatically. Arrange cover again if you need it for longer."),
                due=delegation.last_day,
            )


def _expiring_invitations(authority: Authority) -> Iterator[StaffTask]:
    expiring = unanswered_invitations(authority).filter(expires_at__lte=timezone.now() + INVITATION_SOON)
    for invitation in expiring:
        expired, waiting = _("The invitation to %(name)s has expired"), _("%(name)s has not accepted the invitation")
        yield StaffTask(
            title=(expired if invitation.has_expired else waiting) % {"name": invitation.name},
            link=_page("people", authority),
            reason=_("Send the invitation again, or withdraw it."),
            due=timezone.localdate(invitation.expires_at),
        )


def _administrators_without_group(authority: Authority) -> Iterator[StaffTask]:
    memberships = Membership.objects.filter(authority=authority, ended_at=None).exclude(group_lost_at=None)
    for membership in memberships.select_related("user"):
        yield StaffTask(
            title=_("Appoint another administrator: no group gives %(person)s the role any more")
            % {"person": membership.user},
            link=_page("people", authority),
            reason=_("The last administrator keeps the role until there is another."),
        )


def _orphaned_assignments(authority: Authority) -> Iterator[StaffTask]:
    """Work assigned to somebody who no longer works at the authority."""
    roles = Membership.objects.filter(authority=authority, user=OuterRef("person"), ended_at=None)
    orphaned = Assignment.objects.filter(~Exists(roles), authority=authority, ended_at=None)
    for assignment in orphaned.select_related("person"):
        yield StaffTask(
            title=_("Hand over “%(title)s”") % {"title": assignment.title},
            link=reverse("authorities:hand_over", kwargs={"authority": authority.slug, "assignment": assignment.id}),
            reason=_("It is assigned to %(person)s, who no longer works here.") % {"person": assignment.person},
        )


def _inactive_people(authority: Authority) -> Iterator[StaffTask]:
    since = timezone.now() - INACTIVE_AFTER
    inactive = User.objects.filter(
        Q(last_login=None) | Q(last_login__lt=since),
        memberships__in=Membership.objects.filter(
            Q(started_at=None) | Q(started_at__lt=since), authority=authority, ended_at=None
        ),
    )
    if number := inactive.distinct().count():
        yield StaffTask(
            title=ngettext(
                "%(n)s person has not signed in for 90 days", "%(n)s people have not signed in for 90 days", number
            )
            % {"n": number},
            link=_page("people", authority),
            reason=_("Do they still work here? End the access of anyone who has left."),
        )


def _page(name: str, authority: Authority) -> str:
    return reverse(f"authorities:{name}", kwargs={"authority": authority.slug})
