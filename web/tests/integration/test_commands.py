"""A publication from file to page by the commands alone, and what each says when it is asked for too much."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

HEAD = "published,organisation,employees,gender_female,gender_male,religion_muslim,religion_no\n"


def run(*words: str) -> str:
    said = StringIO()
    call_command(*words, stdout=said, stderr=StringIO())
    return said.getvalue()


def test_from_a_new_authority_to_its_published_page(client: Client, db, tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(HEAD + "2026,Anywhere Council,300,200,100,7,280\n2027,Anywhere Council,300,190,110,20,280\n")
    run(
        "authority",
        "add",
        "anywhere",
        *("--name", "Anywhere Council", "--kind", "metropolitan_district"),
        *("--area-code", "E99999999", "--area-name", "Anywhere"),
    )
    assert "Taken in: Anywhere Council, 2026" in run("evidence", "import", str(file))
    run("release", "draft", "anywhere", "y", "--title", "Y", "--policy", "council_lt10", "--year", "2026")
    for step in ("protect", "check", "approve", "publish"):
        assert run("release", step, "anywhere/y").startswith("Y: ")
    assert "anywhere/y: Y (published, council_lt10)" in run("release", "list", "anywhere")
    shown = run("release", "show", "anywhere/y")
    assert "2027" not in shown
    assert "7" not in shown.partition("Religion")[2].partition("Sex")[0].replace("287", "")
    page = client.get("/authorities/anywhere/measures/representation-sex/").content.decode()
    assert "No Census figures for this area are held here." in page
    assert "Census 2021" not in page
    assert "Sex of staff in 2026</caption>" in page


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("release", "draft", "nowhere", "x", "--title", "X", "--policy", "council_lt10"), "No authority “nowhere”"),
        (
            ("release", "draft", "liverpool-city-council", "x", "--title", "X", "--policy", "council_lt10"),
            "No figures of Liverpool City Council are held yet",
        ),
        (
            (
                "release",
                "draft",
                "calderdale-council",
                "x",
                "--title",
                "X",
                "--policy",
                "council_lt10",
                "--year",
                "2030",
            ),
            "No figures of Calderdale Council are held for 2030 (held: 2019",
        ),
        (
            ("release", "draft", "calderdale-council", "x y", "--title", "X", "--policy", "council_lt10"),
            "Enter a valid “slug”",
        ),
        (
            (
                "release",
                "draft",
                "calderdale-council",
                "workforce-2019-to-2026",
                *("--title", "X", "--policy", "council_lt10"),
            ),
            "is or was in use here for something else",
        ),
        (("release", "protect", "calderdale-council/none"), "has no publication “none”"),
        (("release", "protect", "calderdale-council/workforce-2019-to-2026"), "is published, so it can't become"),
        (("release", "approve", "calderdale-council"), "has no publication “”"),
        (
            ("release", "reopen", "calderdale-council/workforce-2019-to-2026", "--reason", "x"),
            "is published, so it can't become draft",
        ),
        (("release", "check", "calderdale-council/x", "--by", "nobody@x.example"), "Nobody has the address"),
        (
            ("release", "publish", "calderdale-council/workforce-2019-to-2026-hidden-below-5"),
            "What must be done first",
        ),
        (("plan", "publish", "calderdale-council/none"), "has no plan “none”"),
        (("demo",), "This database is not empty"),
        (
            (
                *("authority", "add", "leeds-city-council", "--name", "Other", "--kind", "metropolitan_district"),
                *("--area-code", "E08000001", "--area-name", "X"),
            ),
            "already exists",
        ),
        (
            (
                *("authority", "add", "x", "--name", "=HYPERLINK()", "--kind", "metropolitan_district"),
                *("--area-code", "nonsense", "--area-name", "X"),
            ),
            "A name begins with a letter or a figure. An area code is a letter and eight figures",
        ),
        (
            ("authority", "member", "leeds-city-council", "--email", "no", "--name", "N", "--role", "viewer"),
            "valid email",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(db, words: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(*words)
    assert says in str(refused.value)


def test_the_demonstration_is_loaded_into_an_empty_database_only(db) -> None:
    assert run("demo", "--if-empty") == ""


def test_a_plan_can_be_checked_without_storing_anything(db) -> None:
    plans = Path(__file__).parents[2] / "src/evenhand/demonstration/plans"
    assert "3 objectives, 14 priorities" in run("plan", "check", str(plans / "lcrca-equality-objectives.yaml"))
    liverpool = plans / "liverpool-equality-objectives-2024-2028-draft.yaml"
    assert "5 objectives, 15 priorities" in run("plan", "check", str(liverpool))


def test_a_group_without_a_figure_casts_doubt_on_the_others(client: Client, db, tmp_path: Path) -> None:
    """A file that leaves out the columns of some groups can't make the rest look complete."""
    file = tmp_path / "counts.csv"
    file.write_text(
        "published,organisation,employees,sexuality_straight,sexuality_bisexual\n2031,Leeds City Council,1000,960,40\n"
    )
    run("evidence", "import", str(file))
    run("release", "draft", "leeds-city-council", "z", "--title", "Z", "--policy", "council_lt10", "--year", "2031")
    for step in ("protect", "check", "approve", "publish"):
        run("release", step, "leeds-city-council/z")
    page = client.get("/authorities/leeds-city-council/measures/representation-sexual-orientation/2031/")
    text = page.content.decode()
    assert "The source gives no figure for: Gay or Lesbian; Other sexual orientation." in text
    assert "if any staff belong to them, the other shares are too high" in text
