"""The record of changes: the content of entries, their commitments, and that no change is written without an entry."""

import hashlib
import json
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from django.db import connection

from evenhand.authorities import actions as authorities
from evenhand.authorities.models import Authority, User
from evenhand.authorities.record_words import displayed_content
from evenhand.evidence.models import Snapshot
from evenhand.ledger.actions import RecordedChange, Subject, UnrecordedChange, recording
from evenhand.ledger.form import SYSTEM
from evenhand.ledger.models import Entry, Payload
from evenhand.ledger.queries import entries_naming, history
from evenhand.ledger.verification import verify
from evenhand.records.files import Root, fingerprint, load

pytestmark = pytest.mark.both_databases


def test_every_entry_commits_to_its_payload_with_its_own_salt(db) -> None:
    payloads = list(Payload.objects.select_related("entry"))
    assert len(payloads) == Entry.objects.count() > 0
    for payload in payloads:
        text = json.dumps(payload.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert payload.text == text
        assert payload.entry.commitment == hashlib.sha256(f"{payload.salt}{text}".encode()).hexdigest()
    assert len({payload.salt for payload in payloads}) == len(payloads)


def test_an_entry_contains_the_old_and_new_values_and_the_reason(calderdale: Authority, by: User) -> None:
    authorities.move(calderdale, by=by, slug="calderdale", reason="shorter")
    entry = Entry.objects.latest("id")
    assert (entry.subject_kind, entry.subject_id, entry.authority_id) == ("authority", calderdale.id, calderdale.id)
    assert entry.payload.content == {
        "before": {"slug": "calderdale-council"},
        "after": {"slug": "calderdale"},
        "reason": "shorter",
    }


def test_an_unrecorded_change_is_rolled_back(calderdale: Authority, by: User) -> None:
    entries = Entry.objects.count()
    with (
        pytest.raises(UnrecordedChange),
        recording("authorities.rename", by=by, on=Subject("authority", calderdale.id, calderdale.id)),
    ):
        Authority.objects.filter(id=calderdale.id).update(name="Another Council")
    calderdale.refresh_from_db()
    assert (calderdale.name, Entry.objects.count()) == ("Calderdale Council", entries)


def test_every_imported_file_is_stored_under_the_fingerprint_in_the_record(db) -> None:
    digests = [entry.payload.content["after"]["sha256"] for entry in Entry.objects.filter(action="plans.import")]
    assert len(digests) == 5  # two real plans, the two that quote them, and a draft
    for digest in digests:
        assert fingerprint(load(Root.PRIVATE, digest)) == digest


def test_the_record_does_not_reveal_the_fingerprint_of_a_file_of_unprotected_figures(db) -> None:
    """Someone who knows all counts but one could use it to confirm a guess. It is stored only with the figures."""
    digest = Snapshot.objects.values_list("file_sha256", flat=True)[0]
    assert fingerprint(load(Root.PRIVATE, digest)) == digest
    assert not any(digest in entry.payload.text for entry in Entry.objects.all())
    old = {"before": {}, "after": {"file": "c.csv", "sha256": digest}, "reason": ""}
    assert digest not in str(displayed_content("evidence.import_workforce", old))  # as version 0.1.0 wrote it


def change(by: User, action: str, authority_id: UUID | None) -> AbstractContextManager[RecordedChange]:
    return recording(action, by=by, on=Subject("thing", uuid4(), authority_id))


def actions_after(existing: int) -> list[str]:
    return list(Entry.objects.order_by("id").values_list("action", flat=True))[existing:]


def test_entries_of_nested_blocks_are_written_when_the_outermost_ends_innermost_first(
    calderdale: Authority, by: User
) -> None:
    existing = Entry.objects.count()
    with change(by, "test.outer", calderdale.id) as outer:
        with change(by, "test.inner", None) as inner:
            with change(by, "test.innermost", calderdale.id) as innermost:
                innermost.after = {}
            inner.after = {}
        assert Entry.objects.count() == existing, "the end of the chain is not locked while the blocks run"
        outer.after = {}
    assert actions_after(existing) == ["test.innermost", "test.inner", "test.outer"]
    latest = Entry.objects.filter(chain=calderdale.id).order_by("-position")[:2]
    assert [entry.action for entry in latest] == ["test.outer", "test.innermost"]
    assert Entry.objects.get(action="test.inner").chain == SYSTEM
    assert verify().ok


def fail_after_a_change(calderdale: Authority, by: User) -> None:
    with change(by, "test.failed", calderdale.id) as failed:
        with change(by, "test.inside_the_failed", calderdale.id) as inside:
            Authority.objects.filter(id=calderdale.id).update(name="Another Council")
            inside.after = {}
        failed.after = {"never": 1 / 0}


def test_a_failed_inner_block_leaves_nothing_and_the_outer_block_continues(calderdale: Authority, by: User) -> None:
    existing = Entry.objects.count()
    with change(by, "test.outer", calderdale.id) as outer:
        with pytest.raises(ZeroDivisionError):
            fail_after_a_change(calderdale, by)
        with pytest.raises(UnrecordedChange), change(by, "test.silent", calderdale.id):
            pass
        with change(by, "test.good", calderdale.id) as good:
            good.after = {}
        outer.after = {}
    assert actions_after(existing) == ["test.good", "test.outer"]
    calderdale.refresh_from_db()
    assert calderdale.name == "Calderdale Council"


def test_a_failed_outer_block_rolls_back_its_inner_blocks(calderdale: Authority, by: User) -> None:
    existing = Entry.objects.count()
    with (
        pytest.raises(UnrecordedChange),
        change(by, "test.outer", calderdale.id),
        change(by, "test.inner", calderdale.id) as inner,
    ):
        inner.after = {}
    assert actions_after(existing) == []
    with change(by, "test.next", calderdale.id) as following:
        following.after = {}
    assert actions_after(existing) == ["test.next"], "no entry of the failed block is written later"


@pytest.mark.parametrize(
    "value",
    [0.1, -0.0, 1e16, 1e-7, 1e300, 10**30, "\x00", "\u2028", "\U0001f600", '"', "\\", None, True, [], {"b": 1, "a": 2}],
)
def test_details_are_read_back_exactly_as_they_were_hashed(calderdale: Authority, by: User, value: object) -> None:
    with change(by, "test.value", calderdale.id) as recorded:
        recorded.after = {"value": value}
    entry = Entry.objects.select_related("payload").get(action="test.value")
    assert entry.payload.content["after"] == {"value": value}
    assert verify(only=calderdale.id).ok


def test_details_that_are_not_json_are_refused(calderdale: Authority, by: User) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"), change(by, "test.value", calderdale.id) as recorded:
        recorded.after = {"value": float("nan")}


def test_an_entry_needs_few_queries(calderdale: Authority, by: User, django_assert_num_queries) -> None:
    # On SQLite only the transaction's own, because the entry goes straight to the driver; one more on PostgreSQL.
    with (
        django_assert_num_queries(3 if connection.vendor == "postgresql" else 2),
        change(by, "test.change", calderdale.id) as recorded,
    ):
        recorded.after = {}


def test_entries_naming_a_person(calderdale: Authority, by: User) -> None:
    person = User.objects.create_user("p@x.example", "P")
    with change(person, "test.did", calderdale.id) as by_person:
        by_person.after = {}
    with recording("test.was_done_to", by=by, on=Subject("person", person.id, calderdale.id)) as about_person:
        about_person.after = {}
    with change(by, "test.mentions", calderdale.id) as mentions:
        mentions.before = {"who": [person.id]}
        mentions.after = {}
    with change(by, "test.other", calderdale.id) as other:
        other.after = {}
    actions = entries_naming(person.id).values_list("action", flat=True)
    assert list(actions) == ["test.did", "test.was_done_to", "test.mentions"]
    assert [entry.action for entry in history(person.id)] == ["test.was_done_to"]
