"""The audit never takes silence for good news; the list of components is what the locks name."""

import json

import pytest
from scripts.audit import (
    NONE_KNOWN,
    NOT_ASKED,
    WEAKNESSES,
    NobodyAnsweredError,
    node_weaknesses,
    python_weaknesses,
    report,
)
from scripts.places import FRONTEND
from scripts.sbom import node_components, whole

FOUND = {"id": "GHSA-0000", "fix_versions": ["5.2.20"], "aliases": [], "description": ""}


def listed(*dependencies: dict[str, object]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_a_known_weakness_is_named_with_its_mend() -> None:
    clean = {"name": "axes", "version": "8", "vulns": []}
    (found,) = python_weaknesses(listed({"name": "django", "version": "5.2.19", "vulns": [FOUND]}, clean), "")
    assert (found.package, found.name, found.mend) == ("django", "GHSA-0000", "Mended in 5.2.20.")
    assert python_weaknesses(listed(clean), "") == []


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("", "ERROR: Max retries exceeded with url: /pypi/django/json"),
        ("not json", ""),
        ("[]", ""),
        ("{}", ""),
        (listed(), ""),
        (listed({"name": "django", "skip_reason": "could not be found"}), ""),
    ],
)
def test_silence_about_python_is_not_taken_for_good_news(answer: str, complaint: str) -> None:
    with pytest.raises(NobodyAnsweredError):
        python_weaknesses(answer, complaint)


@pytest.mark.parametrize(
    "answer", ["", '{"message": "405 Method Not Allowed"}', '{"error": {"code": "ENOTFOUND"}}', "[]"]
)
def test_silence_about_node_is_not_either(answer: str) -> None:
    with pytest.raises(NobodyAnsweredError):
        node_weaknesses(answer, "npm error")


def test_a_known_weakness_of_a_node_package() -> None:
    said = {"name": "sass", "range": "<2", "via": [{"title": "Bad"}, "immutable"], "fixAvailable": True}
    answer = json.dumps({"vulnerabilities": {"sass": said}, "metadata": {}})
    (found,) = node_weaknesses(answer, "")
    assert (found.package, found.name) == ("sass", "Bad; through immutable")
    assert node_weaknesses('{"vulnerabilities": {}, "metadata": {}}', "") == []


def test_each_outcome_has_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    (weakness,) = python_weaknesses(listed({"name": "django", "version": "1", "vulns": [FOUND]}), "")
    assert report([], []) == NONE_KNOWN
    assert report([weakness], []) == report([weakness], ["node: no answer"]) == WEAKNESSES
    capsys.readouterr()
    assert report([], ["node: no answer"]) == NOT_ASKED
    said = capsys.readouterr().out
    assert "NOT ASKED  node: no answer" in said
    assert "No known weakness" not in said


def test_every_node_package_of_the_lock_is_a_component_with_its_digest() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    components = node_components(lock)
    needed = {place for place, package in lock["packages"].items() if place and not package.get("optional")}
    assert len(components) == len(needed) > 5
    for each in components:
        assert each["purl"] == f"pkg:npm/{(each['group'] + '/').replace('@', '%40') if 'group' in each else ''}" + (
            f"{each['name']}@{each['version']}"
        )
        assert each["hashes"][0]["alg"] == "SHA-512"
        assert len(each["hashes"][0]["content"]) == 128
    assert {each["name"] for each in components if each["scope"] == "required"} == {
        "govuk-frontend",
        "atkinson-hyperlegible-next",
    }


def test_the_list_is_the_same_for_the_same_locks() -> None:
    python = {
        "bomFormat": "CycloneDX",
        "serialNumber": "urn:1",
        "metadata": {"timestamp": "now"},
        "components": [{"name": "a"}],
    }
    other = python | {"serialNumber": "urn:2", "metadata": {"timestamp": "later"}}
    assert whole(python, [{"name": "b"}]) == whole(other, [{"name": "b"}])
    assert [each["name"] for each in whole(python, [{"name": "b"}])["components"]] == ["a", "b"]
