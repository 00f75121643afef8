"""Where messages go, as EVENHAND_MAIL says it; and work that is registered to come round."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from evenhand.config.settings.mail import FILES, SMTP, mail
from evenhand.notifications import schedule


def test_to_files() -> None:
    assert mail("files") == {"EMAIL_BACKEND": FILES}


@pytest.mark.parametrize(
    ("address", "port", "starttls", "implicit"),
    [
        ("smtp://mail.example", 587, True, False),
        ("smtp://mail.example?tls=implicit", 465, False, True),
        ("smtp://mail.example:25?tls=none", 25, False, False),
        ("smtp://mail.example:2525/?tls=starttls", 2525, True, False),
    ],
)
def test_by_smtp(address: str, port: int, starttls: bool, implicit: bool) -> None:
    found = mail(address)
    assert (found["EMAIL_BACKEND"], found["EMAIL_HOST"], found["EMAIL_PORT"]) == (SMTP, "mail.example", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (starttls, implicit)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("", "")


def test_a_password_may_hold_any_sign() -> None:
    found = mail("smtp://a%40b.example:p%40ss%2Fw%3Ard@mail.example")
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("a@b.example", "p@ss/w:rd")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "file",
        "smtp://",
        "smtp:mail.example",
        "http://u:s3cret@mail.example",
        "smtp://u:s3cret@mail.example:port",
        "smtp://u:s3cret@mail.example:99999",
        "smtp://u:s3cret@mail.example?tls=yes",
        "smtp://u:s3cret@mail.example?tsl=none",
        "smtp://u:s3cret@mail.example/folder",
        "smtp://u:s3cret@[mail.example",
    ],
)
def test_what_is_not_understood_is_refused_without_repeating_the_password(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="Give `files`, or smtp://user:password@host") as refused:
        mail(address)
    assert "s3cret" not in str(refused.value)


def test_one_name_is_for_one_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_registered", {})
    schedule.every("a.b", 5, print)
    schedule.every("a.b", 6, print)  # said again, as when the site is set up twice
    assert schedule.registered() == (schedule.Periodic("a.b", 6, print),)
    with pytest.raises(ValueError, match=r"“a\.b”"):
        schedule.every("a.b", 5, repr)
