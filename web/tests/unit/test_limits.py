"""Rate limits: how many requests are allowed, for whom, and how clients behind proxies are identified."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from evenhand.config.middleware.proxies import TrustedProxyMiddleware, client_address
from evenhand.config.middleware.rate_limit import Buckets, RateLimitMiddleware, network_of


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_allows_a_burst_and_then_refills_over_time() -> None:
    clock = Clock()
    buckets = Buckets(60, clock=clock)
    assert [buckets.wait("a") for _ in range(60)] == [0] * 60
    assert buckets.wait("a") == pytest.approx(1)
    clock.now += 1
    assert buckets.wait("a") == 0
    assert buckets.wait("a") > 0
    assert buckets.wait("b") == 0  # another client has its own bucket
    clock.now += 3_600
    assert [buckets.wait("a") for _ in range(61)].count(0) == 60  # a bucket never holds more than the limit


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 100))
def test_never_more_is_allowed_than_the_limit_plus_the_refill(pauses: list[float], limit: int) -> None:
    clock = Clock()
    buckets = Buckets(limit, clock=clock)
    allowed = 0
    for pause in pauses:
        clock.now += pause
        allowed += buckets.wait("a") == 0
    assert allowed <= limit + clock.now * limit / 60 + 1e-6


def test_a_client_that_waits_as_long_as_told_is_allowed() -> None:
    clock = Clock()
    buckets = Buckets(7, clock=clock)
    while not (wait := buckets.wait("a")):
        pass
    clock.now += wait + 1e-9
    assert buckets.wait("a") == 0


def test_the_number_of_buckets_is_limited() -> None:
    buckets = Buckets(10, clock=Clock(), max_clients=100)
    for number in range(10_000):
        buckets.wait(str(number))
    assert len(buckets.by_client) == 100


def test_an_ipv6_client_is_a_whole_network() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::9") != network_of("2001:db8:1:3::9")
    assert network_of("10.0.0.1") != network_of("10.0.0.2")


@pytest.fixture
def proxies(settings) -> None:
    settings.EVENHAND_TRUSTED_PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


@pytest.mark.usefixtures("proxies")
@pytest.mark.parametrize(
    ("peer", "forwarded_for", "expected"),
    [
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "81.2.69.142", "81.2.69.142"),
        ("10.0.0.1", "1.1.1.1, 81.2.69.142", "81.2.69.142"),  # the first was invented by the client
        ("10.0.0.1", "81.2.69.142, 10.0.0.2", "81.2.69.142"),
        ("10.0.0.1", "81.2.69.142, nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "2001:db9::1", "2001:db9::1"),
    ],
)
def test_the_client_is_the_last_address_that_is_not_a_trusted_proxy(
    peer: str, forwarded_for: str, expected: str
) -> None:
    assert str(client_address(ip_address(peer), forwarded_for)) == expected


@pytest.mark.usefixtures("proxies")
def test_forwarding_headers_are_accepted_only_from_trusted_proxies() -> None:
    metas: list[dict[str, str]] = []

    def record(request: HttpRequest) -> HttpResponse:
        metas.append(dict(request.META))
        return HttpResponse()

    headers = {"HTTP_X_FORWARDED_FOR": "1.1.1.1", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "evil"}
    for peer in ("81.2.69.142", "10.0.0.1", "::ffff:10.0.0.1"):
        TrustedProxyMiddleware(record)(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))
    assert [meta["REMOTE_ADDR"] for meta in metas] == ["81.2.69.142", "1.1.1.1", "1.1.1.1"]
    assert ["HTTP_X_FORWARDED_PROTO" in meta for meta in metas] == [False, True, True]


@pytest.fixture
def send(settings) -> Callable[..., HttpResponse]:
    """A site with one process that allows ten pages and three forms a minute."""
    settings.EVENHAND_LIMITS = {"requests": 10, "forms": 3, "sign-ins": 0, "heavy": 0}
    settings.EVENHAND_WEB_PROCESSES = 1
    middleware = RateLimitMiddleware(lambda _request: HttpResponse("page"))
    return lambda path="/", method="GET", address="81.2.69.142": middleware(
        RequestFactory().generic(method, path, REMOTE_ADDR=address)
    )


def test_the_eleventh_page_in_a_minute_is_refused_with_the_time_to_wait(send: Callable[..., HttpResponse]) -> None:
    assert [send().status_code for _ in range(10)] == [200] * 10
    refused = send()
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 6
    assert "Too many requests" in refused.text
    assert send(address="81.2.69.143").status_code == 200
    assert send("/health/live").status_code == 200


def test_forms_have_a_lower_limit_than_pages(send: Callable[..., HttpResponse]) -> None:
    assert [send(method="POST").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert send().status_code == 200


def test_the_limit_is_divided_between_processes(settings) -> None:
    settings.EVENHAND_LIMITS, settings.EVENHAND_WEB_PROCESSES = {"requests": 300}, 4
    assert RateLimitMiddleware(lambda _request: HttpResponse()).buckets["requests"].limit == 75


def test_zero_means_no_limit(settings) -> None:
    settings.EVENHAND_LIMITS = {"requests": 0, "forms": 0}
    middleware = RateLimitMiddleware(lambda _request: HttpResponse())
    assert {middleware(RequestFactory().get("/")).status_code for _ in range(2_000)} == {200}
