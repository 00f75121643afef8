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
    request = requests(authority).filter(id=request_id).first()
    if request is None:
        raise Http404("This authority has no such request.")
    return request


def own_requests(person: User) -> QuerySet[Request]:
    return Request.objects.filter(person=person).select_related("authority")


def current_and_former_staff(authority: Authority) -> QuerySet[User]:
    """Everyone who works or worked for the authority and has not been erased."""
    people = User.objects.filter(memberships__authority=authority, is_operator=False)
    return people.exclude(email__endswith="@erased.invalid").distinct().order_by("name")


def authorities_of(person: User) -> QuerySet[Authority]:
    """Where the person works or worked."""
    return Authority.objects.filter(memberships__user=person).distinct()


def objections(authority: Authority) -> QuerySet[Objection]:
    return Objection.objects.filter(authority=authority)


def objectors(authority: Authority) -> frozenset[str]:
    """The pseudonyms of everyone who objects, to be left out of any analysis of individual records.

    The evidence at present is counts that do not identify anyone, so nothing is left out of it.
    """
    return frozenset(objections(authority).filter(withdrawn_on=None).values_list("pseudonym", flat=True))


def erasures_to_wipe() -> QuerySet[Erasure]:
    """Erasures whose deleted data may still be in the free space of the database."""
    return Erasure.objects.filter(wiped_at=None)


def leavers(days: int) -> list[User]:
    """People whose access ended more than this many days ago, and who have not been erased."""
    before = timezone.now() - timedelta(days=days)
    return list(User.objects.filter(left_at__lt=before).exclude(email__endswith="@erased.invalid"))


def overdue(authority: Authority, today: date) -> QuerySet[Request]:
    return open_requests(authority).filter(due_on__lt=today)
