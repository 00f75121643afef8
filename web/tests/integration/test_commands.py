"""Publishing from a file to a public page with commands only, and the error messages of the commands."""

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.ledger.models import Entry

pytestmark = pytest.mark.usefixtures("in_production")

SOURCE = 'publisher = "Anywhere Council"\nlicence = "Open Government Licence v3.0"\n'
HEAD = "published,organisation,employees,gender_female,gender_male,religion_muslim,religion_no\n"


def run(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output, stderr=StringIO())
    return output.getvalue()


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
    file.with_suffix(".source.toml").write_text(SOURCE)
    assert "Imported: Anywhere Council, 2026" in run("evidence", "import", str(file))
    run("release", "draft", "anywhere", "y", "--title", "Y", "--policy", "council_lt10", "--year", "2026")
    for step in ("protect", "check", "approve", "publish"):
        assert run("release", step, "anywhere/y").startswith("Y: ")
    assert "anywhere/y: Y (published, council_lt10)" in run("release", "list", "anywhere")
    shown = run("release", "show", "anywhere/y")
    assert "2027" not in shown
    assert "7" not in shown.partition("Religion")[2].partition("Sex")[0].replace("287", "")
    page = client.get("/authorities/anywhere/measures/representation-sex/").content.decode()
    assert "We do not hold any Census figures for this area." in page
    assert "Census 2021" not in page
    assert "Sex of staff in 2026</caption>" in page
    assert "Staff: Anywhere Council; Open Government Licence v3.0." in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("release", "draft", "nowhere", "x", "--title", "X", "--policy", "council_lt10"),
            "There is no authority “nowhere”",
        ),
        (
            ("release", "draft", "liverpool-city-council", "x", "--title", "X", "--policy", "council_lt10"),
            "We do not hold any figures for Liverpool City Council",
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
            "We do not hold any figures for Calderdale Council in 2030 (years held: 2019",
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
            "is, or has been, used for something else",
        ),
        (("release", "protect", "calderdale-council/none"), "has no publication “none”"),
        (
            ("release", "protect", "calderdale-council/workforce-2019-to-2026"),
            "can't be moved from “Published” to “Protected”",
        ),
        (("release", "approve", "calderdale-council"), "has no publication “”"),
        (
            ("release", "reopen", "calderdale-council/workforce-2019-to-2026", "--reason", "x"),
            "can't be moved from “Published” to “Draft”",
        ),
        (
            ("release", "check", "calderdale-council/x", "--by", "nobody@x.example"),
            "There is no user with the email address",
        ),
        (
            ("release", "publish", "exampleton-city-council-invented/workforce-2023-to-2026-hidden-below-5"),
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
def test_a_command_that_fails_prints_an_error_message(db, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert message in str(error.value)


def test_the_demonstration_is_only_loaded_into_an_empty_database(db) -> None:
    assert run("demo", "--if-empty") == ""


def test_a_plan_can_be_checked_without_storing_anything(db) -> None:
    plans = Path(__file__).parents[2] / "src/evenhand/demonstration/plans"
    assert "3 objectives, 14 priorities" in run("plan", "check", str(plans / "lcrca-equality-objectives.yaml"))
    liverpool = plans / "liverpool-equality-objectives-2024-2028-draft.yaml"
    assert "5 objectives, 15 priorities" in run("plan", "check", str(liverpool))


def test_other_groups_get_a_caution_if_a_group_has_no_figure(client: Client, db, tmp_path: Path) -> None:
    """Leaving out the columns of some groups must not make the other groups look complete."""
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


def test_an_imported_plan_is_a_draft_until_it_is_published(client: Client, db, tmp_path: Path) -> None:
    example = Path(__file__).parents[3] / "docs" / "examples" / "complete-plan.yaml"
    file = tmp_path / "plan.yaml"
    file.write_text(re.sub(r"(?m)^authority: .*$", "authority: leeds-city-council", example.read_text()))
    (slug,) = re.findall(r"(?m)^slug: (.+)$", file.read_text())
    page = f"/authorities/leeds-city-council/plans/{slug}/"
    assert run("plan", "import", str(file)).startswith("Imported as a draft: ")
    assert client.get(page).status_code == 404
    assert run("plan", "import", str(file)).startswith("Already imported, with the same text: ")
    assert "Published: " in run("plan", "publish", f"leeds-city-council/{slug}")
    assert client.get(page).status_code == 200
    file.write_text(re.sub(r"(?m)^title: .*$", "title: Other words", file.read_text(), count=1))
    with pytest.raises(CommandError, match="and a different text"):
        run("plan", "import", str(file))


def test_a_command_run_by_a_named_person_needs_the_permission_and_is_recorded_for_that_person(
    db, calderdale: Authority, member: Callable[..., User], tmp_path: Path
) -> None:
    counts, plan = tmp_path / "counts.csv", tmp_path / "plan.yaml"
    counts.write_text("published,organisation,employees,gender_female\n2031,Calderdale Council,100,60\n")
    example = Path(__file__).parents[3] / "docs" / "examples" / "complete-plan.yaml"
    plan.write_text(re.sub(r"(?m)^authority: .*$", "authority: calderdale-council", example.read_text()))
    for arguments, allowed_role, refused_role in (
        (("evidence", "import", str(counts)), Role.ANALYST, Role.OFFICER),
        (("plan", "import", str(plan)), Role.OFFICER, Role.ANALYST),
    ):
        with pytest.raises(CommandError, match="You need the"):
            run(*arguments, "--by", member(calderdale, refused_role).email)
        run(*arguments, "--by", member(calderdale, allowed_role).email)
        assert Entry.objects.latest("id").actor_id == member(calderdale, allowed_role).id


def test_a_member_authority_is_shown_under_its_parent(client: Client, db) -> None:
    run(
        "authority",
        "add",
        "anywhere",
        *("--name", "Anywhere Council", "--kind", "metropolitan_district"),
        *("--area-code", "E08000001", "--area-name", "Anywhere"),
        *("--parent", "liverpool-city-region-combined-authority"),
    )
    page = client.get("/authorities/liverpool-city-region-combined-authority/").content.decode()
    assert '<a href="/authorities/anywhere/">Anywhere Council</a>' in page


def test_the_generated_documents_are_checked_and_written(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"differ from the code: .*docs/generated/roles\.md"):
        run("docs", "--check", "--root", str(tmp_path))
    run("docs", "--root", str(tmp_path))
    run("docs", "--check", "--root", str(tmp_path))
    (tmp_path / "docs" / "generated" / "roles.md").write_text("Everyone may do everything.")
    with pytest.raises(CommandError, match=r"code: docs/generated/roles\.md\. Run: \.venv/bin/evenhand docs"):
        run("docs", "--check", "--root", str(tmp_path))


def test_figures_with_hidden_subtotals_are_published_without_the_subtotals(client: Client, db, tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    head = "published,organisation,employees,gender_female,gender_male,gender_undisclosed"
    file.write_text(f"{head}\n2026,Liverpool City Council,300,200,95,5\n")
    file.with_suffix(".source.toml").write_text(SOURCE)
    run("evidence", "import", str(file))
    run("release", "draft", "liverpool-city-council", "w", "--title", "W", "--policy", "council_lt10")
    for step in ("protect", "check", "approve", "publish"):
        run("release", step, "liverpool-city-council/w")
    assert "300 staff, [c] answered" in run("release", "show", "liverpool-city-council/w")
    page = client.get("/authorities/liverpool-city-council/measures/representation-sex/").content.decode()
    assert "The number of staff whose answer is not known is hidden to protect people." in page
    assert "None" not in page
    assert not re.search(r"\b(5|295)\b", re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition("</main")[0]))
