"""What is handed to whoever installs it, as far as it can be held to account without a container engine or an init."""

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
DECLARED = {each.name for each in SETTINGS} | {f"{each.name}_FILE" for each in SETTINGS if each.secret}
NOT_OURS = ("POSTGRES_", "PYTHON", "UV_", "PATH", "NODE")
VERSION = re.compile(r":v?\d+\.\d+(\.\d+)?(-[\w.-]+)?$")


def unit(path: Path) -> dict[str, list[str]]:
    lines = [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
    found: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        found.setdefault(name, []).append(value)
    return found


def environments() -> dict[str, set[str]]:
    """The names that each file sets."""
    example = (DEPLOY / "evenhand.env.example").read_text()
    return {
        "Containerfile": set(re.findall(r"\b([A-Z_]{4,})=", CONTAINERFILE)),
        "evenhand.env.example": set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)),
        "compose.yaml": {name for each in SERVICES.values() for name in each.get("environment", {})},
        **{
            path.name: {part.partition("=")[0] for line in unit(path).get("Environment", []) for part in line.split()}
            for path in UNITS
        },
    }


@pytest.mark.parametrize("file", environments())
def test_every_name_that_is_set_is_one_that_the_site_reads(file: str) -> None:
    names = {name for name in environments()[file] if not name.startswith(NOT_OURS)}
    assert names, "nothing is set"
    assert names - DECLARED == set()


@pytest.mark.parametrize(
    "image", [each["image"] for each in SERVICES.values()] + re.findall(r"^ARG \w+=(\S+)", CONTAINERFILE, re.M)
)
def test_every_image_is_of_one_version(image: str) -> None:
    assert VERSION.search(image), f"{image} floats"


def test_every_stage_begins_from_a_named_version() -> None:
    stages = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    assert stages == ["${NODE}", "${PYTHON}", "${PYTHON}"]


def test_the_image_runs_as_nobody_in_particular_with_nothing_to_build_with() -> None:
    final = CONTAINERFILE.rpartition("FROM ")[2]
    assert re.search(r"^USER (?!0)\d+:\d+$", final, re.MULTILINE)
    assert final.index("USER") < final.index("CMD")
    assert "pip uninstall" in final
    assert not re.search(r"apt-get|npm|uv sync|gcc", final)
    assert "HEALTHCHECK" in final
    assert "EVENHAND_PRODUCTION=true" in final
    assert not re.search(r"(SECRET|KEY|PASSWORD)\w*=(?!/)\S", CONTAINERFILE)


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_has_as_little_as_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert int(service["user"].partition(":")[0]) > 0
    assert service["pids_limit"]
    assert service["mem_limit"]
    assert not service.get("privileged")
    assert not [volume for volume in service["volumes"] if volume.startswith(("/", "."))]
    assert all("noexec" in each for each in service["tmpfs"])
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_database_can_be_reached_over_no_network() -> None:
    assert SERVICES["database"]["network_mode"] == "none"
    assert "ports" not in SERVICES["database"]
    assert "socket:/run/postgresql" in SERVICES["web"]["volumes"]


def test_every_secret_is_a_file_and_none_stands_in_the_example() -> None:
    used = {name for service in SERVICES.values() for name in service["secrets"]}
    assert used == set(COMPOSE["secrets"])
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            assert not re.search("SECRET|KEY|PASSWORD|TOKEN|URL", name) or value.startswith("/run/secrets/")
    example = (DEPLOY / "evenhand.env.example").read_text()
    assert not [each.name for each in SETTINGS if each.secret and re.search(rf"^{each.name}=", example, re.MULTILINE)]


def test_what_production_requires_is_given() -> None:
    given = environments()
    required = {each.name for each in SETTINGS if each.required}
    in_compose = given["compose.yaml"] | given["evenhand.env.example"]
    assert {name for name in required if not {name, f"{name}_FILE"} & in_compose} == set()
    for path in UNITS:
        named = given[path.name] | given["evenhand.env.example"]
        assert {name for name in required if not {name, f"{name}_FILE"} & named} == set(), path.name


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
    said = unit(path)
    assert {name: said.get(name, ["(nothing)"])[-1] for name in HARDENED} == HARDENED
    credentials = {line.partition(":")[0] for line in said["LoadCredential"]}
    used = set(re.findall(r"%d/(\w+)", path.read_text()))
    assert used == credentials


def test_a_refused_start_is_not_tried_again() -> None:
    from evenhand.config.production import REFUSED

    for name in ("web", "worker"):
        said = unit(DEPLOY / "systemd" / f"evenhand-{name}.service")
        assert said["RestartPreventExitStatus"] == [str(REFUSED)]


def commands() -> list[list[str]]:
    written = [line.split() for path in UNITS for line in unit(path)["ExecStart"]]
    written += [service["command"] for name, service in SERVICES.items() if "command" in service and name != "database"]
    found = re.findall(r"^CMD \[(.+)\]$", CONTAINERFILE, re.MULTILINE)
    return written + [[word.strip('" ') for word in line.split(",")] for line in found]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_the_command_is_one_that_there_is(command: list[str]) -> None:
    programs = Path(sys.executable).parent
    program, *words = command
    assert (programs / Path(program).name).exists()
    if program.endswith("evenhand"):
        helped = subprocess.run([programs / "evenhand", words[0], "--help"], capture_output=True, text=True, check=True)
        assert all(word in helped.stdout for word in words[1:] if word.startswith("--"))
    else:
        assert words == ["--config", "python:evenhand.config.serving", "evenhand.config.wsgi:application"]


def test_what_is_copied_into_the_image_is_there() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    assert re.search(r"uv==(\S+)", CONTAINERFILE)[1] == _uv_version()  # type: ignore[index]


def _uv_version() -> str:
    from scripts.python_packages import UV_VERSION

    return UV_VERSION


def test_the_python_of_the_image_is_one_that_the_site_runs_on() -> None:
    wanted = tomllib.loads((ROOT / "web/pyproject.toml").read_text())["project"]["requires-python"]
    found = re.search(r"python:(\d+)\.(\d+)", CONTAINERFILE)
    least = re.match(r">=(\d+)\.(\d+)$", wanted)
    assert found
    assert least
    assert [int(each) for each in found.groups()] >= [int(each) for each in least.groups()]


def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("there is no systemd-analyze here; the units were parsed above")
    for path in [*UNITS, *DEPLOY.glob("systemd/*.timer")]:
        text = path.read_text().replace("/opt/evenhand/bin/", f"{Path(sys.executable).parent}/")
        (tmp_path / path.name).write_text(text.replace("User=evenhand", "User=nobody").replace("Group=evenhand\n", ""))
    done = subprocess.run(
        [analyse, "verify", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SYSTEMD_LOG_LEVEL": "warning"},
    )
    complaints = [line for line in done.stderr.splitlines() if "evenhand" in line]
    assert complaints == []
