"""What every stored thing shares."""

from pathlib import Path

import pytest

from evenhand.records.files import CannotRead, Root, fingerprint, keep, kept, read
from evenhand.records.identity import new_id


def test_ids_are_of_version_7_and_sort_by_their_making() -> None:
    made = [new_id() for _ in range(1000)]
    assert {each.version for each in made} == {7}
    assert made == sorted(made)
    assert len(set(made)) == 1000


def test_a_kept_file_is_found_by_what_it_holds_under_its_own_root(settings) -> None:
    keep(Root.PRIVATE, b"counts")
    keep(Root.PRIVATE, b"counts")
    assert kept(Root.PRIVATE, fingerprint(b"counts")) == b"counts"
    with pytest.raises(FileNotFoundError):
        kept(Root.PUBLIC, fingerprint(b"counts"))
    files = [each for each in settings.EVENHAND_FILE_ROOTS["private"].rglob("*") if each.is_file()]
    assert len(files) == 1


def test_a_file_that_is_too_large_is_not_read(settings, tmp_path: Path) -> None:
    settings.EVENHAND_LARGEST_FILE_BYTES = 10
    (tmp_path / "large").write_bytes(b"x" * 11)
    with pytest.raises(CannotRead, match="is larger than"):
        read(tmp_path / "large")
