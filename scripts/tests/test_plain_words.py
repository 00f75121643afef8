"""The check of retired words finds each kind, and leaves ordinary English alone."""

from pathlib import Path

import pytest
from scripts.plain_words import LIST, in_python, in_text, word_errors

DISCLOSURE = "stats/src/evenstat/disclosure/x.py"


@pytest.mark.parametrize(
    ("file", "source", "word"),
    [
        ("x.py", "for each in rows: pass", "each"),
        ("x.py", "def take_in_hand(): pass", "take_in_hand"),
        ("x.py", "class TakingIn: pass", "TakingIn"),
        ("x.py", "def f(said): pass", "said"),
        ("x.py", "import a as nursery", "nursery"),
        ("x.py", "STOREYS = ()", "STOREYS"),
        (DISCLOSURE, "def unsafe_cells(): pass", "unsafe_cells"),
        ("x.py", "# whoever signs in", "whoever"),
        ("x.py", 'x = _("How to mend it")', "mend"),
    ],
)
def test_a_retired_word_is_found(file: str, source: str, word: str) -> None:
    assert [finding.text for finding in in_python(file, source)] == [word]


def test_a_retired_phrase_on_a_page_is_found_with_its_line() -> None:
    (finding,) = in_text("page.html", "<p>one</p>\n<h2>What there is to do</h2>")
    assert str(finding) == "page.html:2: “What there is to do” is a retired word: write your tasks"


def test_the_errors_say_where_the_list_of_retired_words_is(tmp_path: Path) -> None:
    assert word_errors(tmp_path) == []
    (tmp_path / "README.md").write_text("How to mend it")
    assert word_errors(tmp_path) == ["README.md:1: “mend” is a retired word: write fix", LIST]
    assert "scripts/plain_words.py" in LIST


def test_ordinary_english_and_quotations_are_left_alone() -> None:
    assert list(in_python("x.py", "unsafe = 1\nreach_each = 2\nhousehold = 3\namended = 4")) == []
    text = "no more than five; reached; amend; a warehouse\n> whoever said so\nthe council wrote “no one is given away”"
    assert list(in_text("x.md", text)) == []
