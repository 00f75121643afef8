"""Someone of the demonstration's cast at a staff page, and what the page says to them."""

import re

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.authorities.queries import person


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def of_the_cast(role: Role, slug: str = "calderdale-council") -> Client:
    return signed_in(person(f"{role}@{slug}.example"))


def words(response: HttpResponse) -> str:
    """The main part of the page as it is read, without its marks."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
