"""What the lock files may name: the public Python index, and no download address at all for npm."""

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


def python_lock_faults(root: Path) -> list[str]:
    locked = tomllib.loads((root / "uv.lock").read_text())
    return [
        f"uv.lock: {package['name']} comes from {address}; lock again with the public index only"
        for package in locked["package"]
        for address in _strange_addresses(package)
    ]


def node_lock_faults(root: Path) -> list[str]:
    return [fault for folder in NODE_FOLDERS for fault in _node_faults(root, folder)]


def _strange_addresses(package: dict[str, Any]) -> Iterator[str]:
    for kind, place in package["source"].items():
        if kind not in ("editable", "virtual") and (kind, place) != ("registry", INDEX):
            yield f"{kind} {place}"
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    yield from (one["url"] for one in files if urlsplit(one["url"]).hostname != DOWNLOADS)


def _node_faults(root: Path, folder: str) -> Iterator[str]:
    wanted = json.loads((root / folder / "package.json").read_text())
    for group in ("dependencies", "devDependencies", "optionalDependencies"):
        for name, version in wanted.get(group, {}).items():
            if not EXACT.fullmatch(version):
                yield f"{folder}/package.json: {name} is {version}; name one exact version"
    locked = json.loads((root / folder / "package-lock.json").read_text())
    for name, package in locked["packages"].items():
        if "resolved" in package:
            yield f"{folder}/package-lock.json: {name} names a download address; delete its `resolved`"
        if name and "integrity" not in package:
            yield f"{folder}/package-lock.json: {name} has no `integrity`"
