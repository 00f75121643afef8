"""The file of a backup: there whole or not at all, and read with nothing taken on trust."""

import errno
import hashlib
import json
import os
import random
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from evenhand.operations import archive
from evenhand.operations.archive import Part, Reader, Writer, reading, writing
from evenhand.operations.archive_sealed import PIECE, Sealing, Unreadable
from evenhand.operations.backup_manifest import manifest_from
from evenhand.operations.backup_reading import manifest_of, read_through

SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def manifest(**changes: object) -> dict[str, object]:
    none = {"count": 0, "bytes": 0, "sha256_of_names": SHA256_OF_NOTHING, "damaged": []}
    return {
        "format": 1,
        "made_by": "0.2.0",
        "at": "2026-11-25T09:00:00Z",
        "migrations": [],
        "tables": {},
        "files": {"private": none, "public": none},
        "secrets": False,
        "check_of_site_key": "",
        "record": {},
    } | changes


def zipped(path: Path, *parts: tuple[str, bytes], **changes: object) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (*parts, ("manifest.json", json.dumps(manifest(**changes)).encode())):
            file.writestr(name, content)
    return path


def table(rows: int, part: Part) -> dict[str, object]:
    return {"a.b": {"columns": ["id"], "rows": rows, "bytes": part.bytes, "sha256": part.sha256}}


def read(path: Path) -> None:
    with reading(path, lambda: "") as found:
        read_through(found)


def test_what_is_written_is_read_and_is_for_this_user_alone(tmp_path: Path) -> None:
    target = tmp_path / "whole"
    with writing(target, None) as made:
        part = made.part("tables/a.b.jsonl", (b"[%d]\n" % number for number in range(1_000)))
        made.finish(manifest(tables=table(1_000, part)))
    assert target.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["whole"]
    read(target)


@pytest.mark.parametrize("before", range(0, 700, 9))
def test_a_sealed_one_is_read_wherever_its_pieces_end(tmp_path: Path, before: int) -> None:
    """The end of the first piece falls into a part, into the head of the next one, into the list of parts."""
    target, cheap = tmp_path / "whole", 1
    noise = random.Random(1).randbytes(PIECE - before)  # no smaller when it is compressed
    with target.open("wb") as file:
        sealing = Sealing(file, "four words are enough", cheap)
        made = Writer(sealing)
        made.part(f"files/private/{hashlib.sha256(noise).hexdigest()}", [noise])
        made.part(f"files/private/{SHA256_OF_NOTHING}", [])
        made.finish(manifest())
        sealing.finish()
    with reading(target, lambda: "four words are enough") as found:
        assert {len(b"".join(found.pieces(name, 2 * PIECE))) for name in found.names} >= {0, len(noise)}
        assert found.manifest == manifest()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    target = tmp_path / "there"
    target.write_text("mine")
    with pytest.raises(FileExistsError), writing(target, None) as made:
        made.finish(manifest())
    assert target.read_text() == "mine"
    assert [file.name for file in tmp_path.iterdir()] == ["there"]


def write_some(target: Path, sizes: Iterable[int]) -> None:
    with writing(target, None) as made:
        made.part("tables/a.b.jsonl", (b"0" * size for size in sizes))
        made.finish(manifest())


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hundredth write finds the disk full, and so does the last, which is the one that settles it."""
    for fail_at in ("write", "fsync"):
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def refuse(*_arguments: object, full: OSError = full) -> int:
            raise full

        if fail_at == "fsync":
            monkeypatch.setattr(archive.os, "fsync", refuse)
        with pytest.raises(OSError, match="No space left"):
            write_some(
                tmp_path / "new", (refuse() if fail_at == "write" and number == 99 else 4 for number in range(100))
            )
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "files/private/../x", "tables/a.b.jsonl\\..\\x"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable, match="holds something called"):
        read(zipped(tmp_path / "x", (name, b"")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="two parts of one name"):
        read(zipped(tmp_path / "x", ("tables/a.b.jsonl", b"[1]\n"), ("tables/a.b.jsonl", b"[2]\n")))


def test_a_part_that_swells_is_stopped_at_what_its_manifest_says(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "x", ("tables/a.b.jsonl", b"0" * 100_000_000), tables=table(1, Part(4, "0" * 64)))
    assert bomb.stat().st_size < 200_000
    with pytest.raises(Unreadable, match="larger than its manifest says"):
        read(bomb)


def test_a_manifest_that_swells_is_stopped_too(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="larger than"):
        read(zipped(tmp_path / "x", made_by="0" * (archive.LARGEST_MANIFEST + 1)))


def test_a_row_without_an_end_is_not_taken_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_ROW", 10)
    part = Part(100, "0" * 64)
    with pytest.raises(Unreadable):
        read(zipped(tmp_path / "x", ("tables/a.b.jsonl", b"[" + b"0" * 99), tables=table(10, part)))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"format": 2}, "reads form 1"),
        ({"tables": {"a.b": {}}}, "not one that Evenhand writes"),
        ({"tables": {"a.b": {"columns": [], "rows": -1, "bytes": 1, "sha256": ""}}}, "not one that Evenhand writes"),
        ({"tables": []}, "not one that Evenhand writes"),
        ({"tables": table(1, Part(4, ""))}, "does not hold what its manifest says: tables/a.b.jsonl"),
        ({"secrets": {"bytes": 1, "sha256": ""}}, "does not hold what its manifest says: secrets.json"),
        (
            {
                "files": {
                    root: {"count": 1, "bytes": 1, "sha256_of_names": "", "damaged": []}
                    for root in ("private", "public")
                }
            },
            "does not hold the private files",
        ),
    ],
)
def test_a_manifest_that_is_not_true_is_refused(tmp_path: Path, changes: dict[str, object], says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(zipped(tmp_path / "x", **changes))


def test_a_part_that_no_manifest_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="does not hold what its manifest says"):
        read(zipped(tmp_path / "x", ("tables/a.b.jsonl", b"[1]\n")))


def test_a_kept_file_that_is_another_is_refused(tmp_path: Path) -> None:
    digest = "ab" * 32
    names = hashlib.sha256(digest.encode()).hexdigest()
    files = {
        "private": {"count": 1, "bytes": 4, "sha256_of_names": names, "damaged": []},
        "public": manifest()["files"]["public"],  # type: ignore[index]
    }
    with pytest.raises(Unreadable, match="not what its name says"):
        read(zipped(tmp_path / "x", (f"files/private/{digest}", b"evil"), files=files))


def test_rows_that_were_exchanged_between_tables_are_found(tmp_path: Path) -> None:
    target = tmp_path / "whole"
    with writing(target, None) as made:
        one, two = (made.part(f"tables/a.{name}.jsonl", [b"[%d]\n" % row]) for name, row in (("b", 1), ("c", 2)))
        tables = {
            f"a.{name}": {"columns": ["id"], "rows": 1, "bytes": part.bytes, "sha256": part.sha256}
            for name, part in (("b", two), ("c", one))
        }
        made.finish(manifest(tables=tables))
    with pytest.raises(Unreadable, match=r"tables/a\.b\.jsonl of the backup is not what"):
        read(target)


def test_what_is_no_backup_at_all_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"GIF89a")
    with pytest.raises(Unreadable, match="not a backup"):
        read(tmp_path / "x")


def test_a_manifest_is_read_as_it_was_written() -> None:
    found = manifest_from(manifest(migrations=[["ledger", "0001_initial"]], record={"public_key": "k"}))
    assert (found.migrations, found.public_key, found.rows) == ({("ledger", "0001_initial")}, "k", 0)


def test_a_row_count_that_is_not_true_is_found(tmp_path: Path) -> None:
    with writing(tmp_path / "x", None) as made:
        part = made.part("tables/a.b.jsonl", [b"[1]\n[2]\n"])
        made.finish(manifest(tables=table(3, part)))
    with (tmp_path / "x").open("rb") as file:
        archived = Reader(file)
        manifest_of(archived)
    with pytest.raises(Unreadable, match=r"holds 2 rows of a\.b, and its manifest says 3"):
        read(tmp_path / "x")
