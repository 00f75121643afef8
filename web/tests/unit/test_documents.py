"""The drafts say what the code does; what it can't know is a gap; none of it can carry markup in."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from evenhand.authorities.permissions import Permission
from evenhand.operations.documents import facts
from evenhand.operations.documents.writing import DRAFTS, draft
from evenhand.public import prose
from evenhand.public.statement import statement
from evenhand.records.classification import PERSONAL, SPECIAL_CATEGORY, classification_of

MODEL_HEADINGS = [  # of the government's model statement, in its order
    "Accessibility statement",
    "How accessible this site is",
    "Feedback and contact",
    "Enforcement procedure",
    "Technical information about this site's accessibility",
    "Compliance status",
    "Non-accessible content",
    "Non-compliance with the accessibility regulations",
    "Disproportionate burden",
    "Content that is not within the scope of the accessibility regulations",
    "What we are doing to improve accessibility",
    "Preparation of this accessibility statement",
]


@pytest.mark.parametrize("each", DRAFTS, ids=lambda each: each.slug)
def test_each_draft_has_gaps_that_say_what_is_missing_and_no_others(each) -> None:
    text = each.write("")
    assert text.startswith("# ")
    gaps = re.findall(r"\[[^\]]*\]", text)
    assert gaps
    assert all(re.match(r"\[to be (completed|checked)", gap) for gap in gaps)
    assert "{{" not in text
    assert "None" not in text.replace("None is known", "")


@pytest.mark.parametrize("each", [each for each in DRAFTS if each.slug != "accessibility-statement"])
def test_each_draft_says_that_it_is_one(each) -> None:
    assert "This is a draft." in each.write("")


def test_every_kind_of_personal_data_is_in_the_record_of_processing() -> None:
    text = draft("record-of-processing").write("Calderdale Council")
    rows = {line.split(" | ")[0].lstrip("| ") for line in text.splitlines()}
    for model in apps.get_models():
        if {PERSONAL, SPECIAL_CATEGORY} & set(classification_of(model).values()):
            assert str(model._meta.verbose_name_plural) in rows
    assert "Calderdale Council" in text
    assert "its name]" not in text


def test_everything_is_in_the_retention_schedule_with_what_the_clock_does() -> None:
    lines = draft("retention-schedule").write("").splitlines()
    for model in apps.get_models():
        assert any(line.startswith(f"| {model._meta.verbose_name_plural} | ") for line in lines), model
    (messages,) = (line for line in lines if line.startswith("| messages | "))
    assert "30 days after" in messages
    assert messages.endswith("deleted by the nightly clock |")
    (entries,) = (line for line in lines if line.startswith("| entries | "))
    assert "for ever" in entries
    assert entries.endswith("no clock |")


def test_who_may_see_unprotected_figures_is_said() -> None:
    (line,) = (each for each in facts.permissions() if each.permission == Permission.SEE_UNPROTECTED.value)
    assert line.roles == "Analyst"
    assert "| see unprotected figures | Analyst |" in draft("record-of-processing").write("")


def test_data_without_a_purpose_stops_the_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "PURPOSES", {})
    with pytest.raises(KeyError):
        draft("record-of-processing").write("")


def test_a_changed_setting_changes_the_draft(settings) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    assert "after 3 failures" in draft("data-protection-impact-assessment").write("")


def test_the_accessibility_statement_has_the_headings_of_the_model() -> None:
    found = [line.lstrip("# ") for line in statement().splitlines() if line.startswith("#")]
    assert found == MODEL_HEADINGS


def test_the_page_and_the_draft_are_one_text(client, db) -> None:
    page = client.get("/accessibility/").content.decode()
    assert prose.html(statement()) in page
    assert prose.html(draft("accessibility-statement").write("")) == prose.html(statement())


def test_they_are_written_to_a_folder(tmp_path: Path) -> None:
    call_command("documents", out=tmp_path / "new")
    names = {f"{each.slug}{ending}" for each in DRAFTS for ending in (".md", ".html")}
    assert {file.name for file in (tmp_path / "new").iterdir()} == names
    page = (tmp_path / "new" / "exit-plan.html").read_text()
    assert page.count("<h1>") == 1
    assert "[to be completed" in page


MARKED = [
    ("# A & B", "<h1>A &amp; B</h1>"),
    ("one\ntwo", "<p>one two</p>"),
    ("## H\n- a\n- **b**", "<h2>H</h2>\n<ul>\n<li>a</li>\n<li><strong>b</strong></li>\n</ul>"),
    ("<script>", "<p>&lt;script&gt;</p>"),
    ("see <https://x.example/>", '<p>see <a href="https://x.example/">https://x.example/</a></p>'),
    ("<javascript:x>", "<p>&lt;javascript:x&gt;</p>"),
    ("[to be completed: x]", '<p><mark class="eh-gap">[to be completed: x]</mark></p>'),
    ("`a b`", "<p><code>a b</code></p>"),
]


@pytest.mark.parametrize(("text", "html"), MARKED)
def test_markdown_becomes_safe_html(text: str, html: str) -> None:
    assert prose.html(text) == html


def test_a_table_names_its_columns_in_each_cell() -> None:
    made = prose.html("| A | B |\n| --- | --- |\n| 1 | <b> |")
    assert '<th role="rowheader" scope="row">1</th><td role="cell" data-label="B">&lt;b&gt;</td>' in made
