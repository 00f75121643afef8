"""Concurrent commands in separate processes: each sees the changes of the others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.databases import BOTH_ENGINES, evenhand, migrated_database, start_command

COUNTS = "published,organisation,employees,gender_female,gender_male\n2026,Anywhere Council,100,60,40\n"
PLAN = Path(__file__).parents[3] / "docs" / "examples" / "complete-plan.yaml"
AUTHORITY = ("anywhere", "--name", "Anywhere Council", "--kind", "metropolitan_district")


@pytest.fixture(params=BOTH_ENGINES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    with migrated_database(request.param, tmp_path) as database:
        evenhand(tmp_path, database, "authority", "add", *AUTHORITY, "--area-code", "E99999999", "--area-name", "X")
        (tmp_path / "counts.csv").write_text(COUNTS)
        (tmp_path / "counts.source.toml").write_text('publisher = "Anywhere Council"\nlicence = "OGL v3.0"\n')
        yield tmp_path, database


def at_once(site: tuple[Path, str], *commands: tuple[str, ...]) -> list[tuple[int, str]]:
    running = [start_command(*site, *command) for command in commands]
    finished = [(process, process.communicate()) for process in running]
    return [(process.returncode, stdout + stderr) for process, (stdout, stderr) in finished]


def test_concurrent_publications_of_the_same_people_are_refused(site: tuple[Path, str]) -> None:
    evenhand(*site, "evidence", "import", str(site[0] / "counts.csv"))
    for name, policy in (("a", "council_lt10"), ("b", "council_lt5")):
        evenhand(*site, "release", "draft", "anywhere", name, "--title", name.upper(), "--policy", policy)
        for step in ("protect", "check", "approve"):
            evenhand(*site, "release", step, f"anywhere/{name}")
    outcomes = at_once(site, ("release", "publish", "anywhere/a"), ("release", "publish", "anywhere/b"))
    assert sorted(code for code, _output in outcomes) == [0, 1]
    (refused,) = (output for code, output in outcomes if code)
    assert "What must be done first: Some of these figures are already published" in refused
    assert evenhand(*site, "release", "list", "anywhere").count("(published,") == 1


def test_concurrent_imports_of_a_file_import_it_once(site: tuple[Path, str]) -> None:
    import_file = ("evidence", "import", str(site[0] / "counts.csv"))
    outcomes = at_once(site, import_file, import_file, import_file)
    assert [code for code, _output in outcomes] == [0, 0, 0], outcomes
    outputs = [output for _code, output in outcomes]
    assert sum("Imported: Anywhere Council, 2026" in output for output in outputs) == 1
    assert sum("Already imported, with the same figures" in output for output in outputs) == 2


def test_concurrent_imports_of_a_plan_import_it_once(site: tuple[Path, str]) -> None:
    file = site[0] / "plan.yaml"
    file.write_text(PLAN.read_text().replace("authority: exampleton-council", "authority: anywhere"))
    import_file = ("plan", "import", str(file))
    outcomes = at_once(site, import_file, import_file, import_file)
    assert [code for code, _output in outcomes] == [0, 0, 0], outcomes
    outputs = [output for _code, output in outcomes]
    assert sum("Imported as a draft" in output for output in outputs) == 1
    assert sum("Already imported, with the same text" in output for output in outputs) == 2
    publish = ("plan", "publish", "anywhere/example-objectives-2026-2030")
    outcomes = at_once(site, publish, publish)
    assert [code for code, _output in outcomes] == [0, 0], outcomes
    assert "Published" in evenhand(*site, *publish)
