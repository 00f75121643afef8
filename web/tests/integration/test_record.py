"""The record of changes: what an entry says, that it can be proved, and that nothing is written without one."""

import hashlib
import json
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from django.db import connection

from evenhand.authorities import actions as authorities
from evenhand.authorities.models import Authority, User
from evenhand.authorities.words import to_show
from evenhand.evidence.models import Snapshot
from evenhand.ledger.actions import Change, Subject, UnrecordedChange, recording
from evenhand.ledger.form import SYSTEM
from evenhand.ledger.models import Entry, Payload
from evenhand.ledger.queries import entries_naming, history
from evenhand.ledger.verification import verify
from evenhand.records.files import Root, fingerprint, kept


def test_every_entry_is_proved_by_its_payload_and_a_salt_of_its_own(db) -> None:
    payloads = list(Payload.objects.select_related("entry"))
    assert len(payloads) == Entry.objects.count() > 0
    for each in payloads:
        text = json.dumps(each.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert each.text == text
        assert each.entry.commitment == hashlib.sha256(f"{each.salt}{text}".encode()).hexdigest()
    assert len({each.salt for each in payloads}) == len(payloads)


def test_an_entry_says_what_stood_before_what_stands_now_and_why(calderdale: Authority, by: User) -> None:
    authorities.move(calderdale, by=by, slug="calderdale", reason="shorter")
    entry = Entry.objects.latest("id")
    assert (entry.subject_kind, entry.subject_id, entry.authority_id) == ("authority", calderdale.id, calderdale.id)
    assert entry.payload.content == {
        "before": {"slug": "calderdale-council"},
        "after": {"slug": "calderdale"},
        "reason": "shorter",
    }


def test_a_change_that_does_not_say_what_it_did_is_undone(calderdale: Authority, by: User) -> None:
    entries = Entry.objects.count()
    with (
        pytest.raises(UnrecordedChange),
        recording("authorities.rename", by=by, on=Subject("authority", calderdale.id, calderdale.id)),
    ):
        Authority.objects.filter(id=calderdale.id).update(name="Another Council")
    calderdale.refresh_from_db()
    assert (calderdale.name, Entry.objects.count()) == ("Calderdale Council", entries)


def test_every_file_that_was_taken_in_is_kept_under_the_fingerprint_in_the_record(db) -> None:
    digests = [entry.payload.content["after"]["sha256"] for entry in Entry.objects.filter(action="plans.import")]
    assert len(digests) == 3
    for digest in digests:
        assert fingerprint(kept(Root.PRIVATE, digest)) == digest


def test_the_record_does_not_tell_the_fingerprint_of_a_file_of_unprotected_figures(db) -> None:
    """With all but one count known, it would confirm a guess at that one. The figures themselves keep it."""
    digest = Snapshot.objects.values_list("file_sha256", flat=True)[0]
    assert fingerprint(kept(Root.PRIVATE, digest)) == digest
    assert not any(digest in entry.payload.text for entry in Entry.objects.all())
    old = {"before": {}, "after": {"file": "c.csv", "sha256": digest}, "reason": ""}
    assert digest not in str(to_show("evidence.import_workforce", old))  # as 0.1.0 wrote it


def change(by: User, action: str, authority_id: UUID | None) -> AbstractContextManager[Change]:
    return recording(action, by=by, on=Subject("thing", uuid4(), authority_id))


def written(already: int) -> list[str]:
    return list(Entry.objects.order_by("id").values_list("action", flat=True))[already:]


def test_blocks_inside_a_block_are_written_at_its_end_the_innermost_first(calderdale: Authority, by: User) -> None:
    already = Entry.objects.count()
    with change(by, "test.outer", calderdale.id) as outer:
        with change(by, "test.inner", None) as inner:
            with change(by, "test.innermost", calderdale.id) as innermost:
                innermost.after = {}
            inner.after = {}
        assert Entry.objects.count() == already, "the end of the chain is not held while the work goes on"
        outer.after = {}
    assert written(already) == ["test.innermost", "test.inner", "test.outer"]
    mine = Entry.objects.filter(chain=calderdale.id).order_by("-position")[:2]
    assert [each.action for each in mine] == ["test.outer", "test.innermost"]
    assert Entry.objects.get(action="test.inner").chain == SYSTEM
    assert verify().ok


def fail_after_a_change(calderdale: Authority, by: User) -> None:
    with change(by, "test.failed", calderdale.id) as failed:
        with change(by, "test.inside_the_failed", calderdale.id) as inside:
            Authority.objects.filter(id=calderdale.id).update(name="Another Council")
            inside.after = {}
        failed.after = {"never": 1 / 0}


def test_a_block_that_fails_inside_another_leaves_nothing_and_the_other_goes_on(
    calderdale: Authority, by: User
) -> None:
    already = Entry.objects.count()
    with change(by, "test.outer", calderdale.id) as outer:
        with pytest.raises(ZeroDivisionError):
            fail_after_a_change(calderdale, by)
        with pytest.raises(UnrecordedChange), change(by, "test.silent", calderdale.id):
            pass
        with change(by, "test.good", calderdale.id) as good:
            good.after = {}
        outer.after = {}
    assert written(already) == ["test.good", "test.outer"]
    calderdale.refresh_from_db()
    assert calderdale.name == "Calderdale Council"


def test_a_block_that_fails_takes_those_inside_it_along(calderdale: Authority, by: User) -> None:
    already = Entry.objects.count()
    with (
        pytest.raises(UnrecordedChange),
        change(by, "test.outer", calderdale.id),
        change(by, "test.inner", calderdale.id) as inner,
    ):
        inner.after = {}
    assert written(already) == []
    with change(by, "test.next", calderdale.id) as following:
        following.after = {}
    assert written(already) == ["test.next"], "nothing of the failed one comes after it"


@pytest.mark.parametrize(
    "value",
    [0.1, -0.0, 1e16, 1e-7, 1e300, 10**30, "\x00", "\u2028", "\U0001f600", '"', "\\", None, True, [], {"b": 1, "a": 2}],
)
def test_what_a_change_says_comes_back_as_it_was_hashed(calderdale: Authority, by: User, value: object) -> None:
    with change(by, "test.value", calderdale.id) as said:
        said.after = {"value": value}
    entry = Entry.objects.select_related("payload").get(action="test.value")
    assert entry.payload.content["after"] == {"value": value}
    assert verify(only=calderdale.id).ok


def test_what_is_no_json_is_refused(calderdale: Authority, by: User) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"), change(by, "test.value", calderdale.id) as said:
        said.after = {"value": float("nan")}


def test_an_entry_takes_few_questions(calderdale: Authority, by: User, django_assert_num_queries) -> None:
    # Those of the transaction alone on SQLite, whose driver gets the entry itself; one more on PostgreSQL.
    with (
        django_assert_num_queries(3 if connection.vendor == "postgresql" else 2),
        change(by, "test.change", calderdale.id) as said,
    ):
        said.after = {}


def test_who_is_named_by_an_entry(calderdale: Authority, by: User) -> None:
    person = User.objects.create_user("p@x.example", "P")
    with change(person, "test.did", calderdale.id) as did:
        did.after = {}
    with recording("test.was_done_to", by=by, on=Subject("person", person.id, calderdale.id)) as done_to:
        done_to.after = {}
    with change(by, "test.mentions", calderdale.id) as mentions:
        mentions.before = {"who": [person.id]}
        mentions.after = {}
    with change(by, "test.other", calderdale.id) as other:
        other.after = {}
    found = entries_naming(person.id).values_list("action", flat=True)
    assert list(found) == ["test.did", "test.was_done_to", "test.mentions"]
    assert [each.action for each in history(person.id)] == ["test.was_done_to"]
