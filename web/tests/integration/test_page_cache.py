"""The page cache: what it answers is what the site would answer without it, and drafts do not touch it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.utils import timezone

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import Authority, User
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY
from evenhand.evidence.queries import snapshots
from evenhand.ledger import checkpoints
from evenhand.ledger.actions import Subject, recording
from evenhand.modules import ChangedPages, registry
from evenhand.page_cache import changes, pages, store
from evenhand.page_cache.models import PageCounter
from evenhand.page_cache.pages import cached_page
from evenhand.plans import actions as plans
from evenhand.plans.models import Plan
from evenhand.privacy import actions as privacy
from evenhand.public import versions
from evenhand.records.identity import new_id
from evenhand.releases import actions as releases
from evenhand.releases.models import Release
from integration.test_pages import PAGES, C
from support.authorities import leeds_with_staff

EXAMPLE_PLAN = Path(__file__).parents[3] / "docs" / "examples" / "complete-plan.yaml"
LEEDS = "/authorities/leeds-city-council/"
ADDRESSES = (*PAGES.values(), "/?groups=all", LEEDS, f"{LEEDS}record/", f"{C}plans/example-objectives-2026-2030/")
SEARCHED = "/authorities/?q=leeds"
UNCACHED = {"authorization": "None"}  # such a request is always answered without the cache
CACHED_VIEWS = {"home", "authorities", "authority", "plan", "measure", "measure_period", "publication"} | {
    "publication_period",
    "figures",
    "certificate",
    "record",
    "record_checkpoint",
    "methods",
    "sources",
    "accessibility",
    "worked_example",
}


@pytest.fixture
def hits(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each read of the store found a page."""
    reads: list[bool] = []
    read = store.read

    def recorded_read(key: str) -> store.StoredPage | None:
        page = read(key)
        reads.append(page is not None)
        return page

    monkeypatch.setattr(store, "read", recorded_read)
    return reads


@pytest.fixture
def stored_keys(settings) -> Callable[[], int]:
    return lambda: len(list(Path(settings.CACHES["pages"]["LOCATION"]).glob("*")))


def counters() -> dict[object, int]:
    return dict(PageCounter.objects.values_list("scope", "number"))


def contents(client: Client, **headers: str) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    """The status, bytes and headers of every public address."""
    answers = {}
    for address in (*ADDRESSES, SEARCHED):
        response = client.get(address, headers=headers)
        kept = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
        answers[address] = (response.status_code, response.content, kept)
    return answers


def draft_plan(by: User) -> Plan:
    """A plan of Calderdale that nobody has published."""
    text = EXAMPLE_PLAN.read_text(encoding="utf-8").replace(
        "authority: exampleton-council", "authority: calderdale-council"
    )
    return plans.import_plan(text.encode(), by=by, name="plan.yaml").plan


def someone_who_left(by: User, authority: Authority) -> User:
    person = authorities.add_member(
        authority, by=by, email="leaver@example.org", name="Ada Leaver", role=Role.VIEWER
    ).user
    authorities.end_access(person, authority, by=by, reason="left")
    return person


@pytest.mark.parametrize(("name", "address"), PAGES.items())
def test_a_cached_page_has_the_bytes_and_headers_of_the_page(
    client: Client, calderdale: Authority, hits: list[bool], name: str, address: str
) -> None:
    checkpoints.latest(calderdale.id)  # signed when the record is first opened, which changes the record
    made, cached, head = client.get(address), client.get(address), client.head(address)
    without = client.get(address, headers=UNCACHED)
    assert hits == ([False, True, True] if name in CACHED_VIEWS else [])
    assert made.content == cached.content == without.content
    for response in (made, cached, head, without):
        response.headers.pop("X-Request-ID")
    assert made.headers == cached.headers == without.headers
    assert "Cookie" in cached.headers["Vary"]
    assert (head.status_code, head.content) == (200, b"")
    unchanged = client.get(address, headers={"if-none-match": made.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def actions_one_by_one(by: User, calderdale: Authority, leeds: Authority, fresh: Release) -> Iterator[str]:
    """Everything that changes public pages, and drafts in between."""
    plans.publish(draft_plan(by), by=by)
    yield "plan published"
    version = calderdale.version
    calderdale = authorities.change_details(
        calderdale,
        by=by,
        version=version,
        name="Calderdale Metropolitan Council",
        kind=Kind.METROPOLITAN_DISTRICT,
        area_code="E08000033",
        area_name="Calder Dale",
    )
    yield "details changed"
    for step in (releases.protect, releases.check, releases.approve):
        step(fresh, by=by)
    yield "release approved"
    releases.publish(fresh, by=by)
    yield "release published"
    checkpoints.issue(calderdale.id)
    yield "statement signed"
    added = authorities.add(
        by=by, slug="new-body", name="New Body", kind=Kind.UNITARY_AUTHORITY, area_code="E06000001", area_name="New"
    )
    yield "authority added"
    authorities.join(leeds, by=by, parent=added)
    yield "joined"
    authorities.record_succession(calderdale, added, by=by, on=date(2026, 4, 1), breaks="everything")
    yield "succession"
    authorities.close(calderdale, by=by, on=timezone.localdate() - timedelta(days=1), reason="merged")
    yield "closed"
    authorities.move(calderdale, by=by, slug="calderdale", reason="shorter")
    yield "moved"
    privacy.erase(someone_who_left(by, leeds), by=by, reason="asked")
    yield "erased"


def test_after_each_action_the_cached_site_is_the_site(
    client: Client, by: User, calderdale: Authority, fresh: Release
) -> None:
    leeds = leeds_with_staff()
    contents(client)  # every page is cached from before
    before = contents(client, **UNCACHED)
    changing = set()
    for step in actions_one_by_one(by, calderdale, leeds, fresh):
        uncached = contents(client, **UNCACHED)
        for _made_or_cached in range(2):
            cached = contents(client)
            assert {address for address in cached if cached[address] != uncached[address]} == set(), step
        if uncached != before:
            changing.add(step)
        before = uncached
    assert changing == {
        "plan published",
        "details changed",
        "release published",
        "statement signed",
        "authority added",
        "joined",
        "succession",
        "closed",
        "moved",
    }


def test_drafts_change_no_public_byte_and_no_counter(
    client: Client, by: User, calderdale: Authority, hits: list[bool]
) -> None:
    contents(client)
    before, cached_before = counters(), contents(client)
    drafted = releases.draft(
        calderdale,
        by=by,
        slug="a-draft",
        title="A draft",
        policy_id="council_lt10",
        snapshots=snapshots(calderdale)[:1],
    )
    releases.protect(drafted, by=by)
    releases.reopen(drafted, by=by, reason="again")
    folder = resources.files("evenhand.demonstration").joinpath("plans", "made-up-example.yaml")
    text = folder.read_text(encoding="utf-8").replace("slug: made-up-example", "slug: another-draft")
    assert not plans.import_plan(text.encode(), by=by, name="another.yaml").already_stored
    authorities.add_unit(calderdale, by=by, name="A unit")
    assert counters() == before
    hits.clear()
    assert contents(client) == cached_before
    assert hits.count(False) == 1  # the draft plan, whose address shows a page not found


def test_an_erasure_raises_the_counter_and_removes_stored_pages(
    client: Client, by: User, calderdale: Authority, stored_keys: Callable[[], int], django_capture_on_commit_callbacks
) -> None:
    leaver = someone_who_left(by, calderdale)
    client.get("/")
    before = counters()
    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase(leaver, by=by, reason="asked")
    assert sum(counters().values()) > sum(before.values())
    assert stored_keys() == 0


def test_a_publication_leaves_the_pages_of_other_authorities_cached(
    client: Client, by: User, calderdale: Authority, hits: list[bool]
) -> None:
    addresses = (C, LEEDS, "/")
    for address in addresses:
        client.get(address)
    hits.clear()
    plans.publish(draft_plan(by), by=by)
    for address in addresses:
        client.get(address)
    assert hits == [False, True, False]


def test_a_description_of_a_data_set_is_public_once_its_figures_are(calderdale: Authority) -> None:
    dataset_id = snapshots(calderdale)[0].dataset_id
    assert changes.pages_changed("evidence.describe", dataset_id) == {ChangedPages.OF_THE_AUTHORITY}
    assert changes.pages_changed("evidence.describe", new_id()) == set()


def test_a_change_that_is_rolled_back_raises_no_counter(by: User, calderdale: Authority) -> None:
    before = counters()
    with transaction.atomic():
        with recording("plans.publish", by=by, on=Subject("plan", new_id(), calderdale.id)) as change:
            change.after = {}
        assert counters() != before
        transaction.set_rollback(True)
    assert counters() == before


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "messages", "django_language"])
def test_a_visitor_with_a_cookie_of_the_site_is_not_answered_from_the_cache(
    client: Client, db, hits: list[bool], cookie: str
) -> None:
    client.cookies[cookie] = "x"
    client.get("/")
    assert hits == []


def test_a_cookie_of_another_site_makes_no_difference(client: Client, db, hits: list[bool]) -> None:
    client.get("/")
    client.cookies["_ga"] = "GA1.2"
    assert client.get("/").content
    assert hits == [False, True]


def test_a_signed_in_page_is_never_stored_nor_cached(
    client: Client, db, hits: list[bool], stored_keys: Callable[[], int]
) -> None:
    staff = Client()
    staff.force_login(User.objects.get(email=f"officer@{EXAMPLE_AUTHORITY}.example"))
    signed_in = staff.get("/")
    assert b"Your work" in signed_in.content
    assert (hits, stored_keys()) == ([], 0)
    assert b"Your work" not in client.get("/").content
    assert staff.get("/").content == signed_in.content
    assert signed_in.headers["Cache-Control"] == "no-store"


def test_unknown_parameters_and_searches_do_not_fill_the_cache(
    client: Client, db, stored_keys: Callable[[], int]
) -> None:
    client.get("/")
    for number in range(5):
        client.get("/", {"utm_source": str(number)})
        client.get("/", {"groups": f"invalid{number}"})
        client.get("/authorities/", {"q": f"town {number}"})
        client.get(f"{C}record/", {"page": f"x{number}"})
        client.get(f"/authorities/nowhere-{number}/")
    assert stored_keys() == 1


def test_a_parameter_that_the_page_reads_has_a_page_of_its_own(client: Client, db, hits: list[bool]) -> None:
    for _ in range(2):
        assert client.get("/?groups=all").content == client.get("/?groups=all", headers=UNCACHED).content
        assert client.get("/?groups=all&x=1").status_code == 200
    assert hits == [False, True, True, True]


def with_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def with_cookie(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse("x")
    response.set_cookie("a", "b")
    return response


def with_nonce(request: HttpRequest) -> HttpResponse:
    request._csp_nonce = "abc"
    return HttpResponse("x")


@pytest.mark.parametrize(
    "view",
    [
        with_token,
        with_cookie,
        with_nonce,
        lambda _request: HttpResponse("x", status=404),
        lambda _request: HttpResponse("x", headers={"Cache-Control": "no-store"}),
        lambda _request: HttpResponse(b"x" * (pages.MAX_BYTES + 1)),
    ],
)
def test_a_response_for_one_visitor_is_not_stored(view, stored_keys: Callable[[], int]) -> None:
    cached = cached_page(lambda: "1")(view)
    for _ in range(2):
        cached(RequestFactory().get("/"))
    cached_page(lambda: "1")(lambda _request: HttpResponse("x"))(RequestFactory().post("/"))
    assert stored_keys() == 0
    cached_page(lambda: "1")(lambda _request: HttpResponse("x"))(RequestFactory().get("/"))
    assert stored_keys() == 1


def test_a_new_version_of_the_site_uses_no_old_page(
    client: Client, db, hits: list[bool], monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    client.get("/methods/")
    monkeypatch.setattr(versions, "site_version", lambda: "next")
    client.get("/methods/")
    settings.EVENHAND_ADDRESS = "https://other.example"
    client.get("/methods/")
    assert hits == [False, False, False]


def test_a_damaged_or_unusable_store_does_not_stop_a_page(client: Client, db, settings, caplog) -> None:
    folder = Path(settings.CACHES["pages"]["LOCATION"])
    content = client.get("/").content
    (file,) = folder.glob("*")
    for damaged in (b"", b"\x80", file.read_bytes()[:-9]):
        file.write_bytes(damaged)
        assert client.get("/").content == content
    caches["pages"].clear()
    folder.rmdir()
    folder.write_text("not a folder")
    assert client.get("/").content == content
    assert "a page cannot be cached" in caplog.text


def test_old_files_are_removed(client: Client, db, stored_keys: Callable[[], int], monkeypatch) -> None:
    client.get("/")
    store.delete_expired()
    assert stored_keys() == 1
    monkeypatch.setattr(store, "SECONDS_KEPT", -1)
    store.delete_expired()
    assert stored_keys() == 0


def test_the_rate_limit_counts_cached_pages(db, settings) -> None:
    settings.EVENHAND_LIMITS = {"requests": 1000, "heavy": 3}
    settings.EVENHAND_WEB_PROCESSES = 1
    client = Client()
    figures = PAGES["figures"]
    assert [client.get(figures).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_every_declared_change_is_an_action_of_the_site() -> None:
    assert {change.action for change in changes.page_changes()} <= set(registry.actions())
    assert not changes.changes_public_pages("plans.import")


def test_every_action_with_a_public_sentence_changes_pages() -> None:
    shown = {name for name, action in registry.actions().items() if action.public is not None}
    assert {action for action in shown if not changes.changes_public_pages(action)} == set()
