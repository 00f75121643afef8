"""Deadlines of requests, finding a person's identifiers in text, and what every model must declare."""

from datetime import date
from typing import ClassVar

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from evenhand.clock.calculation import due_date
from evenhand.clock.calendars import WorkingDays
from evenhand.clock.rules import statutory_rules
from evenhand.modules import registry
from evenhand.privacy.identifiers import Identifiers
from evenhand.privacy.labels import MODEL_LABELS
from evenhand.privacy.registry import field_at, models_about_people
from evenhand.records.classification import (
    PERSONAL,
    PUBLIC,
    SECRET,
    Classification,
    check_every_model_names_its_data_subject,
    classification_of,
    data_subject_of,
    retention_of,
)
from evenhand.records.data_subjects import DataSubject, NoDataSubject
from evenhand.records.retention import Retention
from evenhand.records.retention_checks import _is_date_field, _is_frozen, check_time_limits_can_be_applied

MONTHS = [
    # received on, due on
    ("2026-11-25", "2026-12-25"),
    ("2026-12-25", "2027-01-25"),
    ("2027-01-31", "2027-02-28"),  # the last day of February
    ("2028-01-31", "2028-02-29"),  # in a leap year
    ("2027-02-28", "2027-03-28"),
    ("2026-08-31", "2026-09-30"),
]


def one_month_after(received: date) -> date:
    due = due_date(statutory_rules()["data_request"], received, WorkingDays()).due
    assert due is not None
    return due


@pytest.mark.parametrize(("received", "due"), MONTHS)
def test_a_request_is_due_one_month_after_receipt(received: str, due: str) -> None:
    assert one_month_after(date.fromisoformat(received)) == date.fromisoformat(due)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_deadline_is_always_in_the_next_month(received: date) -> None:
    due = one_month_after(received)
    assert (due.year * 12 + due.month) - (received.year * 12 + received.month) == 1
    assert due.day <= received.day
    assert 28 <= (due - received).days <= 31


ZOE = Identifiers(frozenset({"zoe@x.example"}), frozenset({"Zoë O'Hara"}))
MATCHES = [
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


@pytest.mark.parametrize(("text", "is_match"), MATCHES)
def test_a_person_is_found_by_full_name_and_email_address(text: str, is_match: bool) -> None:
    assert ZOE.appear_in(text) is is_match


def test_a_name_of_one_word_is_not_searched_for_because_it_may_be_any_word() -> None:
    assert not Identifiers(frozenset(), frozenset({"Jo"})).appear_in("Jo was here")
    assert not Identifiers(frozenset(), frozenset({"draft"})).appear_in("a draft of the plan")
    assert Identifiers(frozenset(), frozenset({"Philippa Jones"})).appear_in("Philippa Jones was here")


def test_a_person_without_identifiers_is_never_found() -> None:
    assert not Identifiers(frozenset(), frozenset()).appear_in("anything")


def test_every_model_with_personal_fields_declares_its_data_subject() -> None:
    assert check_every_model_names_its_data_subject(None) == []
    assert check_time_limits_can_be_applied(None) == []


def test_every_model_about_people_has_a_label() -> None:
    """The two models of the record of changes have a separate heading."""
    labelled = set(MODEL_LABELS).union(*(module.data_labels for module in registry.modules().values()))
    assert {model._meta.label_lower for model, _data_subject in models_about_people()} == labelled | {
        "ledger.entry",
        "ledger.payload",
    }


def test_every_path_to_a_person_ends_at_a_field() -> None:
    for model, data_subject in models_about_people():
        assert data_subject.paths or data_subject.reason, model
        for path in data_subject.paths:
            field_at(model, path)
        for name in data_subject.blanked:
            assert isinstance(model._meta.get_field(name), models.CharField | models.TextField)


def test_fields_with_the_name_of_a_secret_are_classified_as_secret() -> None:
    """So that no subject access report and no export discloses a key."""
    secret_words = ("password", "token", "secret", "session_key", "session_data", "sha256")
    digests_of_files = {"file_sha256", "csv_sha256"}
    unprotected = {
        f"{model._meta.label}.{field}"
        for model in apps.get_models()
        for field, level in classification_of(model).items()
        if any(word in field for word in secret_words) and level != SECRET and field not in digests_of_files
    }
    assert unprotected == set()


@isolate_apps("evenhand.privacy")
def test_a_model_without_a_data_subject_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgotten(models.Model):
        classified: ClassVar[dict[str, Classification]] = {"id": PUBLIC, "name": PERSONAL}
        retention: ClassVar[Retention] = Retention(reason="a test", days=1, after="name")
        name = models.CharField(max_length=1)

        class Meta:
            app_label = "privacy"

        def __str__(self) -> str:
            return self.name

    monkeypatch.setattr(apps, "get_models", lambda **_options: [Forgotten])
    assert [error.id for error in check_every_model_names_its_data_subject(None)] == ["records.E004"]
    assert [error.id for error in check_time_limits_can_be_applied(None)] == ["records.E005"]
    Forgotten.data_subject = "name"  # type: ignore[attr-defined]
    assert data_subject_of(Forgotten) == DataSubject("name")
    Forgotten.data_subject = NoDataSubject("a test")  # type: ignore[attr-defined]
    assert check_every_model_names_its_data_subject(None) == []


def test_rows_that_the_database_refuses_to_delete_have_no_retention_days() -> None:
    entry = apps.get_model("ledger.Entry")
    assert _is_frozen(entry)
    assert not _is_frozen(apps.get_model("ledger.Payload")), "the details of an entry may be erased"
    assert _is_date_field(entry, "at")
    assert not _is_date_field(entry, "action")
    assert not _is_date_field(entry, "")
    assert retention_of(entry).days is None
