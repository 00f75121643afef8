"""Every address × every role × own, parent, member and other authority, and a visitor. Each address needs a rule.

`make test` sends the requests whose results can differ. People from another authority have all roles there at once,
because no role may give them access. Addresses that are not for certain roles are tested with a visitor and one
member of staff. `make test-long` sends every request. On PostgreSQL it has only the roles of the own authority, because
permissions do not depend on the database.
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

from access.all_rules import RULES
from access.rules import ANYONE, SIGNED_IN, Audience, Rule
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, User
from support.authorities import exampleton
from support.engines import on_postgresql
from support.tables import access_file, access_files, assert_complete

Roles = tuple[Role, ...]
OWN, PARENT, MEMBER, OTHER, VISITOR = "own", "parent", "member", "other", "visitor"
EMPLOYERS = (OWN,) if on_postgresql() else (OWN, PARENT, MEMBER, OTHER)
EVERY_USER = [(where, (role,)) for where in EMPLOYERS for role in Role] + [(VISITOR, ())]
OWN_USERS = [(OWN, (role,)) for role in Role]
USERS = [*OWN_USERS, *((where, tuple(Role)) for where in (PARENT, MEMBER, OTHER)), (VISITOR, ())]
OPENS_ANY_PAGE = ((OWN, (Role.ANALYST,)), (VISITOR, ()))
# On PostgreSQL every page is opened once, because its queries may fail there.
OPENING = [pytest.param(*user, marks=pytest.mark.both_databases if user[0] in (OWN, VISITOR) else ()) for user in USERS]


@cache
def addresses() -> frozenset[str]:
    return frozenset(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern.url_patterns, inner)
        else:
            assert pattern.name, f"{namespace}{pattern.pattern} needs a name and a rule in web/tests/access/"
            yield f"{namespace}{pattern.name}"


def test_every_address_has_a_rule() -> None:
    required = {name: access_file(name.partition(":")[0]) for name in addresses()}
    assert_complete("RULES", access_files(), RULES, required)


@pytest.fixture
def bodies(db) -> dict[str, Authority]:
    """The invented council, which has drafts, with its parent, a member and another authority."""
    own = exampleton()
    member, other = (
        Authority.objects.create(
            slug=f"{name.lower()}-invented",
            name=f"{name} (invented)",
            area_code="X00000009",
            area_name="Nowhere (invented)",
            invented=True,
            parent=parent,
        )
        for name, parent in (("Member", own), ("Other", None))
    )
    return {OWN: own, PARENT: own.parent, MEMBER: member, OTHER: other}


def client_of(bodies: dict[str, Authority], where: str, roles: Roles) -> Client:
    client = Client()
    if roles:
        person = User.objects.create_user(f"someone@{where}.example", "Someone", invented=True)
        for role in roles:
            Membership.objects.create(authority=bodies[where], user=person, role=role)
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def _new_client(client: Client) -> Client:
    """The same session in a new client: forms such as sign-out end the session of the client that posts them."""
    copy = Client()
    copy.cookies.update(client.cookies)
    return copy


def expected_outcome(rule: Rule, allowed: Audience, where: str, roles: Roles) -> str:
    """One of “opens”, “sign in”, “refused” and “absent”."""
    if allowed == ANYONE:
        return "opens"
    if where == VISITOR:
        return "sign in"
    if allowed == SIGNED_IN:
        return "opens"
    if where != OWN:
        return "absent"
    return "opens" if allowed.intersection(roles) else "refused"


def outcome(response: HttpResponse, rule: Rule) -> str:
    if response.status_code == 302 and response["Location"].startswith(resolve_url(settings.LOGIN_URL)):
        return "sign in"
    return {403: "refused", rule.elsewhere: "absent"}.get(response.status_code, "opens")


def rules_for(where: str, roles: Roles) -> dict[str, Rule]:
    """The addresses that are for certain roles; for two of the users all addresses."""
    if (where, roles) in OPENS_ANY_PAGE:
        return RULES
    return {name: rule for name, rule in RULES.items() if isinstance(rule.opens, frozenset)}


def _id(value: str | Roles) -> str:
    return value if isinstance(value, str) else "all roles" if len(value) > 1 else "".join(value)


@pytest.mark.parametrize(("where", "roles"), OPENING, ids=_id)
def test_opening_each_address(bodies: dict[str, Authority], where: str, roles: Roles) -> None:
    assert wrong_results_of_opening(rules_for(where, roles), bodies, where, roles) == []


@pytest.mark.parametrize(("where", "roles"), USERS, ids=_id)
def test_posting_to_each_address(bodies: dict[str, Authority], where: str, roles: Roles) -> None:
    assert wrong_results_of_posting(rules_for(where, roles), bodies, where, roles) == []


@pytest.mark.long
@pytest.mark.parametrize(("where", "roles"), EVERY_USER, ids=_id)
def test_opening_every_address(bodies: dict[str, Authority], where: str, roles: Roles) -> None:
    assert wrong_results_of_opening(RULES, bodies, where, roles) == []


@pytest.mark.long
@pytest.mark.parametrize(("where", "roles"), EVERY_USER, ids=_id)
def test_posting_to_every_address(bodies: dict[str, Authority], where: str, roles: Roles) -> None:
    assert wrong_results_of_posting(RULES, bodies, where, roles) == []


def wrong_results_of_opening(
    rules: dict[str, Rule], bodies: dict[str, Authority], where: str, roles: Roles
) -> list[str]:
    client = client_of(bodies, where, roles)
    failures = []
    for name, rule in sorted(rules.items()):
        expected = expected_outcome(rule, rule.posts if rule.only_posts else rule.opens, where, roles)
        response = client.get(rule.at(bodies[OWN]))
        result = outcome(response, rule)
        statuses = frozenset({405}) if rule.only_posts else rule.statuses
        if not (response.status_code in statuses if expected == "opens" else result == expected):
            failures.append(f"{name}: {response.status_code} ({result}), expected {expected}")
    return failures


def wrong_results_of_posting(
    rules: dict[str, Rule], bodies: dict[str, Authority], where: str, roles: Roles
) -> list[str]:
    """The form is empty, so that an allowed user gets errors and nothing changes from one address to the next."""
    client = client_of(bodies, where, roles)
    failures = []
    for name, rule in sorted(rules.items()):
        with transaction.atomic():
            response = _new_client(client).post(rule.at(bodies[OWN]))
            transaction.set_rollback(True)
        if rule.posts == frozenset():
            allowed = rule.opens == ANYONE or expected_outcome(rule, rule.opens, where, roles) == "opens"
            if allowed and response.status_code != 405:
                failures.append(f"{name}: {response.status_code}, expected 405")
            continue
        expected, result = expected_outcome(rule, rule.posts, where, roles), outcome(response, rule)
        if result != expected or response.status_code >= 500:
            failures.append(f"{name}: {response.status_code} ({result}), expected {expected}")
    return failures
