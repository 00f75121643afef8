"""Our own checks: each one fails on the error that it is meant to find."""

import json
import shutil
from pathlib import Path

import pytest
from scripts.lock_sources import NODE_FOLDERS, node_lock_errors, python_lock_errors
from scripts.logical_styles import physical_properties, style_errors
from scripts.places import ROOT
from scripts.stamps import run_if_changed


@pytest.mark.parametrize(
    "scss",
    [
        ".a { margin-left: 1rem; }",
        ".a {\n  left: 0;\n}",
        ".a { text-align: right; }",
        ".a { float: left }",
        ".a { max-width: 20rem; }",
        ".a { border-top-left-radius: 0; }",
        ".a { padding: 0 1rem 0 2rem; }",
    ],
)
def test_a_physical_property_is_found(scss: str) -> None:
    assert list(physical_properties(scss))


@pytest.mark.parametrize(
    "scss",
    [
        ".a { margin-inline-start: 1rem; text-align: start; }",
        "@media (max-width: 40em) { .a { max-inline-size: none; } }",
        ".a { padding: 0 1rem 0 1rem; inset: 0; }",
        "// left: as it was\n/* float: left\n left: 0 */",
        ".a { border-block-end: 0; vertical-align: bottom; }",
    ],
)
def test_logical_properties_pass(scss: str) -> None:
    assert list(physical_properties(scss)) == []


def test_a_physical_property_is_named_with_its_line(tmp_path: Path) -> None:
    source = tmp_path / "web/frontend/scss/_page.scss"
    source.parent.mkdir(parents=True)
    source.write_text("/* two\nlines */\n.a {\n  padding-right: 0;\n}\n")
    assert style_errors(tmp_path) == [
        "web/frontend/scss/_page.scss:4: `padding-right:` is physical; use the logical property"
    ]


def test_a_lock_file_with_another_index_is_found(tmp_path: Path) -> None:
    locked = (ROOT / "uv.lock").read_text()
    (tmp_path / "uv.lock").write_text(locked)
    assert python_lock_errors(tmp_path) == []
    (tmp_path / "uv.lock").write_text(locked.replace("https://pypi.org/simple", "https://mirror.invalid/simple", 1))
    assert len(python_lock_errors(tmp_path)) == 1
    (tmp_path / "uv.lock").write_text(locked.replace("https://files.pythonhosted.org", "https://mirror.invalid", 1))
    assert len(python_lock_errors(tmp_path)) == 1


def test_an_inexact_node_version_or_a_download_address_is_found(tmp_path: Path) -> None:
    for folder in NODE_FOLDERS:
        (tmp_path / folder).mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / folder / name, tmp_path / folder / name)
    assert node_lock_errors(tmp_path) == []
    manifest = tmp_path / "web/frontend/package.json"
    manifest.write_text(manifest.read_text().replace('"sass": "', '"sass": "^'))
    lock = tmp_path / "web/frontend/package-lock.json"
    packages = json.loads(lock.read_text())
    packages["packages"]["node_modules/sass"]["resolved"] = "https://mirror.invalid/sass.tgz"
    lock.write_text(json.dumps(packages))
    assert len(node_lock_errors(tmp_path)) == 2


def test_work_is_repeated_only_for_other_inputs_or_a_missing_output(tmp_path: Path) -> None:
    source, output = tmp_path / "source", tmp_path / "output"
    source.write_text("one")

    def work() -> bool:
        return run_if_changed(
            tmp_path / "stamp", [source], [output], lambda: output.write_text(source.read_text()) and None
        )

    assert work()
    assert not work()
    source.write_text("two")
    assert work()
    assert output.read_text() == "two"
    output.unlink()
    assert work()
