"""Tasks on publications: the next step of each one, for the people who may take it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from evenhand.authorities.models import User
from evenhand.authorities.queries import authorities_of
from evenhand.modules import StaffTask
from evenhand.releases.enums import ReleaseState
from evenhand.releases.models import Release
from evenhand.releases.permissions import may_take, steps_from


def release_tasks(person: User) -> Iterator[StaffTask]:
    """Oldest first. One query for all publications, and further queries for each one to check permissions."""
    unpublished = Release.objects.exclude(state=ReleaseState.PUBLISHED).filter(authority__in=authorities_of(person))
    for release in unpublished.select_related("authority").order_by("drafted_at"):
        step = steps_from(ReleaseState(release.state))[0]
        if may_take(step, release, by=person).allowed:
            link = reverse("releases:publication", args=[release.authority.slug, release.slug])
            yield StaffTask(_title(step) % {"title": release.title}, link, f"{release.authority}: {_explanation(step)}")


def _title(step: str) -> str:
    return {
        "protect": _("Protect “%(title)s”"),
        "check": _("Check “%(title)s”"),
        "approve": _("Decide whether to approve “%(title)s”"),
        "publish": _("Publish “%(title)s”"),
    }[step]


def _explanation(step: str) -> str:
    return {
        "protect": _("the draft has not been protected."),
        "check": _("it is protected but has not been checked."),
        "approve": _("it is protected and checked, and needs approval."),
        "publish": _("it is approved but not published."),
    }[step]
