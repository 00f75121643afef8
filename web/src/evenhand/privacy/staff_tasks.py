"""Staff tasks for open requests about personal data, for the people who may answer them."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import may
from evenhand.modules import StaffTask
from evenhand.privacy.permissions import ANSWER_REQUESTS
from evenhand.privacy.queries import open_requests


def request_tasks(person: User) -> Iterator[StaffTask]:
    today = timezone.localdate()
    authorities = Authority.objects.filter(memberships__user=person, memberships__ended_at=None).distinct()
    for authority in authorities:
        if not may(person, ANSWER_REQUESTS, authority).allowed:
            continue
        for request in open_requests(authority):
            yield StaffTask(
                title=gettext("Answer a request about personal data: %(kind)s") % {"kind": request.heading},
                link=reverse("privacy:request", kwargs={"authority": authority.slug, "request_id": request.id}),
                reason=(
                    gettext("The clock is stopped until the person replies.")
                    if request.due_on is None
                    else gettext("Overdue. The legal time limit is one month.")
                    if request.is_overdue(today)
                    else gettext("The legal time limit is one month.")
                ),
                due=request.due_on,
            )
