from collections.abc import Sequence

from django.contrib.auth.hashers import make_password

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.ledger.actions import Subject, recording


class NotADemonstration(Exception):
    """The authority is real. Its staff are invited and choose their own passwords."""


def set_pass_phrase(authorities: Sequence[Authority], *, by: User, phrase: str) -> int:
    """Set the same pass phrase for all staff of invented authorities. Return the number of people.

    The phrase is hashed only once, because hashing is slow by design.
    """
    may(by, MANAGE_AUTHORITY, None).require()
    if real := [authority for authority in authorities if not (authority.demonstration and authority.invented)]:
        raise NotADemonstration(
            f"{real[0]} is not an invented authority of the demonstration, "
            "so its staff cannot be given a known pass phrase."
        )
    password, people = make_password(phrase), 0
    for authority in authorities:
        subject = Subject("authority", authority.id, authority.id)
        with recording("demonstration.let_in", on=subject, by=by) as change:
            staff = User.objects.filter(memberships__authority=authority, is_operator=False)
            updated = User.objects.filter(id__in=staff.values("id")).update(password=password)
            change.after = {"people": updated}
            people += updated
    return people
