"""Two people at once, each in a process of their own: the second finds what the first did."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from own_databases import BOTH, evenhand, laid_out, started

COUNTS = "published,organisation,employees,gender_female,gender_male\n2026,Anywhere Council,100,60,40\n"
PLAN = Path(__file__).parents[3] / "docs" / "examples" / "complete-plan.yaml"
AUTHORITY = ("anywhere", "--name", "Anywhere Council", "--kind", "metropolitan_district")


@pytest.fixture(params=BOTH)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    with laid_out(request.param, tmp_path) as database:
        evenhand(tmp_path, database, "authority", "add", *AUTHORITY, "--area-code", "E99999999", "--area-name", "X")
        (tmp_path / "counts.csv").write_text(COUNTS)
        yield tmp_path, database


def at_once(site: tuple[Path, str], *commands: tuple[str, ...]) -> list[tuple[int, str]]:
    running = [started(*site, *command) for command in commands]
    ended = [(each, each.communicate()) for each in running]
    return [(each.returncode, said + complained) for each, (said, complained) in ended]


def test_the_same_people_are_not_published_twice_at_once(site: tuple[Path, str]) -> None:
    evenhand(*site, "evidence", "import", str(site[0] / "counts.csv"))
    for name, policy in (("a", "council_lt10"), ("b", "council_lt5")):
        evenhand(*site, "release", "draft", "anywhere", name, "--title", name.upper(), "--policy", policy)
        for step in ("protect", "check", "approve"):
            evenhand(*site, "release", step, f"anywhere/{name}")
    outcomes = at_once(site, ("release", "publish", "anywhere/a"), ("release", "publish", "anywhere/b"))
    assert sorted(code for code, _said in outcomes) == [0, 1]
    (refused,) = (said for code, said in outcomes if code)
    assert "What must be done first: The same figures are already out" in refused
    assert evenhand(*site, "release", "list", "anywhere").count("(published,") == 1


def test_the_same_file_taken_in_twice_at_once_is_taken_in_once(site: tuple[Path, str]) -> None:
    take_in = ("evidence", "import", str(site[0] / "counts.csv"))
    outcomes = at_once(site, take_in, take_in, take_in)
    assert [code for code, _said in outcomes] == [0, 0, 0], outcomes
    said = [text for _code, text in outcomes]
    assert sum("Taken in: Anywhere Council, 2026" in text for text in said) == 1
    assert sum("Held already, with the same figures" in text for text in said) == 2


def test_the_same_plan_taken_in_twice_at_once_is_taken_in_once(site: tuple[Path, str]) -> None:
    file = site[0] / "plan.yaml"
    file.write_text(PLAN.read_text().replace("authority: exampleton-council", "authority: anywhere"))
    take_in = ("plan", "import", str(file))
    outcomes = at_once(site, take_in, take_in, take_in)
    assert [code for code, _said in outcomes] == [0, 0, 0], outcomes
    said = [text for _code, text in outcomes]
    assert sum("Taken in as a draft" in text for text in said) == 1
    assert sum("Held already, with the same words" in text for text in said) == 2
    publish = ("plan", "publish", "anywhere/example-objectives-2026-2030")
    outcomes = at_once(site, publish, publish)
    assert [code for code, _said in outcomes] == [0, 0], outcomes
    assert "Published" in evenhand(*site, *publish)
