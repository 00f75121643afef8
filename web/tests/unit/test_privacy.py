"""The month of a request, traces of a person in text, and what every model must say of itself."""

from datetime import date
from typing import ClassVar

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from evenhand.privacy.due import one_month_after
from evenhand.privacy.registry import about_people, end_of
from evenhand.privacy.traces import Traces
from evenhand.privacy.words import CALLED
from evenhand.records.about import About, Nobody
from evenhand.records.classification import (
    PERSONAL,
    PUBLIC,
    SECRET,
    Classification,
    about_of,
    check_every_model_says_whom,
    classification_of,
    retention_of,
)
from evenhand.records.clock import _is_a_moment, _is_frozen, check_every_clock_runs
from evenhand.records.retention import Kept

MONTHS = [
    # received, to be answered by
    ("2026-11-25", "2026-12-25"),
    ("2026-12-25", "2027-01-25"),
    ("2027-01-31", "2027-02-28"),  # February has no 31st: its last day
    ("2028-01-31", "2028-02-29"),  # nor in a leap year
    ("2027-02-28", "2027-03-28"),
    ("2026-08-31", "2026-09-30"),
]


@pytest.mark.parametrize(("received", "due"), MONTHS)
def test_a_request_is_answered_within_a_month(received: str, due: str) -> None:
    assert one_month_after(date.fromisoformat(received)) == date.fromisoformat(due)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_month_is_the_next_one_and_never_skips(received: date) -> None:
    due = one_month_after(received)
    assert (due.year * 12 + due.month) - (received.year * 12 + received.month) == 1
    assert due.day <= received.day
    assert 28 <= (due - received).days <= 31


ZOE = Traces(frozenset({"zoe@x.example"}), frozenset({"Zoë O'Hara"}))
FOUND = [
    ("Zoë O'Hara", True),
    ("by zoë o'hara, yesterday", True),
    ("ZOE@X.EXAMPLE", True),
    ("<zoe@x.example>.", True),
    ("the end is zoe@x.example.", True),
    (r"{\"name\": \"Zo\u00eb O'Hara\"}", True),
    ("Zoë O'Harald", False),
    ("annezoe@x.example", False),
    ("zoe@x.example.org", False),
    ("Zoë Hara", False),
    ("", False),
]


@pytest.mark.parametrize(("text", "is_there"), FOUND)
def test_a_person_is_found_by_full_name_and_address_and_nobody_else(text: str, is_there: bool) -> None:
    assert ZOE.are_in(text) is is_there


def test_one_word_alone_is_not_looked_for_because_anyone_may_call_themselves_draft() -> None:
    assert not Traces(frozenset(), frozenset({"Jo"})).are_in("Jo was here")
    assert not Traces(frozenset(), frozenset({"draft"})).are_in("a draft of the plan")
    assert Traces(frozenset(), frozenset({"Philippa Jones"})).are_in("Philippa Jones was here")


def test_no_name_and_no_address_are_found_nowhere() -> None:
    assert not Traces(frozenset(), frozenset()).are_in("anything")


def test_every_model_with_personal_fields_says_whom_they_are_about() -> None:
    assert check_every_model_says_whom(None) == []
    assert check_every_clock_runs(None) == []


def test_every_kind_of_row_about_people_has_a_name_in_plain_words() -> None:
    """The two of the record of changes stand under its own heading."""
    assert {model._meta.label_lower for model, _about in about_people()} == set(CALLED) | {
        "ledger.entry",
        "ledger.payload",
    }


def test_every_path_to_a_person_leads_somewhere() -> None:
    for model, about in about_people():
        assert about.paths or about.why, model
        for path in about.paths:
            end_of(model, path)
        for name in about.blanks:
            assert isinstance(model._meta.get_field(name), models.CharField | models.TextField)


def test_what_looks_like_a_secret_is_kept_as_one() -> None:
    """So that no answer to a person, and no export, gives away a key."""
    signs = ("password", "token", "secret", "session_key", "session_data", "sha256")
    of_files = {"file_sha256", "csv_sha256"}
    loose = {
        f"{model._meta.label}.{field}"
        for model in apps.get_models()
        for field, level in classification_of(model).items()
        if any(sign in field for sign in signs) and level != SECRET and field not in of_files
    }
    assert loose == set()


@isolate_apps("evenhand.privacy")
def test_a_model_that_does_not_say_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgotten(models.Model):
        classified: ClassVar[dict[str, Classification]] = {"id": PUBLIC, "name": PERSONAL}
        kept: ClassVar[Kept] = Kept(why="a test", days=1, after="name")
        name = models.CharField(max_length=1)

        class Meta:
            app_label = "privacy"

        def __str__(self) -> str:
            return self.name

    monkeypatch.setattr(apps, "get_models", lambda **_options: [Forgotten])
    assert [fault.id for fault in check_every_model_says_whom(None)] == ["records.E004"]
    assert [fault.id for fault in check_every_clock_runs(None)] == ["records.E005"]
    Forgotten.about = "name"  # type: ignore[attr-defined]
    assert about_of(Forgotten) == About("name")
    Forgotten.about = Nobody("a test")  # type: ignore[attr-defined]
    assert check_every_model_says_whom(None) == []


def test_a_clock_on_rows_that_the_database_keeps_for_ever_is_found() -> None:
    entry = apps.get_model("ledger.Entry")
    assert _is_frozen(entry)
    assert not _is_frozen(apps.get_model("ledger.Payload")), "what a change said may be erased"
    assert _is_a_moment(entry, "at")
    assert not _is_a_moment(entry, "action")
    assert not _is_a_moment(entry, "")
    assert retention_of(entry).days is None
