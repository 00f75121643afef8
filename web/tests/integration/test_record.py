"""The record of changes: what an entry says, that it can be proved, and that nothing is written without one."""

import hashlib
import json

import pytest

from evenhand.authorities import actions as authorities
from evenhand.authorities.models import Authority, User
from evenhand.ledger.actions import Subject, UnrecordedChange, recording
from evenhand.ledger.models import Entry, Payload
from evenhand.records.files import Root, fingerprint, kept


def test_every_entry_is_proved_by_its_payload_and_a_salt_of_its_own(db) -> None:
    payloads = list(Payload.objects.select_related("entry"))
    assert len(payloads) == Entry.objects.count() > 0
    for each in payloads:
        text = json.dumps(each.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
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
    for action in ("plans.import", "evidence.import_workforce"):
        digests = [entry.payload.content["after"]["sha256"] for entry in Entry.objects.filter(action=action)]
        assert len(digests) == 2
        for digest in digests:
            assert fingerprint(kept(Root.PRIVATE, digest)) == digest
