"""The mail settings in EVENHAND_MAIL, and the registration of periodic tasks."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from evenhand.config.settings.mail import FILES, SMTP, mail
from evenhand.modules import Module, ScheduledTask, registry
from evenhand.notifications import schedule


def test_mail_to_files() -> None:
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
def test_mail_by_smtp(address: str, port: int, starttls: bool, implicit: bool) -> None:
    settings = mail(address)
    assert (settings["EMAIL_BACKEND"], settings["EMAIL_HOST"], settings["EMAIL_PORT"]) == (SMTP, "mail.example", port)
    assert (settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (starttls, implicit)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("", "")


def test_a_password_may_contain_any_character() -> None:
    settings = mail("smtp://a%40b.example:p%40ss%2Fw%3Ard@mail.example")
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("a@b.example", "p@ss/w:rd")


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
def test_an_invalid_address_is_refused_without_repeating_the_password(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="Give `files`, or smtp://user:password@host") as error:
        mail(address)
    assert "s3cret" not in str(error.value)


def test_two_periodic_tasks_cannot_have_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    task = ScheduledTask("a.b", 5, print)
    monkeypatch.setattr(registry, "_modules", {"a": Module(scheduled=(task,))})
    assert schedule.scheduled_tasks() == (task,)
    monkeypatch.setattr(registry, "_modules", {"a": Module(scheduled=(task,)), "c": Module(scheduled=(task,))})
    with pytest.raises(ValueError, match=r"“a\.b”"):
        schedule.scheduled_tasks()
