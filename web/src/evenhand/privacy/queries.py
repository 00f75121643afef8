from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from evenhand.authorities.models import Authority, User
from evenhand.privacy.models import Erasure, Objection, Request


def requests(authority: Authority) -> QuerySet[Request]:
    return Request.objects.filter(authority=authority).select_related("person", "answered_by", "authority")


def open_requests(authority: Authority) -> QuerySet[Request]:
    return requests(authority).filter(closed_at=None)


def request_or_404(authority: Authority, request_id: UUID) -> Request:
    found = requests(authority).filter(id=request_id).first()
    if found is None:
        raise Http404("No such request at this authority.")
    return found


def own_requests(person: User) -> QuerySet[Request]:
    return Request.objects.filter(person=person).select_related("authority")


def people_of(authority: Authority) -> QuerySet[User]:
    """Whoever works or worked for the authority, and has not been erased."""
    found = User.objects.filter(memberships__authority=authority, is_operator=False)
    return found.exclude(email__endswith="@erased.invalid").distinct().order_by("name")


def authorities_of(person: User) -> QuerySet[Authority]:
    """Where the person works or worked."""
    return Authority.objects.filter(memberships__user=person).distinct()


def objections(authority: Authority) -> QuerySet[Objection]:
    return Objection.objects.filter(authority=authority)


def objectors(authority: Authority) -> frozenset[str]:
    """The pseudonym of everybody who objects: an analysis of rows about people leaves them out.

    The evidence of today is counts, in which nobody can be found, so that nothing is left out of it.
    """
    return frozenset(objections(authority).filter(withdrawn_on=None).values_list("pseudonym", flat=True))


def unwiped() -> QuerySet[Erasure]:
    """Erasures whose traces may still stand in the free space of the database."""
    return Erasure.objects.filter(wiped_at=None)


def leavers(days: int) -> list[User]:
    """People whose access ended so many days ago, and who have not been erased."""
    before = timezone.now() - timedelta(days=days)
    return list(User.objects.filter(left_at__lt=before).exclude(email__endswith="@erased.invalid"))


def overdue(authority: Authority, today: date) -> QuerySet[Request]:
    return open_requests(authority).filter(due_on__lt=today)
