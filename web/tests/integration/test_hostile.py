"""Twelve thousand hostile requests over every address: no fault of ours, nothing given away, nothing written.

Half of them on each kind of database.

Signed out, and as each role of ANOTHER authority. With a fixed seed, and from the URL configuration: a new address is
in here without being told of. Raw bytes against the real server: test_hostile_bytes.py.
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

from addresses import addresses
from engines import on_postgresql
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.evidence.actions import import_workforce
from evenhand.ledger.models import Entry
from evenhand.notifications.models import Heartbeat
from evenhand.plans import actions as plans
from evenhand.releases import actions as releases
from hostility import SCRIPT, Hostile, Maker, as_served

REPOSITORY = Path(__file__).resolve().parents[3]
CHUNKS, EACH = 24, 500
SECRET_TITLE, SECRET_COUNT = "A title that nobody knows", 31_337
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
    """Calderdale, with a draft plan, a draft publication, unprotected counts and people, none of which may get out."""
    plans.import_plan(PLAN.encode(), by=by, name="plan.yaml")
    counts = (
        f"published,organisation,employees,gender_female\n2031,{calderdale.name},{SECRET_COUNT},{SECRET_COUNT - 7}\n"
    )
    held = import_workforce(counts.encode(), by=by, name="counts.csv").stored
    releases.draft(
        calderdale, by=by, slug="secret-release", title=SECRET_TITLE, policy_id="council_lt10", snapshots=held
    )
    for role in Role:
        member(calderdale, role)
    now = timezone.now()  # a worker that lives throughout, so that /health/ready has nothing to complain of
    Heartbeat.objects.create(version="0", started_at=now, beat_at=now + timedelta(hours=1))
    return calderdale


@pytest.fixture
def secrets_of(target: Authority) -> list[bytes]:
    emails = User.objects.filter(memberships__authority=target).values_list("email", flat=True)
    figures = [str(SECRET_COUNT), f"{SECRET_COUNT:,}", str(SECRET_COUNT - 7)]
    machine = ["Traceback (most recent", str(REPOSITORY), "site-packages", django_settings.SECRET_KEY]
    return [each.encode() for each in (SECRET_TITLE, *figures, *emails, *machine)]


def known(target: Authority) -> dict[str, list[str]]:
    """Slugs and ids of what is there, by the names that addresses give them; under "" every id of the database."""
    slugs = {
        model._meta.model_name or "": [str(each) for each in model.objects.values_list("slug", flat=True)[:20]]
        for model in apps.get_models()
        if any(field.name == "slug" for field in model._meta.fields)
    }
    ids = [str(each) for model in apps.get_models() for each in _ids(model)]
    return slugs | {"authority": [target.slug], "period": ["2031", "2026"], "measure": ["gender"], "": ids}


def _ids(model: type) -> list[UUID]:
    return [each for each in model._default_manager.values_list("pk", flat=True)[:5] if isinstance(each, UUID)]


def visitor(role: Role | None, member: Callable[..., User]) -> Client:
    client = Client(raise_request_exception=False)
    if role is not None:
        leeds = Authority.objects.get(slug="leeds-city-council")
        client.force_login(member(leeds, role), backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    return client


def sent(client: Client, request: Hostile) -> HttpResponse:
    fresh = Client(raise_request_exception=False)
    fresh.cookies.update(client.cookies)
    fresh.handler = as_served(fresh.handler)
    return fresh.generic(
        request.method, request.path, request.body, content_type=request.content_type, **request.headers
    )


def faults_of(response: HttpResponse, hidden: list[bytes]) -> Iterator[str]:
    if response.status_code >= 500:
        told = getattr(response, "exc_info", None)
        yield f"{response.status_code} {told[0].__name__ if told else ''}: {told[1] if told else ''}"
    content = b"".join(response.streaming_content) if response.streaming else response.content
    yield from (f"gives away {each!r}" for each in hidden if each in content)
    if SCRIPT.encode() in content and "html" in response.headers.get("Content-Type", ""):
        yield "writes a script into the page"
    if "X-Injected" in response.headers:
        yield "lets a header in"
    if response.headers.get("Location", "").replace("\\", "/").startswith(("//", "https://evil", "http://evil")):
        yield f"leads to {response.headers['Location']}"


@pytest.mark.parametrize("chunk", range(on_postgresql(), CHUNKS, 2))
def test_hostile_requests(
    target: Authority,
    secrets_of: list[bytes],
    member: Callable[..., User],
    chunk: int,
) -> None:
    role = ROLES[chunk % len(ROLES)]
    client = visitor(role, member)
    wrong, entries = [], Entry.objects.count()
    for request in Maker(20_261_125 + chunk, addresses(), known(target)).requests(EACH):
        response = sent(client, request)
        wrong += [f"{request}: {fault}" for fault in faults_of(response, secrets_of)]
        now = Entry.objects.count()
        if now != entries and (response.status_code >= 400 or _of(target) != 0):
            wrong.append(f"{request}: {response.status_code}, and something was written")
        entries = now
        if role is not None and "_auth_user_id" not in client.session:  # it signed itself out, or ended its sessions
            client = visitor(None, member)
            client.force_login(User.objects.get(email=f"{role}@leeds-city-council.example"))
    assert wrong == []


def _of(target: Authority) -> int:
    """Entries about the target since this test began to send: its own preparations were written by the operator."""
    return Entry.objects.filter(authority_id=target.id, actor_id__in=_strangers(target)).count()


def _strangers(target: Authority) -> list[UUID]:
    return list(
        User.objects.exclude(memberships__authority=target).exclude(is_operator=True).values_list("id", flat=True)
    )


def test_there_are_ten_thousand_and_every_address_is_among_them(target: Authority) -> None:
    assert CHUNKS * EACH >= 10_000
    made = [each for chunk in range(CHUNKS) for each in Maker(chunk, addresses(), {}).requests(EACH)]
    assert {each.route for each in made} == {each.name for each in addresses()}
    assert len({each.path for each in made}) > len(made) / 3


def test_the_same_seed_makes_the_same_requests() -> None:
    one, other = (list(Maker(7, addresses(), {}).requests(200)) for _ in range(2))
    assert one == other
