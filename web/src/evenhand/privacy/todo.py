"""What the staff home says of people's requests: each open one, to those who may answer it, with its day."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.todo import Todo
from evenhand.privacy.queries import open_requests


def requests_to_answer(person: User) -> Iterator[Todo]:
    today = timezone.localdate()
    here = Authority.objects.filter(memberships__user=person, memberships__ended_at=None).distinct()
    for authority in here:
        if not may(person, Permission.ANSWER_REQUESTS, authority).allowed:
            continue
        for request in open_requests(authority):
            late = request.is_overdue(today)
            yield Todo(
                title=gettext("A person asks: %(what)s") % {"what": request.get_kind_display()},
                link=reverse("privacy:request", kwargs={"authority": authority.slug, "request_id": request.id}),
                why=gettext("It is overdue: the law gives one month.") if late else gettext("The law gives one month."),
                due=request.due_on,
            )
