"""The draft documents agree with the code, mark what the authority must complete, and cannot inject markup."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from evenhand.authorities.models import Membership
from evenhand.evidence.permissions import SEE_UNPROTECTED
from evenhand.operations.documents import facts
from evenhand.operations.documents.drafts import DRAFTS, find_draft
from evenhand.public import markdown
from evenhand.public.accessibility import accessibility_statement
from evenhand.records.classification import PERSONAL, SPECIAL_CATEGORY, classification_of
from evenhand.records.purposes import (
    apps_without_purpose,
    check_every_app_with_personal_fields_has_a_purpose,
    models_with_personal_fields,
    purposes,
)
from evenhand.records.retention_checks import models_with_a_time_limit

MODEL_HEADINGS = [  # of the government's model statement, in order
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


@pytest.mark.parametrize("document", DRAFTS, ids=lambda document: document.slug)
def test_each_draft_has_only_gaps_that_say_what_to_complete(document) -> None:
    text = document.write("")
    assert text.startswith("# ")
    gaps = re.findall(r"\[[^\]]*\]", text)
    assert gaps
    assert all(re.match(r"\[to be (completed|checked)", gap) for gap in gaps)
    assert "{{" not in text
    assert "None" not in text.replace("None is known", "")


@pytest.mark.parametrize("document", [draft for draft in DRAFTS if draft.slug != "accessibility-statement"])
def test_each_draft_is_marked_as_a_draft(document) -> None:
    assert "This is a draft." in document.write("")


def test_every_kind_of_personal_data_is_in_the_record_of_processing() -> None:
    text = find_draft("record-of-processing").write("Calderdale Council")
    rows = {line.split(" | ")[0].lstrip("| ") for line in text.splitlines()}
    for model in apps.get_models():
        if {PERSONAL, SPECIAL_CATEGORY} & set(classification_of(model).values()):
            assert str(model._meta.verbose_name_plural) in rows
    assert "Calderdale Council" in text
    assert "its name]" not in text


def test_every_model_is_in_the_retention_schedule() -> None:
    lines = find_draft("retention-schedule").write("").splitlines()
    for model in apps.get_models():
        assert any(line.startswith(f"| {model._meta.verbose_name_plural} | ") for line in lines), model
    (messages,) = (line for line in lines if line.startswith("| messages | "))
    assert "30 days after" in messages
    assert messages.endswith("deleted by the nightly task |")
    (entries,) = (line for line in lines if line.startswith("| entries | "))
    assert "permanently" in entries
    assert entries.endswith("not deleted automatically |")


def test_every_time_limit_says_from_which_event_it_runs() -> None:
    for model, retention in models_with_a_time_limit():
        assert retention.event, model
    assert "for 6 years (2,190 days) after the role ends, to show" in facts.retention_text(Membership)


def test_the_record_of_processing_says_who_may_see_unprotected_figures() -> None:
    (line,) = (line for line in facts.permissions() if line.permission == str(SEE_UNPROTECTED.label))
    assert line.roles == "Analyst"
    assert "| see unprotected figures | Analyst |" in find_draft("record-of-processing").write("")


def test_an_app_with_personal_fields_and_no_purpose_is_an_error() -> None:
    assert check_every_app_with_personal_fields_has_a_purpose(None) == []
    declared = {label: purpose for label, purpose in purposes().items() if label not in ("privacy", "axes")}
    errors = apps_without_purpose(models_with_personal_fields(), declared)
    messages = {str(error.msg).partition(" (")[0]: error.hint for error in errors}
    assert messages == {
        "axes has personal fields": "Add its label to `PURPOSES` in evenhand.records.library_models.",
        "evenhand.privacy has personal fields": "Add `purpose=_(…)` to `MODULE` in evenhand.privacy.module.",
    }
    assert "privacy.Request" in next(str(error.msg) for error in errors if "privacy" in str(error.msg))


def test_a_changed_setting_changes_the_draft(settings) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    assert "after 3 failures" in find_draft("data-protection-impact-assessment").write("")


def test_the_accessibility_statement_has_the_headings_of_the_model() -> None:
    headings = [line.lstrip("# ") for line in accessibility_statement().splitlines() if line.startswith("#")]
    assert headings == MODEL_HEADINGS


def test_the_public_page_shows_the_statement_without_placeholders(client, db) -> None:
    page = client.get("/accessibility/").content.decode()
    assert markdown.to_html(accessibility_statement()) in page
    assert "[to be" not in page
    assert "at widths of 1,280 and 320 pixels" in page


def test_the_public_page_and_the_draft_have_the_same_headings() -> None:
    written = find_draft("accessibility-statement").write("")
    assert markdown.to_html(written) == markdown.to_html(accessibility_statement(is_draft=True))
    assert [line for line in written.splitlines() if line.startswith("#")] == [
        line for line in accessibility_statement().splitlines() if line.startswith("#")
    ]


def test_the_drafts_are_written_to_a_folder(tmp_path: Path) -> None:
    call_command("documents", out=tmp_path / "new")
    names = {f"{document.slug}{extension}" for document in DRAFTS for extension in (".md", ".html")}
    assert {file.name for file in (tmp_path / "new").iterdir()} == names
    page = (tmp_path / "new" / "exit-plan.html").read_text()
    assert page.count("<h1>") == 1
    assert "[to be completed" in page


MARKDOWN_AND_HTML = [
    ("# A & B", "<h1>A &amp; B</h1>"),
    ("one\ntwo", "<p>one two</p>"),
    ("## H\n- a\n- **b**", "<h2>H</h2>\n<ul>\n<li>a</li>\n<li><strong>b</strong></li>\n</ul>"),
    ("<script>", "<p>&lt;script&gt;</p>"),
    ("see <https://x.example/>", '<p>see <a href="https://x.example/">https://x.example/</a></p>'),
    ("<javascript:x>", "<p>&lt;javascript:x&gt;</p>"),
    ("[to be completed: x]", '<p><mark class="eh-gap">[to be completed: x]</mark></p>'),
    ("`a b`", "<p><code>a b</code></p>"),
]


@pytest.mark.parametrize(("text", "html"), MARKDOWN_AND_HTML)
def test_markdown_becomes_safe_html(text: str, html: str) -> None:
    assert markdown.to_html(text) == html


def test_each_table_cell_has_the_name_of_its_column() -> None:
    html = markdown.to_html("| A | B |\n| --- | --- |\n| 1 | <b> |")
    assert '<th role="rowheader" scope="row">1</th><td role="cell" data-label="B">&lt;b&gt;</td>' in html
