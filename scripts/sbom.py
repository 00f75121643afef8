"""`make sbom`: writes a CycloneDX 1.5 software bill of materials from the two lock files, without network access.

It lists the Python packages that the site runs on, and the node packages that build the style sheet and the fonts
(scope `excluded`, because they are used for the build and are not installed).
"""

import base64
import json
import sys
from pathlib import Path
from typing import Any

from scripts.commands import exit_with, run
from scripts.places import BUILD, FRONTEND, ROOT
from scripts.python_packages import UV, uv, uv_settings

SHIPPED = (
    "govuk-frontend",
    "@fontsource-variable/atkinson-hyperlegible-next",
)  # the built files contain parts of these
FILE = BUILD / "sbom.cdx.json"


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    sbom = merge(python_sbom(), node_components(json.loads((FRONTEND / "package-lock.json").read_text())))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(sbom, indent=2) + "\n")
    count = {
        kind: sum(f"pkg:{kind}/" in component.get("purl", "") for component in sbom["components"])
        for kind in ("pypi", "npm")
    }
    print(f"{target}: {len(sbom['components'])} components ({count['pypi']} Python, {count['npm']} node)")
    return 0


def python_sbom() -> dict[str, Any]:
    uv()
    command: list[str | Path] = [UV, "export", "--frozen", "--no-dev", "--format", "cyclonedx1.5", "--quiet"]
    output = run(command, cwd=ROOT, environment=uv_settings(), otherwise="The lock file could not be read.")
    sbom = json.loads(output[output.index("{") :])
    assert isinstance(sbom, dict)
    return sbom


def node_components(lock: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _component(path.rpartition("node_modules/")[2], package)
        for path, package in sorted(lock["packages"].items())
        if path and not package.get("optional")
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
        algorithm, _, digest = package["integrity"].partition("-")
        component["hashes"] = [
            {"alg": f"SHA-{algorithm.removeprefix('sha')}", "content": base64.b64decode(digest).hex()}
        ]
    return component


def merge(python: dict[str, Any], node: list[dict[str, Any]]) -> dict[str, Any]:
    """Both together, without serial number and time, so that the same lock files always give the same result."""
    sbom = {key: value for key, value in python.items() if key != "serialNumber"}
    sbom["metadata"] = {key: value for key, value in python.get("metadata", {}).items() if key != "timestamp"}
    sbom["metadata"]["component"] = {"type": "application", "bom-ref": "evenhand", "name": "evenhand"}
    sbom["components"] = [*python["components"], *node]
    return sbom


if __name__ == "__main__":
    exit_with(main)
