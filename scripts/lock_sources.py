"""Checks the sources in the lock files: only the public index for Python, and no download addresses for npm."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

INDEX = "https://pypi.org/simple"
DOWNLOADS = "files.pythonhosted.org"
NODE_FOLDERS = ("web/frontend", "scripts/chromium")
EXACT = re.compile(r"\d+\.\d+\.\d+")


def python_lock_errors(root: Path) -> list[str]:
    locked = tomllib.loads((root / "uv.lock").read_text())
    return [
        f"uv.lock: {package['name']} comes from {address}; lock again with the public index only"
        for package in locked["package"]
        for address in _other_addresses(package)
    ]


def node_lock_errors(root: Path) -> list[str]:
    return [error for folder in NODE_FOLDERS for error in _node_errors(root, folder)]


def _other_addresses(package: dict[str, Any]) -> Iterator[str]:
    for kind, address in package["source"].items():
        if kind not in ("editable", "virtual") and (kind, address) != ("registry", INDEX):
            yield f"{kind} {address}"
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    yield from (file["url"] for file in files if urlsplit(file["url"]).hostname != DOWNLOADS)


def _node_errors(root: Path, folder: str) -> Iterator[str]:
    manifest = json.loads((root / folder / "package.json").read_text())
    for group in ("dependencies", "devDependencies", "optionalDependencies"):
        for name, version in manifest.get(group, {}).items():
            if not EXACT.fullmatch(version):
                yield f"{folder}/package.json: {name} is {version}; give an exact version"
    locked = json.loads((root / folder / "package-lock.json").read_text())
    for name, package in locked["packages"].items():
        if "resolved" in package:
            yield f"{folder}/package-lock.json: {name} has a download address; delete its `resolved`"
        if name and "integrity" not in package:
            yield f"{folder}/package-lock.json: {name} has no `integrity`"
