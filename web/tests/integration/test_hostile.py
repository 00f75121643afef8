"""Hostile requests to every address: no server error, no data revealed and nothing written.

`make test` sends one to each address as each role. `make test-long` sends twelve thousand, half of them on each kind
of database.

They are sent anonymously and as each role of ANOTHER authority. The seed is fixed, and the addresses come from the URL
configuration, so new addresses are included automatically. test_hostile_bytes.py sends raw bytes to the real server.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.evidence.actions import import_workforce
from evenhand.ledger.models import Entry
from evenhand.notifications.models import Heartbeat
from evenhand.plans import actions as plans
from evenhand.releases import actions as releases
from support.addresses import addresses
from support.authorities import leeds_with_staff
from support.engines import on_postgresql
from support.hostile_requests import SCRIPT, HostileRequest, RequestGenerator, through_wsgi

pytestmark = pytest.mark.usefixtures("in_production")

REPOSITORY = Path(__file__).resolve().parents[3]
CHUNKS, REQUESTS_PER_CHUNK = 24, 500
SECRET_TITLE, SECRET_COUNT = "A secret title", 31_337
ROLES: list[Role | None] = [None, *Role]
PLAN = f"""
format: evenhand-plan/1
authority: calderdale-council
slug: secret-plan
title: {SECRET_TITLE}
status: draft
source: {{title: Example, publisher: Nobody, dated: not dated, read_on: 2026-11-22, rights: none}}
nodes:
  - {{kind: objective, ref: "1", wording: {SECRET_TITLE}}}
"""


@pytest.fixture
def target(calderdale: Authority, by: User, member: Callable[..., User]) -> Authority:
    """Calderdale with a draft plan, a draft publication, unprotected counts and people. None may be revealed."""
    plans.import_plan(PLAN.encode(), by=by, name="plan.yaml")
    counts = (
        f"published,organisation,employees,gender_female\n2031,{calderdale.name},{SECRET_COUNT},{SECRET_COUNT - 7}\n"
    )
    imported = import_workforce(counts.encode(), by=by, name="counts.csv").stored
    releases.draft(
        calderdale, by=by, slug="secret-release", title=SECRET_TITLE, policy_id="council_lt10", snapshots=imported
    )
    for role in Role:
        member(calderdale, role)
    now = timezone.now()  # a live worker, so that /health/ready succeeds
    Heartbeat.objects.create(version="0", started_at=now, beat_at=now + timedelta(hours=1))
    return calderdale


@pytest.fixture
def secrets(target: Authority) -> list[bytes]:
    emails = User.objects.filter(memberships__authority=target).values_list("email", flat=True)
    figures = [str(SECRET_COUNT), f"{SECRET_COUNT:,}", str(SECRET_COUNT - 7)]
    internals = ["Traceback (most recent", str(REPOSITORY), "site-packages", django_settings.SECRET_KEY]
    return [secret.encode() for secret in (SECRET_TITLE, *figures, *emails, *internals)]


def existing_values(target: Authority) -> dict[str, list[str]]:
    """Existing slugs and ids by the names used in the URL patterns; under "" ids of every kind."""
    slugs = {
        model._meta.model_name or "": [str(slug) for slug in model.objects.values_list("slug", flat=True)[:20]]
        for model in apps.get_models()
        if any(field.name == "slug" for field in model._meta.fields)
    }
    ids = [str(pk) for model in apps.get_models() for pk in _ids(model)]
    return slugs | {"authority": [target.slug], "period": ["2031", "2026"], "measure": ["gender"], "": ids}


def _ids(model: type) -> list[UUID]:
    return [pk for pk in model._default_manager.values_list("pk", flat=True)[:5] if isinstance(pk, UUID)]


def client_for(role: Role | None, member: Callable[..., User]) -> Client:
    client = Client(raise_request_exception=False)
    if role is not None:
        leeds = leeds_with_staff()
        client.force_login(member(leeds, role), backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    return client


def send(client: Client, request: HostileRequest) -> HttpResponse:
    fresh = Client(raise_request_exception=False)
    fresh.cookies.update(client.cookies)
    fresh.handler = through_wsgi(fresh.handler)
    return fresh.generic(
        request.method, request.path, request.body, content_type=request.content_type, **request.headers
    )


def problems_in(response: HttpResponse, secrets: list[bytes]) -> Iterator[str]:
    if response.status_code >= 500:
        error = getattr(response, "exc_info", None)
        yield f"{response.status_code} {error[0].__name__ if error else ''}: {error[1] if error else ''}"
    content = b"".join(response.streaming_content) if response.streaming else response.content
    yield from (f"reveals {secret!r}" for secret in secrets if secret in content)
    if SCRIPT.encode() in content and "html" in response.headers.get("Content-Type", ""):
        yield "inserts a script into the page"
    if "X-Injected" in response.headers:
        yield "allows header injection"
    if response.headers.get("Location", "").replace("\\", "/").startswith(("//", "https://evil", "http://evil")):
        yield f"redirects to {response.headers['Location']}"


@pytest.mark.parametrize("role", ROLES)
def test_a_hostile_request_to_each_address(
    target: Authority, secrets: list[bytes], member: Callable[..., User], role: Role | None
) -> None:
    assert send_all(target, secrets, member, role, seed=ROLES.index(role), count=len(addresses())) == []


@pytest.mark.long
@pytest.mark.parametrize("chunk", range(on_postgresql(), CHUNKS, 2))
def test_thousands_of_hostile_requests(
    target: Authority,
    secrets: list[bytes],
    member: Callable[..., User],
    chunk: int,
) -> None:
    role, seed = ROLES[chunk % len(ROLES)], 20_261_125 + chunk
    assert send_all(target, secrets, member, role, seed=seed, count=REQUESTS_PER_CHUNK) == []


def send_all(
    target: Authority,
    secrets: list[bytes],
    member: Callable[..., User],
    role: Role | None,
    *,
    seed: int,
    count: int,
) -> list[str]:
    """Sends the requests as a person with this role at another authority, and returns the problems."""
    client = client_for(role, member)
    problems, entries = [], Entry.objects.count()
    generator = RequestGenerator(seed, addresses(), existing_values(target))
    for request in generator.requests(count):
        response = send(client, request)
        problems += [f"{request}: {problem}" for problem in problems_in(response, secrets)]
        now = Entry.objects.count()
        if now != entries and (response.status_code >= 400 or _entries_by_outsiders(target) != 0):
            problems.append(f"{request}: {response.status_code}, and something was written")
        entries = now
        if role is not None and "_auth_user_id" not in client.session:  # a request signed out or ended its sessions
            client = client_for(None, member)
            client.force_login(User.objects.get(email=f"{role}@leeds-city-council.example"))
    return problems


def _entries_by_outsiders(target: Authority) -> int:
    """Entries about the target written by outsiders. The test's own preparations were written by the operator."""
    return Entry.objects.filter(authority_id=target.id, actor_id__in=_outsiders(target)).count()


def _outsiders(target: Authority) -> list[UUID]:
    return list(
        User.objects.exclude(memberships__authority=target).exclude(is_operator=True).values_list("id", flat=True)
    )


@pytest.mark.long
def test_there_are_ten_thousand_requests_to_every_address(target: Authority) -> None:
    assert CHUNKS * REQUESTS_PER_CHUNK >= 10_000
    requests = [
        request
        for chunk in range(CHUNKS)
        for request in RequestGenerator(chunk, addresses(), {}).requests(REQUESTS_PER_CHUNK)
    ]
    assert {request.route for request in requests} == {address.name for address in addresses()}
    assert len({request.path for request in requests}) > len(requests) / 3


def test_the_same_seed_gives_the_same_requests() -> None:
    first, second = (list(RequestGenerator(7, addresses(), {}).requests(200)) for _ in range(2))
    assert first == second
