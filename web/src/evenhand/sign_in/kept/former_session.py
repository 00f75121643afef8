"""Whose session a browser had before it ended: a signed cookie, which gives no access to anything.

Without it, only a session that expires with the request itself would be known. A session that was ended elsewhere, or
deleted, leaves nothing on the server that says whose it was.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from evenhand.authorities.models import User
from evenhand.sign_in.queries import roles_anywhere

SALT = "evenhand.sign_in.former_session"
RENEWED_AFTER_SECONDS, VALID_FOR_SECONDS = 24 * 60 * 60, 7 * 24 * 60 * 60


def set_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the cookie of a signed-in person, once a day."""
    user = request.user
    if not isinstance(user, User) or _person_id(request, RENEWED_AFTER_SECONDS) == str(user.pk):
        return
    response.set_cookie(
        settings.EVENHAND_FORMER_SESSION_COOKIE_NAME,
        signing.dumps(str(user.pk), salt=SALT),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def former_person(request: HttpRequest) -> User | None:
    """The person whose session ended with this request or earlier, if they can still sign in."""
    person = getattr(request, "expired_person", None)
    if person is None and (person_id := _person_id(request, VALID_FOR_SECONDS)):
        person = User.objects.filter(pk=person_id, is_active=True).first()
    return person if person is not None and roles_anywhere(person) else None


def _person_id(request: HttpRequest, max_age: int) -> str | None:
    try:
        value = request.COOKIES[settings.EVENHAND_FORMER_SESSION_COOKIE_NAME]
        return str(signing.loads(value, salt=SALT, max_age=max_age))
    except (KeyError, signing.BadSignature):
        return None
