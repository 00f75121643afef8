"""Too often: how often that is, for whom, and what it costs to find out."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from evenhand.config.middleware.limits import Buckets, Limits, network_of
from evenhand.config.middleware.visitors import Visitors, visitor


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_at_once_then_one_for_each_that_time_brings_back() -> None:
    clock = Clock()
    buckets = Buckets(60, clock=clock)
    assert [buckets.wait("a") for _ in range(60)] == [0] * 60
    assert buckets.wait("a") == pytest.approx(1)
    clock.now += 1
    assert buckets.wait("a") == 0
    assert buckets.wait("a") > 0
    assert buckets.wait("b") == 0  # another visitor has a bucket of its own
    clock.now += 3_600
    assert [buckets.wait("a") for _ in range(61)].count(0) == 60  # it never holds more than the limit


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 100))
def test_never_more_than_the_limit_and_what_time_brought_back(pauses: list[float], limit: int) -> None:
    clock = Clock()
    buckets = Buckets(limit, clock=clock)
    let_in = 0
    for pause in pauses:
        clock.now += pause
        let_in += buckets.wait("a") == 0
    assert let_in <= limit + clock.now * limit / 60 + 1e-6


def test_whoever_waits_as_long_as_was_said_is_let_in() -> None:
    clock = Clock()
    buckets = Buckets(7, clock=clock)
    while not (wait := buckets.wait("a")):
        pass
    clock.now += wait + 1e-9
    assert buckets.wait("a") == 0


def test_a_flood_of_visitors_takes_no_more_room_than_there_is() -> None:
    buckets = Buckets(10, clock=Clock(), room=100)
    for number in range(10_000):
        buckets.wait(str(number))
    assert len(buckets.held) == 100


def test_an_ipv6_visitor_is_a_whole_network() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::9") != network_of("2001:db8:1:3::9")
    assert network_of("10.0.0.1") != network_of("10.0.0.2")


@pytest.fixture
def proxies(settings) -> None:
    settings.EVENHAND_TRUSTED_PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


@pytest.mark.usefixtures("proxies")
@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "81.2.69.142", "81.2.69.142"),
        ("10.0.0.1", "1.1.1.1, 81.2.69.142", "81.2.69.142"),  # the first was made up by the visitor
        ("10.0.0.1", "81.2.69.142, 10.0.0.2", "81.2.69.142"),
        ("10.0.0.1", "81.2.69.142, nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "2001:db9::1", "2001:db9::1"),
    ],
)
def test_the_visitor_is_the_last_that_no_trusted_proxy_is(peer: str, forwarded: str, found: str) -> None:
    assert str(visitor(ip_address(peer), forwarded)) == found


@pytest.mark.usefixtures("proxies")
def test_nobody_else_is_believed() -> None:
    seen: list[dict[str, str]] = []

    def note(request: HttpRequest) -> HttpResponse:
        seen.append(dict(request.META))
        return HttpResponse()

    claims = {"HTTP_X_FORWARDED_FOR": "1.1.1.1", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "evil"}
    for peer in ("81.2.69.142", "10.0.0.1", "::ffff:10.0.0.1"):
        Visitors(note)(RequestFactory().get("/", REMOTE_ADDR=peer, **claims))
    assert [meta["REMOTE_ADDR"] for meta in seen] == ["81.2.69.142", "1.1.1.1", "1.1.1.1"]
    assert ["HTTP_X_FORWARDED_PROTO" in meta for meta in seen] == [False, True, True]


@pytest.fixture
def asked(settings) -> Callable[..., HttpResponse]:
    """A site of one process with room for ten pages and three forms."""
    settings.EVENHAND_LIMITS = {"requests": 10, "forms": 3, "sign-ins": 0, "heavy": 0}
    settings.EVENHAND_WEB_PROCESSES = 1
    limits = Limits(lambda _request: HttpResponse("here"))
    return lambda path="/", method="GET", address="81.2.69.142": limits(
        RequestFactory().generic(method, path, REMOTE_ADDR=address)
    )


def test_the_eleventh_page_in_a_minute_is_refused_with_the_time_to_wait(asked: Callable[..., HttpResponse]) -> None:
    assert [asked().status_code for _ in range(10)] == [200] * 10
    refused = asked()
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 6
    assert "Too many requests" in refused.text
    assert asked(address="81.2.69.143").status_code == 200
    assert asked("/health/live").status_code == 200


def test_forms_have_less_room_than_pages(asked: Callable[..., HttpResponse]) -> None:
    assert [asked(method="POST").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert asked().status_code == 200


def test_each_process_has_its_share(settings) -> None:
    settings.EVENHAND_LIMITS, settings.EVENHAND_WEB_PROCESSES = {"requests": 300}, 4
    assert Limits(lambda _request: HttpResponse()).buckets["requests"].limit == 75


def test_none_means_no_limit(settings) -> None:
    settings.EVENHAND_LIMITS = {"requests": 0, "forms": 0}
    limits = Limits(lambda _request: HttpResponse())
    assert {limits(RequestFactory().get("/")).status_code for _ in range(2_000)} == {200}
