from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.evidence.intake import Fault, FileRefused, SourceDescription, WorkforceRow, read_workforce
from evenhand.evidence.models import ComparabilityNote, Count, Dataset, Snapshot
from evenhand.ledger.actions import Subject, recording
from evenhand.records.files import Root, fingerprint, keep

WORKFORCE = "workforce"


@dataclass(frozen=True)
class Imported:
    """What an import did, row by row."""

    stored: tuple[Snapshot, ...]
    already_held: tuple[Snapshot, ...]
    set_aside: tuple[str, ...]


def import_workforce(data: bytes, *, by: User, name: str, source: SourceDescription | None = None) -> Imported:
    """Take in a file of workforce counts, whole or not at all.

    A row that is held already with the same figures is left as it is, so that importing twice changes nothing. A row
    with other figures than those held refuses the file, and so does a description that contradicts what is held; one
    that adds to it is added. Raises FileRefused.
    """
    rows = read_workforce(data, name)
    authorities = _authorities_of(rows, name)
    for authority in authorities.values():
        may(by, Permission.IMPORT_EVIDENCE, authority).require()
    with transaction.atomic():
        # One import of an authority at a time, so that two at once do not both find a year missing.
        list(Authority.objects.select_for_update().filter(id__in=[each.id for each in authorities.values()]))
        held = _held(rows, authorities, name)
        _declarations_name_someone(source, authorities)
        file = _File(name, fingerprint(data))
        stored: list[Snapshot] = []
        for organisation, authority in authorities.items():
            dataset = _described(authority, source, by=by)
            new = [row for row in rows if row.organisation == organisation and row.row not in held]
            if new:
                stored += _store_all(new, dataset, file, by=by)
        if stored:
            keep(Root.PRIVATE, data)
    aside = sorted({column for row in rows for column in row.set_aside})
    return Imported(tuple(stored), tuple(held.values()), tuple(aside))


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
    changed = sorted("/".join(key) for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    changed += ["employees"] if snapshot.total != row.total else []
    changed += ["published"] if snapshot.period != row.period else []
    if not changed:
        return []
    what = f"{row.year} is already held for {row.organisation} with other figures ({', '.join(changed)})."
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


def _declarations_name_someone(source: SourceDescription | None, authorities: dict[str, Authority]) -> None:
    """A misspelt name would leave a group compared that may not be."""
    faults = [
        Fault(f"“not_comparable” names “{each.organisation}”, which is not in the file.", "Mend the name.")
        for each in (source.not_comparable if source else ())
        if each.organisation not in authorities
    ]
    if source and faults:
        raise FileRefused(source.name, tuple(faults))


def _described(authority: Authority, source: SourceDescription | None, *, by: User) -> Dataset:
    """The authority's data set, with whatever the description adds to what is known of it."""
    dataset = Dataset.objects.filter(authority=authority, slug=WORKFORCE).first()
    if dataset is not None and source is None:
        return dataset
    source = source or SourceDescription()
    dataset = dataset or Dataset(authority=authority, slug=WORKFORCE)
    notes = {
        (each.characteristic, each.category): each.reason
        for each in source.not_comparable
        if each.organisation == authority.name
    }
    held_notes = {(note.characteristic, note.category): note.reason for note in dataset.comparability_notes.all()}
    added = {name: value for name, value in source.facts().items() if value and getattr(dataset, name) != value}
    added_notes = {key: reason for key, reason in notes.items() if held_notes.get(key) != reason}
    contradicted = [name for name in added if getattr(dataset, name)]
    contradicted += ["/".join(key) for key in added_notes if key in held_notes]
    if contradicted:
        what = f"It says otherwise of {authority} than what is held ({', '.join(contradicted)})."
        raise FileRefused(source.name, (Fault(what, "What is held is not overwritten: leave these out."),))
    if dataset._state.adding or added or added_notes:
        _describe(dataset, added, added_notes, by=by)
    return dataset


def _describe(dataset: Dataset, facts: dict[str, Any], notes: dict[tuple[str, str], str], *, by: User) -> None:
    with recording("evidence.describe", on=_subject(dataset), by=by) as change:
        for name, value in facts.items():
            setattr(dataset, name, value)
        dataset.save()
        ComparabilityNote.objects.bulk_create(
            ComparabilityNote(dataset=dataset, characteristic=characteristic, category=category, reason=reason)
            for (characteristic, category), reason in notes.items()
        )
        change.after = {**facts, "not_comparable": {"/".join(key): reason for key, reason in notes.items()}}
