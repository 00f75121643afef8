"""In production each unsafe setting is refused with a fix; with safe settings the site starts."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from evenhand.config.settings.declared import SETTINGS
from support.databases import copy_static_files, migrated_database
from support.servers import HOST_NAME, TLS_HEADERS, get, production_settings, running_server

PROGRAMS = Path(sys.executable).parent
LIST_PROBLEMS = """
from evenhand.config.production import find_problems
print(*(f'{problem.setting}|{problem.fix}' for problem in find_problems()), sep='\\n')
"""


@pytest.fixture
def safe_settings(tmp_path: Path) -> dict[str, str]:
    return production_settings(tmp_path)


def refused(settings: dict[str, str]) -> dict[str, str]:
    """The setting and fix of each problem that a process with these settings finds."""
    command = [sys.executable, "-c", LIST_PROBLEMS]
    output = subprocess.run(command, env=settings, capture_output=True, text=True, check=True).stdout
    return dict(line.split("|", 1) for line in output.splitlines() if line)


INSECURE: dict[str, tuple[dict[str, str], str, str]] = {
    "debug": ({"EVENHAND_DEBUG": "true"}, "EVENHAND_DEBUG", "set it to false"),
    "no secret key": ({"EVENHAND_SECRET_KEY_FILE": ""}, "EVENHAND_SECRET_KEY", "token_urlsafe"),
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
    "a publicly known key": (
        {"EVENHAND_SECRET_KEY_FILE": "", "EVENHAND_SECRET_KEY": f"django-insecure-{'abcdefghijklmnop' * 4}"},
        "EVENHAND_SECRET_KEY",
        "token_urlsafe",
    ),
    "a key file that does not exist": (
        {"EVENHAND_SECRET_KEY_FILE": "/nowhere"},
        "EVENHAND_SECRET_KEY_FILE",
        "Correct it",
    ),
    "no hosts": ({"EVENHAND_HOSTS": ""}, "EVENHAND_HOSTS", f"EVENHAND_HOSTS={HOST_NAME}"),
    "any host name": ({"EVENHAND_HOSTS": f"{HOST_NAME},*"}, "EVENHAND_HOSTS", f"EVENHAND_HOSTS={HOST_NAME}"),
    "no address": ({"EVENHAND_ADDRESS": ""}, "EVENHAND_ADDRESS", f"https://{HOST_NAME}"),
    "not https": ({"EVENHAND_ADDRESS": f"http://{HOST_NAME}"}, "EVENHAND_ADDRESS", f"https://{HOST_NAME}"),
    "an address with a path": (
        {"EVENHAND_ADDRESS": f"https://{HOST_NAME}/x"},
        "EVENHAND_ADDRESS",
        f"https://{HOST_NAME}",
    ),
    "no proxy": ({"EVENHAND_TRUSTED_PROXIES": ""}, "EVENHAND_TRUSTED_PROXIES", "127.0.0.1"),
    "every address as a proxy": ({"EVENHAND_TRUSTED_PROXIES": "0.0.0.0/0"}, "EVENHAND_TRUSTED_PROXIES", "127.0.0.1"),
    "a proxy given by name": ({"EVENHAND_TRUSTED_PROXIES": "proxy"}, "EVENHAND_TRUSTED_PROXIES", "Correct it"),
    "no second step": (
        {"EVENHAND_SECOND_FACTOR_REQUIRED": "false"},
        "EVENHAND_SECOND_FACTOR_REQUIRED",
        "Leave it out",
    ),
    "no ledger key": ({"EVENHAND_LEDGER_KEY": ""}, "EVENHAND_LEDGER_KEY", "b64encode"),
    "an invalid ledger key": ({"EVENHAND_LEDGER_KEY": "short"}, "EVENHAND_LEDGER_KEY", "b64encode"),
    "no mail setting": ({"EVENHAND_MAIL": ""}, "EVENHAND_MAIL", "EVENHAND_MAIL=files"),
    "unencrypted mail": (
        {"EVENHAND_MAIL": "smtp://mail.example.gov.uk:25?tls=none"},
        "EVENHAND_MAIL",
        "smtp://user:password@host:587",
    ),
    "no security contact": ({"EVENHAND_SECURITY_CONTACT": ""}, "EVENHAND_SECURITY_CONTACT", "mailto:"),
    "an unencrypted database connection": (
        {"DATABASE_URL": "postgres://evenhand:secret@db.example.gov.uk/evenhand"},
        "DATABASE_URL",
        "sslmode=verify-full",
    ),
    "a database connection that may be unencrypted": (
        {"DATABASE_URL": "postgres://evenhand:secret@10.0.0.9/evenhand?sslmode=prefer"},
        "DATABASE_URL",
        "sslmode=verify-full",
    ),
    "public metrics": ({"EVENHAND_METRICS_ALLOWED": "::/0"}, "EVENHAND_METRICS_ALLOWED", "token"),
}
SAFE = {
    "all settings safe": {},
    "mail to files": {"EVENHAND_MAIL": "files"},
    "unencrypted mail to this machine": {"EVENHAND_MAIL": "smtp://127.0.0.1:25?tls=none"},
    "a database with TLS": {"DATABASE_URL": "postgres://evenhand:s@db.example.gov.uk/evenhand?sslmode=verify-full"},
    "a database on this machine": {"DATABASE_URL": "postgres://evenhand:s@127.0.0.1/evenhand"},
    "a database at a socket": {"DATABASE_URL": "postgres://evenhand:s@/evenhand?host=/run/postgresql"},
}


@pytest.mark.parametrize("insecure", INSECURE)
def test_an_unsafe_setting_is_refused_with_a_fix(safe_settings: dict[str, str], insecure: str) -> None:
    change, setting, fix = INSECURE[insecure]
    fixes = refused(safe_settings | change)
    assert setting in fixes, f"{insecure} was accepted"
    assert fix in fixes[setting]


@pytest.mark.parametrize("safe", SAFE)
def test_safe_settings_are_accepted(safe_settings: dict[str, str], safe: str) -> None:
    assert refused(safe_settings | SAFE[safe]) == {}


def test_a_folder_that_other_users_can_read_is_refused(safe_settings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "var").chmod(0o755)
    assert refused(safe_settings)["EVENHAND_VAR"].startswith("chmod 700")


def test_a_world_readable_secret_is_refused_unless_its_folder_is_private(safe_settings: dict[str, str]) -> None:
    key = Path(safe_settings["EVENHAND_SECRET_KEY_FILE"])
    key.chmod(0o644)
    closed = [folder for folder in key.resolve().parents if not folder.stat().st_mode & 0o001]
    assert refused(safe_settings) == {} if closed else refused(safe_settings).keys() == {"EVENHAND_SECRET_KEY_FILE"}
    for folder in closed:
        folder.chmod(folder.stat().st_mode | 0o001)
    try:
        assert refused(safe_settings)["EVENHAND_SECRET_KEY_FILE"] == f"chmod 600 {key}"
    finally:
        for folder in closed:
            folder.chmod(folder.stat().st_mode & ~0o001)


def test_every_setting_that_production_checks_is_tested() -> None:
    required = {setting.name for setting in SETTINGS if setting.production}
    tested = {setting.removesuffix("_FILE") for _change, setting, _fix in INSECURE.values()}
    assert required - tested - {"EVENHAND_VAR"} == set()  # has its own test


COMMANDS = {
    "web": [PROGRAMS / "gunicorn", "--config", "python:evenhand.config.serving", "evenhand.config.wsgi:application"],
    "web, with another gunicorn configuration": [
        PROGRAMS / "gunicorn",
        "--bind",
        "127.0.0.1:0",
        "evenhand.config.wsgi:application",
    ],
    "worker": [PROGRAMS / "evenhand", "worker"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_process_reports_every_problem_and_exits(safe_settings: dict[str, str], command: str) -> None:
    unsafe = safe_settings | {"EVENHAND_DEBUG": "true", "EVENHAND_HOSTS": "*", "EVENHAND_TRUSTED_PROXIES": "proxy"}
    completed = subprocess.run(COMMANDS[command], env=unsafe, capture_output=True, text=True, timeout=60, check=False)
    assert completed.returncode == 3
    for setting in ("EVENHAND_DEBUG", "EVENHAND_HOSTS", "EVENHAND_TRUSTED_PROXIES"):
        assert re.search(rf"^{setting}: .+\n    Fix: .+", completed.stderr, re.MULTILINE), completed.stderr
    assert "Traceback" not in completed.stdout + completed.stderr


@pytest.mark.parametrize("change", [{"DATABASE_URL": "what is this"}, {"EVENHAND_WEB_PROCESSES": "many"}])
def test_settings_that_cannot_be_read_give_a_message(safe_settings: dict[str, str], change: dict[str, str]) -> None:
    completed = subprocess.run(
        COMMANDS["worker"], env=safe_settings | change, capture_output=True, text=True, check=False
    )
    assert completed.returncode == 3
    assert "Evenhand does not start: " in completed.stderr
    assert "Traceback" not in completed.stderr


def test_every_other_command_refuses_too(safe_settings: dict[str, str]) -> None:
    command = [PROGRAMS / "evenhand", "check"]
    completed = subprocess.run(
        command, env=safe_settings | {"EVENHAND_HOSTS": "*"}, capture_output=True, text=True, check=False
    )
    assert completed.returncode == 1
    assert "(production.E001) EVENHAND_HOSTS" in completed.stderr
    assert f"HINT: Give each host name in full: EVENHAND_HOSTS={HOST_NAME}" in completed.stderr


def test_the_site_starts_without_the_demonstration_and_refuses_to_start_with_it(safe_settings: dict[str, str]) -> None:
    var = Path(safe_settings["EVENHAND_VAR"])
    copy_static_files(var)
    with migrated_database("sqlite", var), running_server(safe_settings) as port:
        status, headers = get(port, "/", TLS_HEADERS)
        assert status == 200
        assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
        assert headers["Server"] == "Evenhand"
        status, headers = get(port, "/", {"Host": HOST_NAME})
        assert (status, headers["Location"]) == (301, f"https://{HOST_NAME}/")
        assert get(port, "/", TLS_HEADERS | {"Host": "evil.example"})[0] == 400
        # by the server's own address, as monitoring does
        assert get(port, "/health/live", {})[0] == 200
        assert get(port, "/health/ready", {})[0] == 503  # there is no worker
        _status, headers = get(port, "/sign-in/", TLS_HEADERS)
        cookie = headers["Set-Cookie"]
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly"} <= set(cookie.split("; "))
    create_demonstration = (
        "import django; django.setup(); from evenhand.authorities.models import Authority;"
        "Authority.objects.create(slug='a', name='A', kind='metropolitan_district', demonstration=True)"
    )
    subprocess.run([sys.executable, "-c", create_demonstration], env=safe_settings, check=True, capture_output=True)
    completed = subprocess.run(
        COMMANDS["web"], env=safe_settings, capture_output=True, text=True, timeout=60, check=False
    )
    assert completed.returncode == 3
    assert "DATABASE_URL: it contains the demonstration data" in completed.stderr
