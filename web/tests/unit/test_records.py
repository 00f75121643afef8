"""What all stored records share: ids and stored files."""

from pathlib import Path

import pytest

from evenhand.records.files import CannotRead, Root, fingerprint, load, read, store
from evenhand.records.identity import new_id


def test_ids_are_of_version_7_and_sort_by_time_of_creation() -> None:
    ids = [new_id() for _ in range(1000)]
    assert {id_.version for id_ in ids} == {7}
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000


def test_a_stored_file_is_found_by_its_content_in_its_own_root(settings) -> None:
    store(Root.PRIVATE, b"counts")
    store(Root.PRIVATE, b"counts")
    assert load(Root.PRIVATE, fingerprint(b"counts")) == b"counts"
    with pytest.raises(FileNotFoundError):
        load(Root.PUBLIC, fingerprint(b"counts"))
    files = [path for path in settings.EVENHAND_FILE_ROOTS["private"].rglob("*") if path.is_file()]
    assert len(files) == 1


def test_a_file_that_is_too_large_is_not_read(settings, tmp_path: Path) -> None:
    settings.EVENHAND_LARGEST_FILE_BYTES = 10
    (tmp_path / "large").write_bytes(b"x" * 11)
    with pytest.raises(CannotRead, match="is larger than"):
        read(tmp_path / "large")
