"""Test clients signed in as staff of the demonstration, and the text of the pages that they see."""

import re

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.authorities.queries import person as person_by_email
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY


def client_for(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def cast_client(role: Role, slug: str = EXAMPLE_AUTHORITY) -> Client:
    return client_for(person_by_email(f"{role}@{slug}.example"))


def main_text(response: HttpResponse) -> str:
    """Return the text of the main part of the page, without tags."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
