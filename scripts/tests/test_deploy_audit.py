"""The audit never treats a missing response as no vulnerabilities; the SBOM lists the packages of the lock files."""

import json

import pytest
from scripts.audit import (
    NO_VULNERABILITIES,
    NOT_CHECKED,
    VULNERABLE,
    AuditServiceError,
    node_vulnerabilities,
    python_vulnerabilities,
    report,
)
from scripts.places import FRONTEND
from scripts.sbom import merge, node_components

ADVISORY = {"id": "GHSA-0000", "fix_versions": ["5.2.20"], "aliases": [], "description": ""}


def pip_audit_output(*dependencies: dict[str, object]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_a_known_vulnerability_is_reported_with_its_fix() -> None:
    clean = {"name": "axes", "version": "8", "vulns": []}
    (vulnerability,) = python_vulnerabilities(
        pip_audit_output({"name": "django", "version": "5.2.19", "vulns": [ADVISORY]}, clean), ""
    )
    assert (vulnerability.package, vulnerability.name) == ("django", "GHSA-0000")
    assert vulnerability.fix == "Fixed in 5.2.20."
    assert python_vulnerabilities(pip_audit_output(clean), "") == []


@pytest.mark.parametrize(
    ("output", "errors"),
    [
        ("", "ERROR: Max retries exceeded with url: /pypi/django/json"),
        ("not json", ""),
        ("[]", ""),
        ("{}", ""),
        (pip_audit_output(), ""),
        (pip_audit_output({"name": "django", "skip_reason": "could not be found"}), ""),
    ],
)
def test_no_response_about_python_is_an_error(output: str, errors: str) -> None:
    with pytest.raises(AuditServiceError):
        python_vulnerabilities(output, errors)


@pytest.mark.parametrize(
    "output", ["", '{"message": "405 Method Not Allowed"}', '{"error": {"code": "ENOTADVISORY"}}', "[]"]
)
def test_no_response_about_node_is_an_error(output: str) -> None:
    with pytest.raises(AuditServiceError):
        node_vulnerabilities(output, "npm error")


def test_a_known_vulnerability_of_a_node_package() -> None:
    sass = {"name": "sass", "range": "<2", "via": [{"title": "Bad"}, "immutable"], "fixAvailable": True}
    output = json.dumps({"vulnerabilities": {"sass": sass}, "metadata": {}})
    (vulnerability,) = node_vulnerabilities(output, "")
    assert (vulnerability.package, vulnerability.name) == ("sass", "Bad; through immutable")
    assert node_vulnerabilities('{"vulnerabilities": {}, "metadata": {}}', "") == []


def test_each_outcome_has_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    (vulnerability,) = python_vulnerabilities(
        pip_audit_output({"name": "django", "version": "1", "vulns": [ADVISORY]}), ""
    )
    assert report([], []) == NO_VULNERABILITIES
    assert report([vulnerability], []) == report([vulnerability], ["node: no response"]) == VULNERABLE
    capsys.readouterr()
    assert report([], ["node: no response"]) == NOT_CHECKED
    output = capsys.readouterr().out
    assert "NOT CHECKED  node: no response" in output
    assert "No known vulnerabilities" not in output


def test_every_node_package_in_the_lock_file_is_a_component_with_its_digest() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    components = node_components(lock)
    needed = {path for path, package in lock["packages"].items() if path and not package.get("optional")}
    assert len(components) == len(needed) > 5
    for component in components:
        scope = (component["group"] + "/").replace("@", "%40") if "group" in component else ""
        assert component["purl"] == f"pkg:npm/{scope}{component['name']}@{component['version']}"
        assert component["hashes"][0]["alg"] == "SHA-512"
        assert len(component["hashes"][0]["content"]) == 128
    assert {component["name"] for component in components if component["scope"] == "required"} == {
        "govuk-frontend",
        "atkinson-hyperlegible-next",
    }


def test_the_sbom_is_the_same_for_the_same_lock_files() -> None:
    python = {
        "bomFormat": "CycloneDX",
        "serialNumber": "urn:1",
        "metadata": {"timestamp": "now"},
        "components": [{"name": "a"}],
    }
    other = python | {"serialNumber": "urn:2", "metadata": {"timestamp": "later"}}
    assert merge(python, [{"name": "b"}]) == merge(other, [{"name": "b"}])
    assert [component["name"] for component in merge(python, [{"name": "b"}])["components"]] == ["a", "b"]
