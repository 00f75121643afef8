from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.evidence.intake import Fault, FileRefused, SourceDescription, WorkforceRow, read_workforce
from evenhand.evidence.models import ComparabilityNote, Count, Dataset, Snapshot
from evenhand.ledger.actions import Subject, recording
from evenhand.records.files import Root, keep

WORKFORCE = "workforce"


@dataclass(frozen=True)
class Imported:
    """What an import did, row by row."""

    stored: tuple[Snapshot, ...]
    already_held: tuple[Snapshot, ...]
    set_aside: tuple[str, ...]


def import_workforce(data: bytes, *, by: User, name: str, source: SourceDescription) -> Imported:
    """Take in a file of workforce counts, whole or not at all.

    A row that is held already with the same figures is left as it is, so that importing twice changes nothing. A row
    with other figures than those held refuses the file. Raises FileRefused.
    """
    rows = read_workforce(data, name)
    authorities = _authorities_of(rows, name)
    for authority in authorities.values():
        may(by, Permission.IMPORT_EVIDENCE, authority).require()
    held = _held(rows, authorities, name)
    with transaction.atomic():
        stored = tuple(
            snapshot
            for organisation in dict.fromkeys(row.organisation for row in rows if row.row not in held)
            for snapshot in _store_all(
                [row for row in rows if row.organisation == organisation and row.row not in held],
                _dataset(authorities[organisation], source),
                _File(name, keep(Root.PRIVATE, data)),
                by=by,
            )
        )
    aside = sorted({column for row in rows for column in row.set_aside})
    return Imported(stored, tuple(held.values()), tuple(aside))


def _authorities_of(rows: tuple[WorkforceRow, ...], name: str) -> dict[str, Authority]:
    known = {authority.name: authority for authority in Authority.objects.all()}
    faults = [
        Fault(
            f"No authority is called “{row.organisation}” here.",
            f"Known: {', '.join(sorted(known)) or 'none yet'}. Add it with “evenhand authority add”, or mend the name.",
            row=row.row,
            column="organisation",
        )
        for row in rows
        if row.organisation not in known
    ]
    if faults:
        raise FileRefused(name, tuple(faults))
    return {row.organisation: known[row.organisation] for row in rows}


def _held(rows: tuple[WorkforceRow, ...], authorities: dict[str, Authority], name: str) -> dict[int, Snapshot]:
    """Row number -> the snapshot that already holds it. Raises FileRefused where the figures differ."""
    held: dict[int, Snapshot] = {}
    faults: list[Fault] = []
    for row in rows:
        snapshot = Snapshot.objects.filter(
            dataset__authority=authorities[row.organisation], dataset__slug=WORKFORCE, year=row.year
        ).first()
        if snapshot is None:
            continue
        held[row.row] = snapshot
        faults += _differences(row, snapshot)
    if faults:
        raise FileRefused(name, tuple(faults))
    return held


def _differences(row: WorkforceRow, snapshot: Snapshot) -> list[Fault]:
    mend = "Figures that are held are not overwritten: leave this row out."
    before = {(c.characteristic, c.category): c.count for c in snapshot.counts.all()}
    now = {(c.characteristic, c.category): c.count for c in row.counts}
    if before == now and snapshot.total == row.total:
        return []
    changed = sorted("/".join(key) for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    what = f"{row.year} is already held for {row.organisation} with other figures ({', '.join(changed) or 'total'})."
    return [Fault(what, mend, row=row.row, column="published")]


@dataclass(frozen=True)
class _File:
    name: str
    sha256: str


def _store_all(rows: list[WorkforceRow], dataset: Dataset, file: _File, *, by: User) -> list[Snapshot]:
    with recording("evidence.import_workforce", on=_subject(dataset), by=by) as change:
        snapshots = [_store(row, dataset, file, by) for row in rows]
        change.after = {
            "file": file.name,
            "sha256": file.sha256,
            "snapshots": {snapshot.period: snapshot.id for snapshot in snapshots},
        }
    return snapshots


def _subject(dataset: Dataset) -> Subject:
    return Subject("dataset", dataset.id, dataset.authority_id)


def _store(row: WorkforceRow, dataset: Dataset, file: _File, by: User) -> Snapshot:
    snapshot = Snapshot.objects.create(
        dataset=dataset,
        period=row.period,
        year=row.year,
        total=row.total,
        file_name=file.name,
        file_sha256=file.sha256,
        imported_at=timezone.now(),
        imported_by=by,
    )
    Count.objects.bulk_create(
        Count(
            snapshot=snapshot,
            characteristic=each.characteristic,
            category=each.category,
            count=each.count,
            origin=each.origin,
        )
        for each in row.counts
    )
    return snapshot


def _dataset(authority: Authority, source: SourceDescription) -> Dataset:
    dataset, created = Dataset.objects.get_or_create(
        authority=authority,
        slug=WORKFORCE,
        defaults={
            "title": source.title,
            "publisher": source.publisher,
            "licence": source.licence,
            "address": source.address,
            "retrieved_on": source.retrieved_on,
            "note": source.note,
        },
    )
    if created:
        ComparabilityNote.objects.bulk_create(
            ComparabilityNote(
                dataset=dataset,
                characteristic=each.characteristic,
                category=each.category,
                reason=each.reason,
            )
            for each in source.not_comparable
            if each.organisation == authority.name
        )
    return dataset
