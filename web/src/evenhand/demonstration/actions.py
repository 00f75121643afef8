from collections.abc import Sequence

from django.contrib.auth.hashers import make_password

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.ledger.actions import Subject, recording


class NotADemonstration(Exception):
    """The authority is a real one: its people are invited, and choose their own passwords."""


def let_in(authorities: Sequence[Authority], *, by: User, phrase: str) -> int:
    """Give the cast of these demonstration authorities one pass phrase. Returns how many people can sign in by it.

    It is worked into a hash once and not for each of them: a hash is slow on purpose.
    """
    may(by, Permission.MANAGE_AUTHORITY, None).require()
    if real := [each for each in authorities if not each.demonstration]:
        raise NotADemonstration(f"{real[0]} is not a demonstration: nobody there is given a known pass phrase.")
    hashed, people = make_password(phrase), 0
    for authority in authorities:
        about = Subject("authority", authority.id, authority.id)
        with recording("demonstration.let_in", on=about, by=by) as change:
            cast = User.objects.filter(memberships__authority=authority, is_operator=False)
            let = User.objects.filter(id__in=cast.values("id")).update(password=hashed)
            change.after = {"people": let}
            people += let
    return people
