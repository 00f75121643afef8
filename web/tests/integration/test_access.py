"""Every address × every role × own, parent, member and other authority, and a stranger. A new address needs a line.

On PostgreSQL, once more, with the roles of the own authority, who see the most: who may is decided above the database.
"""

from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from access import authorities, evidence, ledger, operations, plans, privacy, public, releases, sign_in
from access.rules import ANYONE, SIGNED_IN, Rule, Who
from engines import on_postgresql
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, User

RULES: dict[str, Rule] = {
    name: rule
    for table in (public, authorities, ledger, evidence, releases, plans, privacy, sign_in, operations)
    for name, rule in table.RULES.items()
}
OWN, PARENT, MEMBER, OTHER, STRANGER = "own", "parent", "member", "other", "stranger"
WORKING_FOR = (OWN,) if on_postgresql() else (OWN, PARENT, MEMBER, OTHER)
VISITORS = [(where, role) for where in WORKING_FOR for role in Role] + [(STRANGER, None)]


@cache
def addresses() -> frozenset[str]:
    return frozenset(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern.url_patterns, inner)
        else:
            assert pattern.name, f"{namespace}{pattern.pattern} has no name, so no line of the tables can be about it"
            yield f"{namespace}{pattern.name}"


def test_every_address_has_a_line() -> None:
    assert addresses() - RULES.keys() == set(), "say in web/tests/access/ who may open these"
    assert RULES.keys() - addresses() == set(), "these addresses are no more"


@pytest.fixture
def bodies(db) -> dict[str, Authority]:
    """Calderdale, which has drafts, given a body above it and one below it, so that neither sees into it."""
    own, parent, member, other = (
        Authority.objects.get(slug=slug)
        for slug in (
            "calderdale-council",
            "liverpool-city-region-combined-authority",
            "liverpool-city-council",
            "leeds-city-council",
        )
    )
    Authority.objects.filter(id=own.id).update(parent=parent)
    Authority.objects.filter(id=member.id).update(parent=own)
    return {OWN: own, PARENT: parent, MEMBER: member, OTHER: other}


def visitor(bodies: dict[str, Authority], where: str, role: Role | None) -> Client:
    client = Client()
    if role is not None:
        person = User.objects.create_user(f"{role}@{where}.example", f"The {role}")
        Membership.objects.create(authority=bodies[where], user=person, role=role)
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def _again(client: Client) -> Client:
    """The same person with a session that no form before has ended."""
    fresh = Client()
    fresh.cookies.update(client.cookies)
    return fresh


def expected(rule: Rule, who: Who, where: str, role: Role | None) -> str:
    """opens, sign in, refused or absent."""
    if who == ANYONE:
        return "opens"
    if where == STRANGER:
        return "sign in"
    if who == SIGNED_IN:
        return "opens"
    if where != OWN:
        return "absent"
    return "opens" if role in who else "refused"


def outcome(response: HttpResponse, rule: Rule) -> str:
    if response.status_code == 302 and response["Location"].startswith(resolve_url(settings.LOGIN_URL)):
        return "sign in"
    return {403: "refused", rule.elsewhere: "absent"}.get(response.status_code, "opens")


@pytest.mark.parametrize(("where", "role"), VISITORS)
def test_opening_it(bodies: dict[str, Authority], where: str, role: Role | None) -> None:
    client = visitor(bodies, where, role)
    wrong = []
    for name, rule in sorted(RULES.items()):
        wanted = expected(rule, rule.posts if rule.only_posts else rule.opens, where, role)
        response = client.get(rule.at(bodies[OWN]))
        found = outcome(response, rule)
        answers = frozenset({405}) if rule.only_posts else rule.answers
        if not (response.status_code in answers if wanted == "opens" else found == wanted):
            wrong.append(f"{name}: {response.status_code} ({found}), wanted {wanted}")
    assert wrong == []


@pytest.mark.parametrize(("where", "role"), VISITORS)
def test_sending_a_form_to_it(bodies: dict[str, Authority], where: str, role: Role | None) -> None:
    """Empty, so that whoever may send it is told what is missing, and nothing changes between two addresses."""
    person = visitor(bodies, where, role)
    wrong = []
    for name, rule in sorted(RULES.items()):
        with transaction.atomic():
            response = _again(person).post(rule.at(bodies[OWN]))
            transaction.set_rollback(True)
        if rule.posts == frozenset():
            allowed = rule.opens == ANYONE or expected(rule, rule.opens, where, role) == "opens"
            if allowed and response.status_code != 405:
                wrong.append(f"{name}: {response.status_code}, wanted 405")
            continue
        wanted, found = expected(rule, rule.posts, where, role), outcome(response, rule)
        if found != wanted or response.status_code >= 500:
            wrong.append(f"{name}: {response.status_code} ({found}), wanted {wanted}")
    assert wrong == []
