"""Whatever is changed in the record is found, and the first entry that is wrong is named."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from evenhand.authorities.models import Authority, User
from evenhand.ledger import checkpoints, form, notes
from evenhand.ledger.actions import Subject, erase_payloads, recording
from evenhand.ledger.keys import signing_key
from evenhand.ledger.models import Checkpoint, Entry, Head, Payload, Subtree
from evenhand.ledger.stored import entries as stored_entries
from evenhand.ledger.verification import Fault, verify
from tampering import alterations, stored, unguarded

ENTRY_FIELDS = [field.attname for field in Entry._meta.concrete_fields]
PAYLOAD_FIELDS = [field.attname for field in Payload._meta.concrete_fields]


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def chain(calderdale: Authority) -> UUID:
    return calderdale.id


def rows(chain: UUID) -> list[Entry]:
    """The first, one in the middle and the last."""
    found = list(Entry.objects.filter(chain=chain).order_by("position").select_related("payload"))
    return [found[0], found[len(found) // 2], found[-1]]


def first_fault(chain: UUID, against: tuple[str, ...] = ()) -> Fault:
    faults = [each for each in verify(against=against).faults if each.chain == str(chain)]
    assert faults, "nothing was found"
    return faults[0]


def test_the_demonstration_is_whole(db) -> None:
    report = verify()
    assert report.ok, report.faults
    assert (report.chains, report.entries) == (Head.objects.count(), Entry.objects.count())
    assert report.entries > 30


@pytest.mark.parametrize("name", ENTRY_FIELDS)
def test_a_change_in_any_column_of_an_entry_is_found_and_the_entry_named(chain: UUID, name: str) -> None:
    field = next(each for each in Entry._meta.concrete_fields if each.attname == name)
    for row in rows(chain):
        for change in alterations(field, row):
            with unguarded() as sql:
                sql(f"UPDATE ledger_entry SET {change} WHERE id = %s", row.id)
                fault = first_fault(chain)
                assert fault.position == row.position, (change, fault)
                if name not in ("id", "chain", "position", "at"):
                    assert (fault.entry_id, fault.at) == (str(row.id), f"{row.at:%Y-%m-%dT%H:%M:%S.%fZ}")
    assert verify().ok


@pytest.mark.parametrize("name", PAYLOAD_FIELDS)
def test_a_change_in_any_column_of_a_payload_is_found_and_its_entry_named(chain: UUID, name: str) -> None:
    field = next(each for each in Payload._meta.concrete_fields if each.attname == name)
    for row in rows(chain):
        for change in alterations(field, row.payload):
            with unguarded() as sql:
                sql(f"UPDATE ledger_payload SET {change} WHERE entry_id = %s", row.id)
                fault = first_fault(chain)
                assert (fault.position, fault.entry_id) == (row.position, str(row.id)), (change, fault)
    assert verify().ok


def test_payloads_that_changed_places_are_found(chain: UUID) -> None:
    first, _middle, last = rows(chain)
    with unguarded() as sql:
        sql("DELETE FROM ledger_payload WHERE entry_id = %s", first.id)
        sql("UPDATE ledger_payload SET entry_id = %s WHERE entry_id = %s", first.id, last.id)
        assert first_fault(chain).position == first.position


def _without(sql: Callable[..., None], row: Entry) -> None:
    sql("DELETE FROM ledger_payload WHERE entry_id = %s", row.id)
    sql("DELETE FROM ledger_entry WHERE id = %s", row.id)


def test_an_entry_that_was_removed_is_found(chain: UUID) -> None:
    for row in rows(chain):
        with unguarded() as sql:
            _without(sql, row)
            fault = first_fault(chain)
            assert fault.position == row.position
            assert "missing" in fault.what


def test_a_payload_that_was_left_behind_is_found(chain: UUID) -> None:
    _first, _middle, last = rows(chain)
    with unguarded() as sql:
        sql("DELETE FROM ledger_entry WHERE id = %s", last.id)
        assert any("belong to entries that are gone" in each.what for each in verify().faults)
        sql("DELETE FROM ledger_payload WHERE entry_id = %s", last.id)


def _cut(sql: Callable[..., None], chain: UUID, by: int) -> None:
    """The last entries gone, and the end of the chain rewritten to fit."""
    standing = list(Entry.objects.filter(chain=chain).order_by("position"))
    for row in standing[-by:]:
        _without(sql, row)
    last = standing[-by - 1]
    sql(
        "UPDATE ledger_head SET position = %s, hash = %s, previous = %s WHERE chain = %s",
        last.position,
        last.entry_hash,
        last.previous,
        chain,
    )


def test_a_tail_that_was_cut_with_the_end_rewritten_is_found_against_a_statement(chain: UUID) -> None:
    kept = checkpoints.issue(chain)
    with unguarded() as sql:
        _cut(sql, chain, 2)
        fault = first_fault(chain)
        assert fault.position == kept.size - 1
        sql("DELETE FROM ledger_checkpoint")
        assert verify().ok, "without a statement nobody could tell"
        fault = first_fault(chain, against=(kept.note,))
        assert (fault.position, "the last of them are gone" in fault.what) == (kept.size - 1, True)


def _rebuild(sql: Callable[..., None], chain: UUID, changed: int) -> None:
    """Another action at a position, and every hash from there on worked out anew, as the program itself does."""
    previous = form.NOTHING_BEFORE
    for row in list(stored_entries(chain)):
        action = "plans.withdraw" if row.position == changed else row.action
        said = {
            "action": action,
            "actor": form.actor_commitment(row.blind, row.actor_id),
            "at": row.at,
            "authority": row.authority_id,
            "chain": row.chain,
            "commitment": row.commitment,
            "form": form.FORM,
            "id": row.id,
            "subject_id": row.subject_id,
            "subject_kind": row.subject_kind,
        }
        found = form.fingerprint(said, row.position, previous)
        statement = "UPDATE ledger_entry SET action = %s, previous = %s, entry_hash = %s WHERE id = %s"
        sql(statement, action, previous, found, UUID(row.id))
        before, previous = previous, found
    sql("UPDATE ledger_head SET hash = %s, previous = %s WHERE chain = %s", previous, before, chain)


def test_a_chain_that_was_rebuilt_by_hand_is_found_against_a_statement(chain: UUID) -> None:
    kept = checkpoints.issue(chain)
    with unguarded() as sql:
        _rebuild(sql, chain, changed=2)
        fault = first_fault(chain)
        assert "was rewritten" in fault.what
        sql("DELETE FROM ledger_checkpoint")
        assert verify().ok, "a chain that was rebuilt whole agrees with itself"
        fault = first_fault(chain, against=(kept.note,))
        assert (fault.position, "not those entries any more" in fault.what) == (kept.size, True)
    assert verify(against=(kept.note,)).ok


def test_a_statement_narrows_down_where_it_was_rewritten(chain: UUID, by: User) -> None:
    early = checkpoints.issue(chain)
    for _ in range(3):
        _change(by, chain)
    late = checkpoints.issue(chain)
    with unguarded() as sql:
        _rebuild(sql, chain, changed=early.size + 2)
        fault = first_fault(chain)
        assert fault.position == late.size
        assert f"from position {early.size + 1} to {late.size}" in fault.what


def _change(by: User, authority_id: UUID, subject: UUID | None = None) -> None:
    with recording("test.change", by=by, on=Subject("thing", subject or uuid4(), authority_id)) as change:
        change.after = {"now": "changed"}


@pytest.mark.parametrize("change", ["position = position + 1", "position = position - 1", "hash = previous"])
def test_an_end_that_was_moved_is_found(chain: UUID, change: str) -> None:
    with unguarded() as sql:
        sql(f"UPDATE ledger_head SET {change} WHERE chain = %s", chain)
        assert first_fault(chain)


def test_an_end_that_was_removed_is_found(chain: UUID) -> None:
    with unguarded() as sql:
        sql("DELETE FROM ledger_head WHERE chain = %s", chain)
        assert "end of the chain is not known" in first_fault(chain).what


def test_a_record_without_any_entry_left_is_found(chain: UUID) -> None:
    with unguarded() as sql:
        mine = "SELECT id FROM ledger_entry WHERE chain = %s"
        sql(f"DELETE FROM ledger_payload WHERE entry_id IN ({mine})", chain)
        sql("DELETE FROM ledger_entry WHERE chain = %s", chain)
        assert first_fault(chain).what == "every entry is gone"


def test_an_entry_that_was_put_in_by_hand_is_found(chain: UUID) -> None:
    _first, _middle, last = rows(chain)
    Entry.objects.create(
        authority_id=chain,
        actor_id=last.actor_id,
        action="plans.publish",
        subject_kind="plan",
        subject_id=uuid4(),
        at=last.at,
        commitment="0" * 64,
        chain=chain,
        position=last.position + 1,
        previous=last.entry_hash,
        blind="0" * 64,
        entry_hash="1" * 64,
    )
    assert first_fault(chain).position == last.position + 1


def test_a_statement_that_is_not_ours_or_was_altered_is_found(chain: UUID, settings, tmp_path) -> None:
    kept = checkpoints.issue(chain)
    note = notes.read(kept.note)
    settings.VAR = tmp_path / "another"
    settings.VAR.mkdir()
    foreign = notes.write(chain, kept.size, note.root, signing_key())
    settings.VAR = tmp_path
    assert "not signed with the key of this site" in first_fault(chain, against=(foreign,)).what
    altered = kept.note.replace(f"\n{kept.size}\n", f"\n{kept.size - 1}\n")
    assert "not signed" in first_fault(chain, against=(altered,)).what
    assert "can't be read" in verify(against=("hello",)).faults[0].what
    with unguarded() as sql:
        sql("UPDATE ledger_checkpoint SET note = %s WHERE id = %s", altered, kept.id)
        assert "stands in another's place" in verify().faults[0].what


def test_a_saved_statement_may_have_come_by_windows(chain: UUID) -> None:
    kept = checkpoints.issue(chain)
    assert verify(against=(kept.note.replace("\n", "\r\n") + "\r\n",)).ok


def test_a_kept_part_of_the_tree_that_was_altered_is_found(by: User) -> None:
    authority_id = uuid4()
    for _ in range(300):
        _change(by, authority_id)
    checkpoints.issue(authority_id)
    part = Subtree.objects.get(chain=authority_id)
    assert (part.level, part.index, verify(only=authority_id).entries) == (8, 0, 300)
    with unguarded() as sql:
        sql("UPDATE ledger_subtree SET hash = %s WHERE id = %s", "0" * 64, part.id)
        fault = first_fault(authority_id)
        assert (fault.position, "kept hash was altered" in fault.what) == (256, True)


# Erasure


def erased(chain: UUID, by: User) -> Entry:
    row = rows(chain)[1]
    assert erase_payloads([row.id], by=by, reason="asked for") == 1
    return row


def test_an_erasure_leaves_the_chain_whole_and_says_what_went(chain: UUID, by: User) -> None:
    row = erased(chain, by)
    assert not Payload.objects.filter(entry=row).exists()
    assert verify().ok
    last = Entry.objects.filter(chain=chain).order_by("-position")[0]
    assert (last.action, last.authority_id, last.actor_id) == ("ledger.erase", chain, by.id)
    assert last.payload.content == {"before": {}, "after": {"erased": [str(row.id)]}, "reason": "asked for"}
    assert erase_payloads([row.id], by=by, reason="again") == 0
    assert Entry.objects.filter(chain=chain).count() == last.position


def test_entries_of_several_chains_are_erased_each_in_its_own(by: User, chain: UUID) -> None:
    leeds = Authority.objects.get(slug="leeds-city-council").id
    mine, theirs = rows(chain)[0], rows(leeds)[0]
    assert erase_payloads([mine.id, theirs.id], by=by, reason="asked for") == 2
    for where, row in ((chain, mine), (leeds, theirs)):
        (entry,) = Entry.objects.filter(chain=where, action="ledger.erase")
        assert entry.payload.content["after"] == {"erased": [str(row.id)]}
    assert verify().ok


def test_details_that_went_without_an_erasure_are_found(chain: UUID) -> None:
    row = rows(chain)[1]
    Payload.objects.filter(entry=row).delete()  # the database lets payloads go
    fault = first_fault(chain)
    assert (fault.entry_id, "no entry says that they were erased" in fault.what) == (str(row.id), True)


def test_an_erasure_of_another_chain_does_not_count(by: User, chain: UUID) -> None:
    row = rows(chain)[1]
    Payload.objects.filter(entry=row).delete()
    leeds = Authority.objects.get(slug="leeds-city-council").id
    with recording("ledger.erase", by=by, on=Subject("record", leeds, leeds)) as change:
        change.after = {"erased": [row.id]}
    assert first_fault(chain).entry_id == str(row.id)


def test_what_an_erasure_named_cannot_be_erased(chain: UUID, by: User) -> None:
    erased(chain, by)
    naming = Entry.objects.get(chain=chain, action="ledger.erase")
    assert erase_payloads([naming.id], by=by, reason="again") == 0
    with pytest.raises(IntegrityError, match="what was erased stays named"), transaction.atomic():
        Payload.objects.filter(entry=naming).delete()
    with unguarded() as sql:
        sql("DELETE FROM ledger_payload WHERE entry_id = %s", naming.id)
        assert first_fault(chain)
    assert verify().ok


def test_more_can_be_erased_than_a_database_takes_values_at_once(by: User) -> None:
    authority_id = uuid4()
    for _ in range(1_100):
        _change(by, authority_id)
    ids = Entry.objects.filter(chain=authority_id).values_list("id", flat=True)
    assert erase_payloads(ids, by=by, reason="all of it") == 1_100
    assert verify(only=authority_id).ok


# Reading


def test_verifying_takes_few_rows_at_a_time(chain: UUID, django_assert_max_num_queries) -> None:
    per_chain = 3
    with django_assert_max_num_queries(6 + per_chain * Head.objects.count()):
        verify()


@pytest.fixture
def _issued(db) -> Iterator[None]:
    checkpoints.issue_all()
    return


@pytest.mark.usefixtures("_issued")
def test_what_is_signed_is_counted(db) -> None:
    assert verify().checkpoints == Checkpoint.objects.count() == Head.objects.count()


def test_columns_of_the_models_and_of_the_reader_are_the_same(db) -> None:
    row = next(stored_entries())
    assert {*ENTRY_FIELDS, "salt", "text"} == set(type(row).__slots__)
    assert stored(UUID(int=1)) == (UUID(int=1).hex if connection.vendor == "sqlite" else UUID(int=1))
