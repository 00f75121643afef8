"""Every change to stored ledger rows is detected, and the first affected entry is named."""

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
from evenhand.ledger.verification import VerificationProblem, verify
from support.authorities import leeds_with_staff
from support.tampering import alterations, database_value, without_triggers

pytestmark = pytest.mark.both_databases

ENTRY_FIELDS = [field.attname for field in Entry._meta.concrete_fields]
PAYLOAD_FIELDS = [field.attname for field in Payload._meta.concrete_fields]


@pytest.fixture(autouse=True)
def _temporary_key(settings, tmp_path) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def chain(calderdale: Authority) -> UUID:
    return calderdale.id


def rows(chain: UUID) -> list[Entry]:
    """The first entry, one in the middle and the last."""
    entries = list(Entry.objects.filter(chain=chain).order_by("position").select_related("payload"))
    return [entries[0], entries[len(entries) // 2], entries[-1]]


def first_problem(chain: UUID, against: tuple[str, ...] = ()) -> VerificationProblem:
    problems = [problem for problem in verify(against=against).problems if problem.chain == str(chain)]
    assert problems, "no problem was found"
    return problems[0]


def test_the_demonstration_data_passes_verification(db) -> None:
    report = verify()
    assert report.ok, report.problems
    assert (report.chains, report.entries) == (Head.objects.count(), Entry.objects.count())
    assert report.entries > 30


@pytest.mark.parametrize("name", ENTRY_FIELDS)
def test_a_change_to_any_column_of_an_entry_is_detected_and_the_entry_named(chain: UUID, name: str) -> None:
    field = next(field for field in Entry._meta.concrete_fields if field.attname == name)
    for row in rows(chain):
        for change in alterations(field, row):
            with without_triggers() as sql:
                sql(f"UPDATE ledger_entry SET {change} WHERE id = %s", row.id)
                problem = first_problem(chain)
                assert problem.position == row.position, (change, problem)
                if name not in ("id", "chain", "position", "at"):
                    assert (problem.entry_id, problem.at) == (str(row.id), f"{row.at:%Y-%m-%dT%H:%M:%S.%fZ}")
    assert verify().ok


@pytest.mark.parametrize("name", PAYLOAD_FIELDS)
def test_a_change_to_any_column_of_a_payload_is_detected_and_its_entry_named(chain: UUID, name: str) -> None:
    field = next(field for field in Payload._meta.concrete_fields if field.attname == name)
    for row in rows(chain):
        for change in alterations(field, row.payload):
            with without_triggers() as sql:
                sql(f"UPDATE ledger_payload SET {change} WHERE entry_id = %s", row.id)
                problem = first_problem(chain)
                assert (problem.position, problem.entry_id) == (row.position, str(row.id)), (change, problem)
    assert verify().ok


def test_swapped_payloads_are_detected(chain: UUID) -> None:
    first, _middle, last = rows(chain)
    with without_triggers() as sql:
        sql("DELETE FROM ledger_payload WHERE entry_id = %s", first.id)
        sql("UPDATE ledger_payload SET entry_id = %s WHERE entry_id = %s", first.id, last.id)
        assert first_problem(chain).position == first.position


def _delete_entry(sql: Callable[..., None], row: Entry) -> None:
    sql("DELETE FROM ledger_payload WHERE entry_id = %s", row.id)
    sql("DELETE FROM ledger_entry WHERE id = %s", row.id)


def test_a_removed_entry_is_detected(chain: UUID) -> None:
    for row in rows(chain):
        with without_triggers() as sql:
            _delete_entry(sql, row)
            problem = first_problem(chain)
            assert problem.position == row.position
            assert "missing" in problem.description


def test_a_payload_without_its_entry_is_detected(chain: UUID) -> None:
    _first, _middle, last = rows(chain)
    with without_triggers() as sql:
        sql("DELETE FROM ledger_entry WHERE id = %s", last.id)
        assert any("belong to missing entries" in problem.description for problem in verify().problems)
        sql("DELETE FROM ledger_payload WHERE entry_id = %s", last.id)


def _truncate(sql: Callable[..., None], chain: UUID, by: int) -> None:
    """Remove the last entries and rewrite the end of the chain to match."""
    entries = list(Entry.objects.filter(chain=chain).order_by("position"))
    for row in entries[-by:]:
        _delete_entry(sql, row)
    last = entries[-by - 1]
    sql(
        "UPDATE ledger_head SET position = %s, hash = %s, previous = %s WHERE chain = %s",
        last.position,
        last.entry_hash,
        last.previous,
        chain,
    )


def test_removal_of_the_last_entries_is_detected_with_a_checkpoint(chain: UUID) -> None:
    checkpoint = checkpoints.issue(chain)
    with without_triggers() as sql:
        _truncate(sql, chain, 2)
        problem = first_problem(chain)
        assert problem.position == checkpoint.size - 1
        sql("DELETE FROM ledger_checkpoint")
        assert verify().ok, "without a checkpoint this cannot be detected"
        problem = first_problem(chain, against=(checkpoint.note,))
        assert (problem.position, "the last of them are missing" in problem.description) == (checkpoint.size - 1, True)


def _rebuild(sql: Callable[..., None], chain: UUID, changed: int) -> None:
    """Change the action at one position and recompute every later hash, as the application does."""
    previous = form.NOTHING_BEFORE
    for row in list(stored_entries(chain)):
        action = "plans.withdraw" if row.position == changed else row.action
        fields = {
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
        entry_hash = form.fingerprint(fields, row.position, previous)
        statement = "UPDATE ledger_entry SET action = %s, previous = %s, entry_hash = %s WHERE id = %s"
        sql(statement, action, previous, entry_hash, UUID(row.id))
        before, previous = previous, entry_hash
    sql("UPDATE ledger_head SET hash = %s, previous = %s WHERE chain = %s", previous, before, chain)


def test_a_rebuilt_chain_is_detected_with_a_checkpoint(chain: UUID) -> None:
    checkpoint = checkpoints.issue(chain)
    with without_triggers() as sql:
        _rebuild(sql, chain, changed=2)
        problem = first_problem(chain)
        assert "was rewritten" in problem.description
        sql("DELETE FROM ledger_checkpoint")
        assert verify().ok, "a completely rebuilt chain is consistent with itself"
        problem = first_problem(chain, against=(checkpoint.note,))
        assert (problem.position, "no longer the same entries" in problem.description) == (checkpoint.size, True)
    assert verify(against=(checkpoint.note,)).ok


def test_an_earlier_checkpoint_narrows_down_where_the_chain_was_rewritten(chain: UUID, by: User) -> None:
    early = checkpoints.issue(chain)
    for _ in range(3):
        _change(by, chain)
    late = checkpoints.issue(chain)
    with without_triggers() as sql:
        _rebuild(sql, chain, changed=early.size + 2)
        problem = first_problem(chain)
        assert problem.position == late.size
        assert f"from position {early.size + 1} to {late.size}" in problem.description


def _change(by: User, authority_id: UUID, subject: UUID | None = None) -> None:
    with recording("test.change", by=by, on=Subject("thing", subject or uuid4(), authority_id)) as change:
        change.after = {"now": "changed"}


@pytest.mark.parametrize("change", ["position = position + 1", "position = position - 1", "hash = previous"])
def test_a_moved_end_of_the_chain_is_detected(chain: UUID, change: str) -> None:
    with without_triggers() as sql:
        sql(f"UPDATE ledger_head SET {change} WHERE chain = %s", chain)
        assert first_problem(chain)


def test_a_removed_end_of_the_chain_is_detected(chain: UUID) -> None:
    with without_triggers() as sql:
        sql("DELETE FROM ledger_head WHERE chain = %s", chain)
        assert "end of the chain is missing" in first_problem(chain).description


def test_a_chain_without_any_entries_is_detected(chain: UUID) -> None:
    with without_triggers() as sql:
        entry_ids = "SELECT id FROM ledger_entry WHERE chain = %s"
        sql(f"DELETE FROM ledger_payload WHERE entry_id IN ({entry_ids})", chain)
        sql("DELETE FROM ledger_entry WHERE chain = %s", chain)
        assert first_problem(chain).description == "every entry is missing"


def test_an_inserted_entry_is_detected(chain: UUID) -> None:
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
    assert first_problem(chain).position == last.position + 1


def test_a_foreign_or_altered_checkpoint_is_detected(chain: UUID, settings, tmp_path) -> None:
    checkpoint = checkpoints.issue(chain)
    note = notes.read(checkpoint.note)
    settings.VAR = tmp_path / "another"
    settings.VAR.mkdir()
    foreign = notes.write(chain, checkpoint.size, note.root, signing_key())
    settings.VAR = tmp_path
    assert "not signed with the key of this site" in first_problem(chain, against=(foreign,)).description
    altered = checkpoint.note.replace(f"\n{checkpoint.size}\n", f"\n{checkpoint.size - 1}\n")
    assert "not signed" in first_problem(chain, against=(altered,)).description
    assert "can't be read" in verify(against=("hello",)).problems[0].description
    with without_triggers() as sql:
        sql("UPDATE ledger_checkpoint SET note = %s WHERE id = %s", altered, checkpoint.id)
        assert "was replaced by another checkpoint" in verify().problems[0].description


def test_a_saved_checkpoint_may_have_windows_line_endings(chain: UUID) -> None:
    checkpoint = checkpoints.issue(chain)
    assert verify(against=(checkpoint.note.replace("\n", "\r\n") + "\r\n",)).ok


def test_an_altered_subtree_hash_is_detected(by: User) -> None:
    authority_id = uuid4()
    for _ in range(300):
        _change(by, authority_id)
    checkpoints.issue(authority_id)
    subtree = Subtree.objects.get(chain=authority_id)
    assert (subtree.level, subtree.index, verify(only=authority_id).entries) == (8, 0, 300)
    with without_triggers() as sql:
        sql("UPDATE ledger_subtree SET hash = %s WHERE id = %s", "0" * 64, subtree.id)
        problem = first_problem(authority_id)
        assert (problem.position, "stored hash was altered" in problem.description) == (256, True)


# Erasure


def erase_middle_entry(chain: UUID, by: User) -> Entry:
    row = rows(chain)[1]
    assert erase_payloads([row.id], by=by, reason="asked for") == 1
    return row


def test_an_erasure_leaves_the_chain_intact_and_is_recorded(chain: UUID, by: User) -> None:
    row = erase_middle_entry(chain, by)
    assert not Payload.objects.filter(entry=row).exists()
    assert verify().ok
    last = Entry.objects.filter(chain=chain).order_by("-position")[0]
    assert (last.action, last.authority_id, last.actor_id) == ("ledger.erase", chain, by.id)
    assert last.payload.content == {"before": {}, "after": {"erased": [str(row.id)]}, "reason": "asked for"}
    assert erase_payloads([row.id], by=by, reason="again") == 0
    assert Entry.objects.filter(chain=chain).count() == last.position


def test_erasures_in_several_chains_are_recorded_in_each_chain(by: User, chain: UUID) -> None:
    leeds = leeds_with_staff().id
    calderdale_entry, leeds_entry = rows(chain)[0], rows(leeds)[0]
    assert erase_payloads([calderdale_entry.id, leeds_entry.id], by=by, reason="asked for") == 2
    for chain_id, row in ((chain, calderdale_entry), (leeds, leeds_entry)):
        (entry,) = Entry.objects.filter(chain=chain_id, action="ledger.erase")
        assert entry.payload.content["after"] == {"erased": [str(row.id)]}
    assert verify().ok


def test_details_deleted_without_an_erasure_are_detected(chain: UUID) -> None:
    row = rows(chain)[1]
    Payload.objects.filter(entry=row).delete()  # the database allows payloads to be deleted
    problem = first_problem(chain)
    assert (problem.entry_id, "no entry records their erasure" in problem.description) == (str(row.id), True)


def test_an_erasure_of_another_chain_does_not_count(by: User, chain: UUID) -> None:
    row = rows(chain)[1]
    Payload.objects.filter(entry=row).delete()
    leeds = leeds_with_staff().id
    with recording("ledger.erase", by=by, on=Subject("record", leeds, leeds)) as change:
        change.after = {"erased": [row.id]}
    assert first_problem(chain).entry_id == str(row.id)


def test_the_list_of_erased_entries_cannot_be_erased(chain: UUID, by: User) -> None:
    erase_middle_entry(chain, by)
    erasure = Entry.objects.get(chain=chain, action="ledger.erase")
    assert erase_payloads([erasure.id], by=by, reason="again") == 0
    with pytest.raises(IntegrityError, match="what was erased stays named"), transaction.atomic():
        Payload.objects.filter(entry=erasure).delete()
    with without_triggers() as sql:
        sql("DELETE FROM ledger_payload WHERE entry_id = %s", erasure.id)
        assert first_problem(chain)
    assert verify().ok


def test_more_entries_can_be_erased_than_a_query_may_have_values(by: User) -> None:
    authority_id = uuid4()
    for _ in range(1_100):
        _change(by, authority_id)
    ids = Entry.objects.filter(chain=authority_id).values_list("id", flat=True)
    assert erase_payloads(ids, by=by, reason="all of it") == 1_100
    assert verify(only=authority_id).ok


# Reading


def test_verification_uses_few_queries(chain: UUID, django_assert_max_num_queries) -> None:
    per_chain = 3
    with django_assert_max_num_queries(6 + per_chain * Head.objects.count()):
        verify()


@pytest.fixture
def _checkpoints(db) -> Iterator[None]:
    checkpoints.issue_all()
    return


@pytest.mark.usefixtures("_checkpoints")
def test_checkpoints_are_counted(db) -> None:
    assert verify().checkpoints == Checkpoint.objects.count() == Head.objects.count()


def test_stored_entries_have_the_columns_of_the_models(db) -> None:
    row = next(stored_entries())
    assert {*ENTRY_FIELDS, "salt", "text"} == set(type(row).__slots__)
    assert database_value(UUID(int=1)) == (UUID(int=1).hex if connection.vendor == "sqlite" else UUID(int=1))
