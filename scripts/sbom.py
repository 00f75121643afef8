"""`make sbom`: everything that goes into the site, as CycloneDX 1.5, from the two locks: nothing is looked up.

Python packages that run, and the node packages that build the style sheet and the fonts (scope `excluded`: they are
used to build, and are not in what is installed).
"""

import base64
import json
import sys
from pathlib import Path
from typing import Any

from scripts.commands import exit_with, run
from scripts.places import BUILD, FRONTEND, ROOT
from scripts.python_packages import UV, uv, uv_settings

SHIPPED = ("govuk-frontend", "@fontsource-variable/atkinson-hyperlegible-next")  # what is built contains parts of these
FILE = BUILD / "sbom.cdx.json"


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    made = whole(python_part(), node_components(json.loads((FRONTEND / "package-lock.json").read_text())))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(made, indent=2) + "\n")
    count = {
        kind: sum(f"pkg:{kind}/" in each.get("purl", "") for each in made["components"]) for kind in ("pypi", "npm")
    }
    print(f"{target}: {len(made['components'])} components ({count['pypi']} Python, {count['npm']} node)")
    return 0


def python_part() -> dict[str, Any]:
    uv()
    command: list[str | Path] = [UV, "export", "--frozen", "--no-dev", "--format", "cyclonedx1.5", "--quiet"]
    said = run(command, cwd=ROOT, environment=uv_settings(), otherwise="The lock could not be read.")
    found = json.loads(said[said.index("{") :])
    assert isinstance(found, dict)
    return found


def node_components(lock: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _component(place.rpartition("node_modules/")[2], package)
        for place, package in sorted(lock["packages"].items())
        if place and not package.get("optional")
    ]


def _component(name: str, package: dict[str, Any]) -> dict[str, Any]:
    scope, _, short = name.rpartition("/")
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"npm:{name}@{package['version']}",
        "name": short,
        "version": package["version"],
        "scope": "required" if name in SHIPPED else "excluded",
        "purl": f"pkg:npm/{name.replace('@', '%40')}@{package['version']}",
    }
    if scope:
        component["group"] = scope
    if "license" in package:
        component["licenses"] = [{"license": {"name": package["license"]}}]
    if "integrity" in package:
        kind, _, digest = package["integrity"].partition("-")
        component["hashes"] = [{"alg": f"SHA-{kind.removeprefix('sha')}", "content": base64.b64decode(digest).hex()}]
    return component


def whole(python: dict[str, Any], node: list[dict[str, Any]]) -> dict[str, Any]:
    """The one with the other. A serial number and a time would make each of the same locks another."""
    described = {key: value for key, value in python.items() if key != "serialNumber"}
    described["metadata"] = {key: value for key, value in python.get("metadata", {}).items() if key != "timestamp"}
    described["metadata"]["component"] = {"type": "application", "bom-ref": "evenhand", "name": "evenhand"}
    described["components"] = [*python["components"], *node]
    return described


if __name__ == "__main__":
    exit_with(main)
