"""Backup files are written completely or not at all, and nothing in them is trusted when they are read."""

import errno
import hashlib
import json
import os
import random
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from evenhand.operations.backup import archive
from evenhand.operations.backup.archive import ArchivePart, ArchiveReader, ArchiveWriter, new_archive, open_archive
from evenhand.operations.backup.encryption import CHUNK_SIZE, EncryptingWriter, UnreadableBackup
from evenhand.operations.backup.manifest import manifest_from
from evenhand.operations.backup.reading import manifest_of, read_through

SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def manifest(**changes: object) -> dict[str, object]:
    no_files = {"count": 0, "bytes": 0, "sha256_of_names": SHA256_OF_NOTHING, "damaged": []}
    return {
        "format": 1,
        "made_by": "0.2.0",
        "at": "2026-11-25T09:00:00Z",
        "migrations": [],
        "tables": {},
        "files": {"private": no_files, "public": no_files},
        "secrets": False,
        "check_of_site_key": "",
        "record": {},
    } | changes


def write_zip(path: Path, *parts: tuple[str, bytes], **changes: object) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (*parts, ("manifest.json", json.dumps(manifest(**changes)).encode())):
            file.writestr(name, content)
    return path


def table(rows: int, part: ArchivePart) -> dict[str, object]:
    return {"a.b": {"columns": ["id"], "rows": rows, "bytes": part.bytes, "sha256": part.sha256}}


def read(path: Path) -> None:
    with open_archive(path, lambda: "") as reader:
        read_through(reader)


def test_a_written_archive_can_be_read_and_only_by_this_user(tmp_path: Path) -> None:
    target = tmp_path / "whole"
    with new_archive(target, None) as writer:
        part = writer.add_part("tables/a.b.jsonl", (b"[%d]\n" % number for number in range(1_000)))
        writer.finish(manifest(tables=table(1_000, part)))
    assert target.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["whole"]
    read(target)


@pytest.mark.parametrize("before", range(0, 700, 9))
def test_an_encrypted_archive_is_read_wherever_its_chunks_end(tmp_path: Path, before: int) -> None:
    """The end of the first chunk is inside a part, inside the header of the next part, or in the list of parts."""
    target, low_cost = tmp_path / "whole", 1
    noise = random.Random(1).randbytes(CHUNK_SIZE - before)  # does not compress
    with target.open("wb") as file:
        encryption = EncryptingWriter(file, "four words are enough", low_cost)
        writer = ArchiveWriter(encryption)
        writer.add_part(f"files/private/{hashlib.sha256(noise).hexdigest()}", [noise])
        writer.add_part(f"files/private/{SHA256_OF_NOTHING}", [])
        writer.finish(manifest())
        encryption.finish()
    with open_archive(target, lambda: "four words are enough") as reader:
        assert {len(b"".join(reader.chunks(name, 2 * CHUNK_SIZE))) for name in reader.names} >= {0, len(noise)}
        assert reader.manifest == manifest()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    target = tmp_path / "existing"
    target.write_text("mine")
    with pytest.raises(FileExistsError), new_archive(target, None) as writer:
        writer.finish(manifest())
    assert target.read_text() == "mine"
    assert [file.name for file in tmp_path.iterdir()] == ["existing"]


def write_archive(target: Path, sizes: Iterable[int]) -> None:
    with new_archive(target, None) as writer:
        writer.add_part("tables/a.b.jsonl", (b"0" * size for size in sizes))
        writer.finish(manifest())


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full at the hundredth write, or at the final fsync."""
    for fail_at in ("write", "fsync"):
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def refuse(*_arguments: object, full: OSError = full) -> int:
            raise full

        if fail_at == "fsync":
            monkeypatch.setattr(archive.os, "fsync", refuse)
        with pytest.raises(OSError, match="No space left"):
            write_archive(
                tmp_path / "new", (refuse() if fail_at == "write" and number == 99 else 4 for number in range(100))
            )
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "files/private/../x", "tables/a.b.jsonl\\..\\x"])
def test_a_path_outside_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableBackup, match="not a backup: it contains"):
        read(write_zip(tmp_path / "x", (name, b"")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_with_the_same_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBackup, match="two parts with the same name"):
        read(write_zip(tmp_path / "x", ("tables/a.b.jsonl", b"[1]\n"), ("tables/a.b.jsonl", b"[2]\n")))


def test_a_zip_bomb_is_stopped_at_the_size_in_the_manifest(tmp_path: Path) -> None:
    bomb = write_zip(
        tmp_path / "x", ("tables/a.b.jsonl", b"0" * 100_000_000), tables=table(1, ArchivePart(4, "0" * 64))
    )
    assert bomb.stat().st_size < 200_000
    with pytest.raises(UnreadableBackup, match="larger than the manifest states"):
        read(bomb)


def test_an_oversized_manifest_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBackup, match="larger than"):
        read(write_zip(tmp_path / "x", made_by="0" * (archive.MAX_MANIFEST_BYTES + 1)))


def test_an_endless_row_is_not_read_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ROW_BYTES", 10)
    part = ArchivePart(100, "0" * 64)
    with pytest.raises(UnreadableBackup):
        read(write_zip(tmp_path / "x", ("tables/a.b.jsonl", b"[" + b"0" * 99), tables=table(10, part)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, "reads format 1"),
        ({"tables": {"a.b": {}}}, "not a valid Evenhand manifest"),
        ({"tables": {"a.b": {"columns": [], "rows": -1, "bytes": 1, "sha256": ""}}}, "not a valid Evenhand manifest"),
        ({"tables": []}, "not a valid Evenhand manifest"),
        ({"tables": table(1, ArchivePart(4, ""))}, "does not contain what its manifest lists: tables/a.b.jsonl"),
        ({"secrets": {"bytes": 1, "sha256": ""}}, "does not contain what its manifest lists: secrets.json"),
        (
            {
                "files": {
                    root: {"count": 1, "bytes": 1, "sha256_of_names": "", "damaged": []}
                    for root in ("private", "public")
                }
            },
            "does not contain the private files",
        ),
    ],
)
def test_a_false_manifest_is_refused(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(UnreadableBackup, match=message):
        read(write_zip(tmp_path / "x", **changes))


def test_a_part_that_is_not_in_the_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBackup, match="does not contain what its manifest lists"):
        read(write_zip(tmp_path / "x", ("tables/a.b.jsonl", b"[1]\n")))


def test_a_stored_file_with_other_content_is_refused(tmp_path: Path) -> None:
    digest = "ab" * 32
    names = hashlib.sha256(digest.encode()).hexdigest()
    files = {
        "private": {"count": 1, "bytes": 4, "sha256_of_names": names, "damaged": []},
        "public": manifest()["files"]["public"],  # type: ignore[index]
    }
    with pytest.raises(UnreadableBackup, match="does not match its digest"):
        read(write_zip(tmp_path / "x", (f"files/private/{digest}", b"evil"), files=files))


def test_rows_swapped_between_tables_are_detected(tmp_path: Path) -> None:
    target = tmp_path / "whole"
    with new_archive(target, None) as writer:
        one, two = (writer.add_part(f"tables/a.{name}.jsonl", [b"[%d]\n" % row]) for name, row in (("b", 1), ("c", 2)))
        tables = {
            f"a.{name}": {"columns": ["id"], "rows": 1, "bytes": part.bytes, "sha256": part.sha256}
            for name, part in (("b", two), ("c", one))
        }
        writer.finish(manifest(tables=tables))
    with pytest.raises(UnreadableBackup, match=r"tables/a\.b\.jsonl in the backup does not match"):
        read(target)


def test_a_file_that_is_not_a_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"GIF89a")
    with pytest.raises(UnreadableBackup, match="not a backup"):
        read(tmp_path / "x")


def test_a_manifest_is_read_as_it_was_written() -> None:
    parsed = manifest_from(manifest(migrations=[["ledger", "0001_initial"]], record={"public_key": "k"}))
    assert (parsed.migrations, parsed.public_key, parsed.rows) == ({("ledger", "0001_initial")}, "k", 0)


def test_a_false_row_count_is_detected(tmp_path: Path) -> None:
    with new_archive(tmp_path / "x", None) as writer:
        part = writer.add_part("tables/a.b.jsonl", [b"[1]\n[2]\n"])
        writer.finish(manifest(tables=table(3, part)))
    with (tmp_path / "x").open("rb") as file:
        reader = ArchiveReader(file)
        manifest_of(reader)
    with pytest.raises(UnreadableBackup, match=r"contains 2 rows of a\.b, but its manifest states 3"):
        read(tmp_path / "x")
