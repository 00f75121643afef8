"""A start in production with each insecure setting is refused with its mend; with all of them right, it serves."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from evenhand.config.settings.declared import SETTINGS
from own_servers import NAME, TLS, asked, production, served

PROGRAMS = Path(sys.executable).parent
LOOK = "from evenhand.config.production import faults; print(*(f'{f.setting}|{f.mend}' for f in faults()), sep='\\n')"


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    return production(tmp_path)


def refused(settings: dict[str, str]) -> dict[str, str]:
    """Setting and mend of each fault, as a process that reads these settings finds them."""
    command = [sys.executable, "-c", LOOK]
    said = subprocess.run(command, env=settings, capture_output=True, text=True, check=True).stdout
    return dict(line.split("|", 1) for line in said.splitlines() if line)


INSECURE: dict[str, tuple[dict[str, str], str, str]] = {
    "debug": ({"EVENHAND_DEBUG": "true"}, "EVENHAND_DEBUG", "set it false"),
    "no key": ({"EVENHAND_SECRET_KEY_FILE": ""}, "EVENHAND_SECRET_KEY", "token_urlsafe"),
    "a short key": (
        {"EVENHAND_SECRET_KEY_FILE": "", "EVENHAND_SECRET_KEY": "abcdefghijklmnopqrstuvwxyz"},
        "EVENHAND_SECRET_KEY",
        "token_urlsafe",
    ),
    "a simple key": (
        {"EVENHAND_SECRET_KEY_FILE": "", "EVENHAND_SECRET_KEY": "abc" * 30},
        "EVENHAND_SECRET_KEY",
        "token_urlsafe",
    ),
    "a known key": (
        {"EVENHAND_SECRET_KEY_FILE": "", "EVENHAND_SECRET_KEY": f"django-insecure-{'abcdefghijklmnop' * 4}"},
        "EVENHAND_SECRET_KEY",
        "token_urlsafe",
    ),
    "a key that is not there": ({"EVENHAND_SECRET_KEY_FILE": "/nowhere"}, "EVENHAND_SECRET_KEY_FILE", "Correct it"),
    "no hosts": ({"EVENHAND_HOSTS": ""}, "EVENHAND_HOSTS", f"EVENHAND_HOSTS={NAME}"),
    "any host": ({"EVENHAND_HOSTS": f"{NAME},*"}, "EVENHAND_HOSTS", f"EVENHAND_HOSTS={NAME}"),
    "no address": ({"EVENHAND_ADDRESS": ""}, "EVENHAND_ADDRESS", f"https://{NAME}"),
    "not https": ({"EVENHAND_ADDRESS": f"http://{NAME}"}, "EVENHAND_ADDRESS", f"https://{NAME}"),
    "an address with a path": ({"EVENHAND_ADDRESS": f"https://{NAME}/x"}, "EVENHAND_ADDRESS", f"https://{NAME}"),
    "no proxy": ({"EVENHAND_TRUSTED_PROXIES": ""}, "EVENHAND_TRUSTED_PROXIES", "127.0.0.1"),
    "every proxy": ({"EVENHAND_TRUSTED_PROXIES": "0.0.0.0/0"}, "EVENHAND_TRUSTED_PROXIES", "127.0.0.1"),
    "a proxy by name": ({"EVENHAND_TRUSTED_PROXIES": "proxy"}, "EVENHAND_TRUSTED_PROXIES", "Correct it"),
    "one step to sign in": (
        {"EVENHAND_SECOND_FACTOR_REQUIRED": "false"},
        "EVENHAND_SECOND_FACTOR_REQUIRED",
        "Leave it out",
    ),
    "no key for the record": ({"EVENHAND_LEDGER_KEY": ""}, "EVENHAND_LEDGER_KEY", "b64encode"),
    "a key that is none": ({"EVENHAND_LEDGER_KEY": "short"}, "EVENHAND_LEDGER_KEY", "b64encode"),
    "mail not said": ({"EVENHAND_MAIL": ""}, "EVENHAND_MAIL", "EVENHAND_MAIL=files"),
    "mail in the open": (
        {"EVENHAND_MAIL": "smtp://mail.example.gov.uk:25?tls=none"},
        "EVENHAND_MAIL",
        "smtp://user:password@host:587",
    ),
    "nobody to tell": ({"EVENHAND_SECURITY_CONTACT": ""}, "EVENHAND_SECURITY_CONTACT", "mailto:"),
    "a database in the open": (
        {"DATABASE_URL": "postgres://evenhand:secret@db.example.gov.uk/evenhand"},
        "DATABASE_URL",
        "sslmode=verify-full",
    ),
    "a database that may be in the open": (
        {"DATABASE_URL": "postgres://evenhand:secret@10.0.0.9/evenhand?sslmode=prefer"},
        "DATABASE_URL",
        "sslmode=verify-full",
    ),
    "metrics for all": ({"EVENHAND_METRICS_ALLOWED": "::/0"}, "EVENHAND_METRICS_ALLOWED", "token"),
}
SAFE = {
    "as it should be": {},
    "mail to files, said": {"EVENHAND_MAIL": "files"},
    "mail in the open to this machine": {"EVENHAND_MAIL": "smtp://127.0.0.1:25?tls=none"},
    "a database with TLS": {"DATABASE_URL": "postgres://evenhand:s@db.example.gov.uk/evenhand?sslmode=verify-full"},
    "a database on this machine": {"DATABASE_URL": "postgres://evenhand:s@127.0.0.1/evenhand"},
    "a database behind a socket": {"DATABASE_URL": "postgres://evenhand:s@/evenhand?host=/run/postgresql"},
}


@pytest.mark.parametrize("insecure", INSECURE)
def test_it_is_refused_with_its_mend(good: dict[str, str], insecure: str) -> None:
    change, setting, mend = INSECURE[insecure]
    found = refused(good | change)
    assert setting in found, f"{insecure} went through"
    assert mend in found[setting]


@pytest.mark.parametrize("safe", SAFE)
def test_what_is_safe_goes_through(good: dict[str, str], safe: str) -> None:
    assert refused(good | SAFE[safe]) == {}


def test_what_other_users_of_the_machine_can_read_is_refused(good: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "var").chmod(0o755)
    assert refused(good)["EVENHAND_VAR"].startswith("chmod 700")


def test_a_secret_that_all_can_read_is_refused_and_one_in_a_closed_folder_is_not(good: dict[str, str]) -> None:
    key = Path(good["EVENHAND_SECRET_KEY_FILE"])
    key.chmod(0o644)
    closed = [folder for folder in key.resolve().parents if not folder.stat().st_mode & 0o001]
    assert refused(good) == {} if closed else refused(good).keys() == {"EVENHAND_SECRET_KEY_FILE"}
    for folder in closed:
        folder.chmod(folder.stat().st_mode | 0o001)
    try:
        assert refused(good)["EVENHAND_SECRET_KEY_FILE"] == f"chmod 600 {key}"
    finally:
        for folder in closed:
            folder.chmod(folder.stat().st_mode & ~0o001)


def test_every_setting_that_production_requires_is_in_the_table() -> None:
    required = {each.name for each in SETTINGS if each.production}
    shown = {setting.removesuffix("_FILE") for _change, setting, _mend in INSECURE.values()}
    assert required - shown - {"EVENHAND_VAR"} == set()  # which has a test of its own


COMMANDS = {
    "web": [PROGRAMS / "gunicorn", "--config", "python:evenhand.config.serving", "evenhand.config.wsgi:application"],
    "web, in another way": [PROGRAMS / "gunicorn", "--bind", "127.0.0.1:0", "evenhand.config.wsgi:application"],
    "worker": [PROGRAMS / "evenhand", "worker"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_process_says_everything_that_is_wrong_and_ends(good: dict[str, str], command: str) -> None:
    bad = good | {"EVENHAND_DEBUG": "true", "EVENHAND_HOSTS": "*", "EVENHAND_TRUSTED_PROXIES": "proxy"}
    done = subprocess.run(COMMANDS[command], env=bad, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 3
    for setting in ("EVENHAND_DEBUG", "EVENHAND_HOSTS", "EVENHAND_TRUSTED_PROXIES"):
        assert re.search(rf"^{setting}: .+\n    Mend: .+", done.stderr, re.MULTILINE), done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("change", [{"DATABASE_URL": "what is this"}, {"EVENHAND_WEB_PROCESSES": "many"}])
def test_what_cannot_be_understood_at_all_is_a_message_too(good: dict[str, str], change: dict[str, str]) -> None:
    done = subprocess.run(COMMANDS["worker"], env=good | change, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "Evenhand does not start: " in done.stderr
    assert "Traceback" not in done.stderr


def test_every_other_command_refuses_as_well(good: dict[str, str]) -> None:
    command = [PROGRAMS / "evenhand", "check"]
    done = subprocess.run(command, env=good | {"EVENHAND_HOSTS": "*"}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "(production.E001) EVENHAND_HOSTS" in done.stderr
    assert f"HINT: Name each host in full: EVENHAND_HOSTS={NAME}" in done.stderr


def test_it_serves_with_the_demonstration_refused_and_without_it_as_it_should(good: dict[str, str]) -> None:
    evenhand = PROGRAMS / "evenhand"
    for words in (["migrate", "--verbosity", "0"], ["collectstatic", "--noinput", "--verbosity", "0"]):
        subprocess.run([evenhand, *words], env=good, check=True, capture_output=True)
    with served(good) as port:
        status, headers = asked(port, "/", TLS)
        assert status == 200
        assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
        assert headers["Server"] == "Evenhand"
        status, headers = asked(port, "/", {"Host": NAME})
        assert (status, headers["Location"]) == (301, f"https://{NAME}/")
        assert asked(port, "/", TLS | {"Host": "evil.example"})[0] == 400
        # by the machine's own address, as whoever looks after it asks
        assert asked(port, "/health/live", {})[0] == 200
        assert asked(port, "/health/ready", {})[0] == 503  # there is no worker
        _status, headers = asked(port, "/sign-in/", TLS)
        cookie = headers["Set-Cookie"]
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly"} <= set(cookie.split("; "))
    plant = (
        "import django; django.setup(); from evenhand.authorities.models import Authority;"
        "Authority.objects.create(slug='a', name='A', kind='metropolitan_district', demonstration=True)"
    )
    subprocess.run([sys.executable, "-c", plant], env=good, check=True, capture_output=True)
    done = subprocess.run(COMMANDS["web"], env=good, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 3
    assert "DATABASE_URL: it holds the demonstration" in done.stderr
