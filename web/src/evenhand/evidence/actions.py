from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import may
from evenhand.evidence.intake import ImportFileError, ImportProblem, SourceDescription, WorkforceRow, read_workforce
from evenhand.evidence.models import WORKFORCE, ComparabilityNote, Count, Dataset, Snapshot
from evenhand.evidence.permissions import IMPORT_EVIDENCE
from evenhand.ledger.actions import Subject, recording
from evenhand.records.files import Root, fingerprint, store

MOST_NAMED = 5  # authorities that an error message names


class AlreadyStated(NotPossible):
    """A fact about the source has been stated before, with another value."""


@dataclass(frozen=True)
class WorkforceImport:
    """The result of an import: the snapshots that were stored, those that were already there, and unused columns."""

    stored: tuple[Snapshot, ...]
    already_imported: tuple[Snapshot, ...]
    unused_columns: tuple[str, ...]


def import_workforce(data: bytes, *, by: User, name: str, source: SourceDescription | None = None) -> WorkforceImport:
    """Import a file of workforce counts. If any part of it is wrong, nothing is imported.

    A row that was imported before with the same figures is left as it is, so importing a file twice changes nothing.
    The file is rejected if a row has different figures for a year that was imported before, or if the description
    contradicts the stored one. New facts in the description are added. Raises ImportFileError.
    """
    rows = read_workforce(data, name)
    authorities = _authorities_by_name(rows, name, by=by)
    for authority in authorities.values():
        may(by, IMPORT_EVIDENCE, authority).require()
    with transaction.atomic():
        # Lock the authorities, so that two imports at the same time can't both add the same year.
        list(Authority.objects.select_for_update().filter(id__in=[authority.id for authority in authorities.values()]))
        existing = _existing_snapshots(rows, authorities, name)
        _require_known_organisations(source, authorities)
        _require_kind_and_source(source, authorities, name)
        file = _ImportedFile(name, fingerprint(data))
        stored: list[Snapshot] = []
        for organisation, authority in authorities.items():
            dataset = _dataset(authority, source, by=by)
            new_rows = [row for row in rows if row.organisation == organisation and row.row not in existing]
            if new_rows:
                stored += _store_all(new_rows, dataset, file, by=by)
        if stored:
            store(Root.PRIVATE, data)
    unused_columns = sorted({column for row in rows for column in row.unused_columns})
    return WorkforceImport(tuple(stored), tuple(existing.values()), tuple(unused_columns))


def describe(dataset: Dataset, *, by: User, publisher: str = "", licence: str = "", address: str = "") -> Dataset:
    """State facts about the source of a data set. A fact that is already stated is kept. Raises AlreadyStated."""
    may(by, IMPORT_EVIDENCE, dataset.authority).require()
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().get(id=dataset.id)
        fields = {"publisher": publisher.strip(), "licence": licence.strip(), "address": address.strip()}
        given = {name: value for name, value in fields.items() if value}
        if stated := [name for name, value in given.items() if getattr(dataset, name) not in ("", value)]:
            raise AlreadyStated(
                f"The {' and the '.join(stated)} of these figures had already been stated. Nothing was changed."
            )
        new_fields = {name: value for name, value in given.items() if not getattr(dataset, name)}
        if new_fields:
            _describe(dataset, new_fields, {}, by=by)
    return dataset


def _authorities_by_name(rows: tuple[WorkforceRow, ...], name: str, *, by: User) -> dict[str, Authority]:
    authorities = {authority.name: authority for authority in Authority.objects.all()}
    own = sorted(name for name, authority in authorities.items() if may(by, IMPORT_EVIDENCE, authority).allowed)
    fix = "Give the name of the authority exactly as it is in Evenhand"
    fix += f": {' or '.join(f'“{authority}”' for authority in own)}." if 0 < len(own) <= MOST_NAMED else "."
    problems = [
        ImportProblem(
            f"There is no authority called “{row.organisation}”.",
            fix,
            row=row.row,
            column="organisation",
        )
        for row in rows
        if row.organisation not in authorities
    ]
    if problems:
        raise ImportFileError(name, tuple(problems))
    return {row.organisation: authorities[row.organisation] for row in rows}


def _existing_snapshots(
    rows: tuple[WorkforceRow, ...], authorities: dict[str, Authority], name: str
) -> dict[int, Snapshot]:
    """Row number -> the snapshot that already stores it. Raises ImportFileError if the figures differ."""
    existing: dict[int, Snapshot] = {}
    problems: list[ImportProblem] = []
    for row in rows:
        snapshot = Snapshot.objects.filter(
            dataset__authority=authorities[row.organisation], dataset__slug=WORKFORCE, year=row.year
        ).first()
        if snapshot is None:
            continue
        existing[row.row] = snapshot
        problems += _differences(row, snapshot)
    if problems:
        raise ImportFileError(name, tuple(problems))
    return existing


def _differences(row: WorkforceRow, snapshot: Snapshot) -> list[ImportProblem]:
    before = {(c.characteristic, c.category): c.count for c in snapshot.counts.all()}
    now = {(c.characteristic, c.category): c.count for c in row.counts}
    changed = sorted("/".join(key) for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    changed += ["employees"] if snapshot.total != row.total else []
    changed += ["published"] if snapshot.period != row.period else []
    if not changed:
        return []
    description = f"We already hold different figures for {row.organisation} in {row.year} ({', '.join(changed)})."
    fix = "Remove this row. Figures that have been uploaded can't be replaced."
    return [ImportProblem(description, fix, row=row.row, column="published")]


@dataclass(frozen=True)
class _ImportedFile:
    name: str
    sha256: str


def _store_all(rows: list[WorkforceRow], dataset: Dataset, file: _ImportedFile, *, by: User) -> list[Snapshot]:
    with recording("evidence.import_workforce", on=_subject(dataset), by=by) as change:
        snapshots = [_store(row, dataset, file, by) for row in rows]
        change.after = {
            "file": file.name,
            "snapshots": {snapshot.period: snapshot.id for snapshot in snapshots},
        }
    return snapshots


def _subject(dataset: Dataset) -> Subject:
    return Subject("dataset", dataset.id, dataset.authority_id)


def _store(row: WorkforceRow, dataset: Dataset, file: _ImportedFile, by: User) -> Snapshot:
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
            characteristic=category_count.characteristic,
            category=category_count.category,
            count=category_count.count,
            origin=category_count.origin,
        )
        for category_count in row.counts
    )
    return snapshot


def _require_known_organisations(source: SourceDescription | None, authorities: dict[str, Authority]) -> None:
    """Reject misspelt names, because a group would otherwise be compared although it must not be."""
    problems = [
        ImportProblem(
            f"“not_comparable” names “{declaration.organisation}”, which is not in the file.", "Correct the name."
        )
        for declaration in (source.not_comparable if source else ())
        if declaration.organisation not in authorities
    ]
    if source and problems:
        raise ImportFileError(source.name, tuple(problems))


def _require_kind_and_source(
    source: SourceDescription | None, authorities: dict[str, Authority], file_name: str
) -> None:
    """Reject invented figures of a real authority and the reverse, and published figures without their source."""
    source = source or SourceDescription()
    problems: list[ImportProblem] = []
    for authority in authorities.values():
        if source.invented is not None and source.invented != authority.invented:
            this, other = ("invented", "real") if source.invented else ("real", "invented")
            description = f"The figures are said to be {this}, but {authority} is {other}."
            problems.append(ImportProblem(description, "Check “organisation” in the file, and “invented”."))
        if authority.is_shown_from_sources and (missing := _missing_source(authority, source)):
            description = f"{authority} is shown here from what it has published, so its figures need their source."
            problems.append(ImportProblem(description, f"Add {missing} to the description of the source."))
    if problems:
        raise ImportFileError(source.name if source.name else file_name, tuple(problems))


def _missing_source(authority: Authority, source: SourceDescription) -> str:
    stored = Dataset.objects.filter(authority=authority, slug=WORKFORCE).first() or Dataset()
    required = ("publisher", "address", "retrieved_on")
    return ", ".join(f"“{name}”" for name in required if not (getattr(source, name) or getattr(stored, name)))


def _dataset(authority: Authority, source: SourceDescription | None, *, by: User) -> Dataset:
    """The authority's data set, updated with new facts from the description."""
    dataset = Dataset.objects.filter(authority=authority, slug=WORKFORCE).first()
    if dataset is not None and source is None:
        return dataset
    source = source or SourceDescription()
    dataset = dataset or Dataset(authority=authority, slug=WORKFORCE, invented=authority.invented)
    notes = {
        (declaration.characteristic, declaration.category): declaration.reason
        for declaration in source.not_comparable
        if declaration.organisation == authority.name
    }
    stored_notes = {(note.characteristic, note.category): note.reason for note in dataset.comparability_notes.all()}
    new_fields = {
        name: value for name, value in source.dataset_fields().items() if value and getattr(dataset, name) != value
    }
    new_notes = {key: reason for key, reason in notes.items() if stored_notes.get(key) != reason}
    contradicted = [name for name in new_fields if getattr(dataset, name)]
    contradicted += ["/".join(key) for key in new_notes if key in stored_notes]
    if contradicted:
        description = f"It contradicts the stored description for {authority} ({', '.join(contradicted)})."
        fix = "Remove these entries. A stored description can't be replaced."
        raise ImportFileError(source.name, (ImportProblem(description, fix),))
    if dataset._state.adding or new_fields or new_notes:
        _describe(dataset, new_fields, new_notes, by=by)
    return dataset


def _describe(dataset: Dataset, fields: dict[str, Any], notes: dict[tuple[str, str], str], *, by: User) -> None:
    with recording("evidence.describe", on=_subject(dataset), by=by) as change:
        for name, value in fields.items():
            setattr(dataset, name, value)
        dataset.save()
        ComparabilityNote.objects.bulk_create(
            ComparabilityNote(dataset=dataset, characteristic=characteristic, category=category, reason=reason)
            for (characteristic, category), reason in notes.items()
        )
        change.after = {**fields, "not_comparable": {"/".join(key): reason for key, reason in notes.items()}}
