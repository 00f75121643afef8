"""The files in deploy/, as far as they can be tested without a container engine or systemd."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from scripts.places import ROOT

from evenhand.config.settings.declared import SETTINGS

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
DECLARED = {setting.name for setting in SETTINGS} | {f"{setting.name}_FILE" for setting in SETTINGS if setting.secret}
OTHER_PREFIXES = ("POSTGRES_", "PYTHON", "UV_", "PATH", "NODE")
VERSION = re.compile(r":v?\d+\.\d+(\.\d+)?(-[\w.-]+)?$")


def unit(path: Path) -> dict[str, list[str]]:
    lines = [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
    options: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        options.setdefault(name, []).append(value)
    return options


def environments() -> dict[str, set[str]]:
    """The environment variables that each file sets."""
    example = (DEPLOY / "evenhand.env.example").read_text()
    return {
        "Containerfile": set(re.findall(r"\b([A-Z_]{4,})=", CONTAINERFILE)),
        "evenhand.env.example": set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)),
        "compose.yaml": {name for service in SERVICES.values() for name in service.get("environment", {})},
        **{
            path.name: {part.partition("=")[0] for line in unit(path).get("Environment", []) for part in line.split()}
            for path in UNITS
        },
    }


@pytest.mark.parametrize("file", environments())
def test_every_variable_is_a_declared_setting(file: str) -> None:
    names = {name for name in environments()[file] if not name.startswith(OTHER_PREFIXES)}
    assert names, "nothing is set"
    assert names - DECLARED == set()


@pytest.mark.parametrize(
    "image", [service["image"] for service in SERVICES.values()] + re.findall(r"^ARG \w+=(\S+)", CONTAINERFILE, re.M)
)
def test_every_image_has_an_exact_version(image: str) -> None:
    assert VERSION.search(image), f"{image} has no exact version"


def test_every_stage_starts_from_an_exact_version() -> None:
    stages = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    assert stages == ["${NODE}", "${PYTHON}", "${PYTHON}"]


def test_the_image_runs_as_an_unprivileged_user_without_build_tools() -> None:
    final = CONTAINERFILE.rpartition("FROM ")[2]
    assert re.search(r"^USER (?!0)\d+:\d+$", final, re.MULTILINE)
    assert final.index("USER") < final.index("CMD")
    assert "pip uninstall" in final
    assert not re.search(r"apt-get|npm|uv sync|gcc", final)
    assert "HEALTHCHECK" in final
    assert "EVENHAND_PRODUCTION=true" in final
    assert not re.search(r"(SECRET|KEY|PASSWORD)\w*=(?!/)\S", CONTAINERFILE)


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_has_only_the_privileges_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert int(service["user"].partition(":")[0]) > 0
    assert service["pids_limit"]
    assert service["mem_limit"]
    assert not service.get("privileged")
    assert not [volume for volume in service["volumes"] if volume.startswith(("/", "."))]
    assert all("noexec" in mount for mount in service["tmpfs"])
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_database_cannot_be_reached_over_a_network() -> None:
    assert SERVICES["database"]["network_mode"] == "none"
    assert "ports" not in SERVICES["database"]
    assert "socket:/run/postgresql" in SERVICES["web"]["volumes"]


def test_every_secret_is_a_file_and_none_is_in_the_example() -> None:
    used = {name for service in SERVICES.values() for name in service["secrets"]}
    assert used == set(COMPOSE["secrets"])
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            assert not re.search("SECRET|KEY|PASSWORD|TOKEN|URL", name) or value.startswith("/run/secrets/")
    example = (DEPLOY / "evenhand.env.example").read_text()
    secrets = [setting.name for setting in SETTINGS if setting.secret]
    assert not [name for name in secrets if re.search(rf"^{name}=", example, re.MULTILINE)]


def test_every_setting_that_production_requires_is_set() -> None:
    variables = environments()
    required = {setting.name for setting in SETTINGS if setting.required}
    in_compose = variables["compose.yaml"] | variables["evenhand.env.example"]
    assert {name for name in required if not {name, f"{name}_FILE"} & in_compose} == set()
    for path in UNITS:
        in_unit = variables[path.name] | variables["evenhand.env.example"]
        assert {name for name in required if not {name, f"{name}_FILE"} & in_unit} == set(), path.name


HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "RestrictSUIDSGID": "yes",
    "MemoryDenyWriteExecute": "yes",
    "LockPersonality": "yes",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
    "User": "evenhand",
}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_every_unit_is_hardened(path: Path) -> None:
    options = unit(path)
    assert {name: options.get(name, ["(not set)"])[-1] for name in HARDENED} == HARDENED
    credentials = {line.partition(":")[0] for line in options["LoadCredential"]}
    used = set(re.findall(r"%d/(\w+)", path.read_text()))
    assert used == credentials


def test_a_refused_start_is_not_retried() -> None:
    from evenhand.config.production import REFUSED

    for name in ("web", "worker"):
        options = unit(DEPLOY / "systemd" / f"evenhand-{name}.service")
        assert options["RestartPreventExitStatus"] == [str(REFUSED)]


def commands() -> list[list[str]]:
    lines = [line.split() for path in UNITS for line in unit(path)["ExecStart"]]
    lines += [service["command"] for name, service in SERVICES.items() if "command" in service and name != "database"]
    image_commands = re.findall(r"^CMD \[(.+)\]$", CONTAINERFILE, re.MULTILINE)
    return lines + [[word.strip('" ') for word in line.split(",")] for line in image_commands]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_the_command_exists(command: list[str]) -> None:
    programs = Path(sys.executable).parent
    program, *words = command
    assert (programs / Path(program).name).exists()
    if program.endswith("evenhand"):
        help_text = subprocess.run(
            [programs / "evenhand", words[0], "--help"], capture_output=True, text=True, check=True
        )
        assert all(word in help_text.stdout for word in words[1:] if word.startswith("--"))
    else:
        assert words == ["--config", "python:evenhand.config.serving", "evenhand.config.wsgi:application"]


def test_files_copied_into_the_image_exist() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    assert re.search(r"uv==(\S+)", CONTAINERFILE)[1] == _uv_version()  # type: ignore[index]


def _uv_version() -> str:
    from scripts.python_packages import UV_VERSION

    return UV_VERSION


def test_the_site_supports_the_python_version_of_the_image() -> None:
    requirement = tomllib.loads((ROOT / "web/pyproject.toml").read_text())["project"]["requires-python"]
    actual = re.search(r"python:(\d+)\.(\d+)", CONTAINERFILE)
    minimum = re.match(r">=(\d+)\.(\d+)$", requirement)
    assert actual
    assert minimum
    assert [int(part) for part in actual.groups()] >= [int(part) for part in minimum.groups()]


def test_systemd_finds_no_errors_in_the_units(tmp_path: Path) -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("systemd-analyze is not installed; the other tests parse the units")
    for path in [*UNITS, *DEPLOY.glob("systemd/*.timer")]:
        text = path.read_text().replace("/opt/evenhand/bin/", f"{Path(sys.executable).parent}/")
        (tmp_path / path.name).write_text(text.replace("User=evenhand", "User=nobody").replace("Group=evenhand\n", ""))
    result = subprocess.run(
        [analyse, "verify", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SYSTEMD_LOG_LEVEL": "warning"},
    )
    errors = [line for line in result.stderr.splitlines() if "evenhand" in line]
    assert errors == []
