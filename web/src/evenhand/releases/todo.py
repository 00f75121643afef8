"""Which publications wait for a person: each for the step that comes next, and only for those who may take it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from evenhand.authorities.models import User
from evenhand.authorities.queries import authorities_of
from evenhand.authorities.todo import Todo
from evenhand.releases.enums import State
from evenhand.releases.models import Release
from evenhand.releases.permissions import may_take, steps_from


def publications_waiting(person: User) -> Iterator[Todo]:
    """Oldest first. One query for all of them, and for each what it takes to know whether the person may."""
    underway = Release.objects.exclude(state=State.PUBLISHED).filter(authority__in=authorities_of(person))
    for release in underway.select_related("authority").order_by("drafted_at"):
        step = steps_from(State(release.state))[0]
        if may_take(step, release, by=person).allowed:
            link = reverse("releases:publication", args=[release.authority.slug, release.slug])
            yield Todo(_title(step) % {"title": release.title}, link, f"{release.authority}: {_why(step)}")


def _title(step: str) -> str:
    return {
        "protect": _("Protect “%(title)s”"),
        "check": _("Check “%(title)s”"),
        "approve": _("Decide whether to approve “%(title)s”"),
        "publish": _("Publish “%(title)s”"),
    }[step]


def _why(step: str) -> str:
    return {
        "protect": _("it is begun, and nothing in it is hidden yet."),
        "check": _("it is protected, and nobody has tried to work out what is hidden."),
        "approve": _("it is protected and checked, and waits for an approver."),
        "publish": _("it is approved, and not out yet."),
    }[step]
