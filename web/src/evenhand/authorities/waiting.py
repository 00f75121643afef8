"""What this room itself puts on the list of what there is to do."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.authorities.models import Assignment, Authority, Membership, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import authorities_of, delegations_of, unanswered_invitations
from evenhand.authorities.todo import Todo

INVITATION_SOON = timedelta(days=2)
DELEGATION_SOON = timedelta(days=3)
LONG_AWAY = timedelta(days=90)


def about_people(person: User) -> Iterator[Todo]:
    for authority in authorities_of(person):
        yield from _lent(person, authority)
        if may(person, Permission.MANAGE_AUTHORITY, authority).allowed:
            yield from _invitations(authority)
            yield from _lost_groups(authority)
            yield from _left_in_hand(authority)
            yield from _long_away(authority)


def _lent(person: User, authority: Authority) -> Iterator[Todo]:
    now = timezone.now()
    for each in delegations_of(authority, person=person):
        if each.starts_at <= now and each.ends_at <= now + DELEGATION_SOON:
            yield Todo(
                title=_("%(receiver)s stands in for %(giver)s for a few days more")
                % {"receiver": each.receiver, "giver": each.giver},
                link=_page("delegations", authority),
                why=_("It ends by itself. Lend the role again if it is needed for longer."),
                due=each.last_day,
            )


def _invitations(authority: Authority) -> Iterator[Todo]:
    soon = unanswered_invitations(authority).filter(expires_at__lte=timezone.now() + INVITATION_SOON)
    for each in soon:
        words = _("The invitation of %(name)s has run out") if each.has_expired else _("%(name)s has not answered yet")
        yield Todo(
            title=words % {"name": each.name},
            link=_page("people", authority),
            why=_("Send the invitation again, or withdraw it."),
            due=timezone.localdate(each.expires_at),
        )


def _lost_groups(authority: Authority) -> Iterator[Todo]:
    kept = Membership.objects.filter(authority=authority, ended_at=None).exclude(group_lost_at=None)
    for each in kept.select_related("user"):
        yield Todo(
            title=_("Appoint another administrator: no group makes %(person)s one any more") % {"person": each.user},
            link=_page("people", authority),
            why=_("The last administrator keeps the role until there is another."),
        )


def _left_in_hand(authority: Authority) -> Iterator[Todo]:
    roles = Membership.objects.filter(authority=authority, user=OuterRef("person"), ended_at=None)
    orphaned = Assignment.objects.filter(~Exists(roles), authority=authority, ended_at=None)
    for each in orphaned.select_related("person"):
        yield Todo(
            title=_("Hand over “%(title)s”") % {"title": each.title},
            link=reverse("authorities:hand_over", kwargs={"authority": authority.slug, "assignment": each.id}),
            why=_("%(person)s has it in hand and works here no more.") % {"person": each.person},
        )


def _long_away(authority: Authority) -> Iterator[Todo]:
    since = timezone.now() - LONG_AWAY
    away = User.objects.filter(
        Q(last_login=None) | Q(last_login__lt=since),
        memberships__in=Membership.objects.filter(
            Q(started_at=None) | Q(started_at__lt=since), authority=authority, ended_at=None
        ),
    )
    if number := away.distinct().count():
        yield Todo(
            title=ngettext(
                "%(n)s person has not signed in for 90 days", "%(n)s people have not signed in for 90 days", number
            )
            % {"n": number},
            link=_page("people", authority),
            why=_("Do they still work here? End the access of whoever has gone."),
        )


def _page(name: str, authority: Authority) -> str:
    return reverse(f"authorities:{name}", kwargs={"authority": authority.slug})
