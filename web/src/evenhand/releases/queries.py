from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, OuterRef, QuerySet, Subquery

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import SEE_DRAFTS, may
from evenhand.authorities.queries import open_assignments
from evenhand.evidence.models import Snapshot
from evenhand.evidence.queries import UnprotectedTable, snapshots, unprotected_table
from evenhand.records import slugs
from evenhand.releases.additional_tables import AdditionalTableCheck
from evenhand.releases.audits import digest
from evenhand.releases.certificates import Certificate, PriorRelease
from evenhand.releases.enums import ReleaseState
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import policy
from evenstat.standards import standard

SUBJECT_KIND = "release"  # the subject kind of publications in the ledger and in assignments


class UnknownRelease(LookupError):
    """The authority has no publication with this slug."""


def namespace(authority: Authority) -> str:
    return f"releases of {authority.id}"


def get_release(authority: Authority, slug: str, *, by: User) -> Release:
    """A publication in any state. Raises UnknownRelease for a draft if the person may not see drafts."""
    release_id = slugs.owner_of(namespace(authority), slug)
    if release_id is None or not visible(authority, by=by).filter(id=release_id).exists():
        raise UnknownRelease(f"{authority} has no publication “{slug}”.")
    return Release.objects.select_related("authority").get(id=release_id)


def visible(authority: Authority, *, by: User) -> QuerySet[Release]:
    """The publications of an authority that a person may see: all of them, or only those that are published."""
    releases = Release.objects.filter(authority=authority).order_by("slug")
    if may(by, SEE_DRAFTS, authority).allowed:
        return releases
    return releases.filter(state=ReleaseState.PUBLISHED)


def published(authority: Authority) -> QuerySet[Release]:
    """The published publications of an authority, newest first."""
    return Release.objects.filter(authority=authority, state=ReleaseState.PUBLISHED).select_related("authority")


def published_release(authority: Authority, slug: str) -> Release | None:
    """The published publication with this current or former slug. None for a draft, as if it did not exist."""
    release_id = slugs.owner_of(namespace(authority), slug)
    return published(authority).filter(id=release_id).first() if release_id else None


def published_tables(authority: Authority, characteristic: str = "") -> QuerySet[ReleaseTable]:
    """The published tables of an authority, newest period first, for one characteristic or for all."""
    tables = ReleaseTable.objects.filter(release__authority=authority, release__state=ReleaseState.PUBLISHED)
    if characteristic:
        tables = tables.filter(characteristic=characteristic)
    return tables.select_related("release", "snapshot__dataset").order_by("-snapshot__year", "position")


def latest_published_tables() -> QuerySet[ReleaseTable]:
    """The published tables of every real authority for its latest published year, in one query."""
    tables = ReleaseTable.objects.filter(release__state=ReleaseState.PUBLISHED, release__invented=False)
    latest_years = (
        tables.filter(release__authority=OuterRef("release__authority"))
        .order_by()
        .values("release__authority")
        .annotate(year=Max("snapshot__year"))
        .values("year")
    )
    return (
        tables.filter(snapshot__year=Subquery(latest_years))
        .select_related("release__authority", "snapshot")
        .order_by("release__authority__name", "position")
    )


@dataclass(frozen=True)
class SnapshotTables:
    """The tables of a publication for one snapshot, and the published tables of other publications for it."""

    snapshot: Snapshot
    tables: tuple[ReleaseTable, ...]
    prior: tuple[ReleaseTable, ...]


def tables_by_snapshot(release: Release) -> tuple[SnapshotTables, ...]:
    """The tables to protect and check together, because they count the same people."""
    tables = list(release.tables.select_related("snapshot__dataset__authority"))
    table_snapshots = dict.fromkeys(table.snapshot for table in tables)
    others = ReleaseTable.objects.filter(release__state=ReleaseState.PUBLISHED, snapshot__in=table_snapshots)
    others = others.exclude(release=release).select_related("release")
    prior = list(others.order_by("release__published_at", "position"))
    return tuple(
        SnapshotTables(
            snapshot,
            tuple(table for table in tables if table.snapshot_id == snapshot.id),
            tuple(table for table in prior if table.snapshot_id == snapshot.id),
        )
        for snapshot in table_snapshots
    )


def unprotected_tables(snapshot_tables: SnapshotTables, *, by: User) -> dict[str, UnprotectedTable]:
    """The true counts of these tables, by characteristic, for a person with permission to see them."""
    names = {table.characteristic for table in (*snapshot_tables.tables, *snapshot_tables.prior)}
    return {name: unprotected_table(snapshot_tables.snapshot, name, by=by) for name in sorted(names)}


def prior_releases(snapshot_tables: SnapshotTables) -> tuple[PriorRelease, ...]:
    """The published publications of figures about the same people, oldest first."""
    return tuple(
        dict.fromkeys(PriorRelease(str(table.release_id), table.release.title) for table in snapshot_tables.prior)
    )


def certificate_of(release: Release) -> Certificate | None:
    """None before the check, and for publications that were published before certificates were introduced."""
    return Certificate.from_json(release.certificate) if release.certificate else None


def tables_by_period(release: Release) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """For each period, newest first, the ids and names of the characteristics that have a table."""
    periods: dict[str, list[tuple[str, str]]] = {}
    for table in release.tables.select_related("snapshot").defer("content").order_by("-snapshot__year", "position"):
        name = standard(table.characteristic).name
        periods.setdefault(table.snapshot.period, []).append((table.characteristic, name))
    return tuple((period, tuple(names)) for period, names in periods.items())


def additional_table_check(table: ReleaseTable, *, by: User) -> AdditionalTableCheck:
    """All published tables of this table's year and their true counts, for a person with permission to see them."""
    tables = list(ReleaseTable.objects.filter(release__state=ReleaseState.PUBLISHED, snapshot=table.snapshot))
    names = {other.characteristic for other in tables}
    counts = {name: unprotected_table(table.snapshot, name, by=by).counts for name in sorted(names)}
    prior = tuple(other.published for other in tables)
    return AdditionalTableCheck(table.characteristic, prior, counts, policy(table.release.policy))


def assignees(authority: Authority) -> dict[UUID, User]:
    """Release id -> the person that the publication is assigned to."""
    assignments = open_assignments(authority=authority).filter(subject_kind=SUBJECT_KIND)
    return {assignment.subject_id: assignment.person for assignment in assignments}


@dataclass(frozen=True)
class AvailableYear:
    """A year with figures, and the title of the publication that they are published in, if any."""

    year: int
    period: str
    published_in: str


def available_years(authority: Authority) -> tuple[AvailableYear, ...]:
    """The years that can be included in a publication, newest first."""
    rows = published_tables(authority).order_by().values_list("snapshot_id", "release__title").distinct()
    titles = dict(rows)
    return tuple(
        AvailableYear(snapshot.year, snapshot.period, titles.get(snapshot.id, ""))
        for snapshot in snapshots(authority).order_by("-year")
    )


@dataclass(frozen=True)
class CharacteristicSummary:
    """One characteristic in a publication: its years and, once protected, the groups hidden in each year."""

    name: str
    periods: tuple[str, ...]
    hidden: tuple[tuple[str, tuple[str, ...]], ...]
    rows: int
    rows_hidden: int


def characteristic_summaries(release: Release) -> tuple[CharacteristicSummary, ...]:
    """The characteristics of a publication, in the order of its tables. Only protected values are read."""
    by_characteristic: dict[str, list[ReleaseTable]] = {}
    for table in release.tables.select_related("snapshot"):
        by_characteristic.setdefault(table.characteristic, []).append(table)
    return tuple(_summarise(characteristic, tables) for characteristic, tables in by_characteristic.items())


def _summarise(characteristic: str, tables: list[ReleaseTable]) -> CharacteristicSummary:
    protected = [table.published for table in tables if table.content]
    hidden: dict[str, list[str]] = {}
    for table in protected:
        for row in table.suppressed_rows:
            hidden.setdefault(row.label, []).append(table.period)
    return CharacteristicSummary(
        name=standard(characteristic).name,
        periods=tuple(table.snapshot.period for table in tables),
        hidden=tuple((label, tuple(periods)) for label, periods in hidden.items()),
        rows=sum(len(table.rows) for table in protected),
        rows_hidden=sum(len(table.suppressed_rows) for table in protected),
    )


def periods_of(release: Release) -> tuple[str, ...]:
    """The periods of a publication, newest first."""
    periods = release.tables.order_by("-snapshot__year").values_list("snapshot__period", flat=True)
    return tuple(dict.fromkeys(periods))


def tables_of(release: Release, period: str) -> tuple[PublishedTable, ...]:
    """The protected tables of one period, as the public would see them. Empty before the publication is protected."""
    return tuple(table.published for table in release.tables.filter(snapshot__period=period) if table.content)


def content_fingerprint(release: Release) -> str:
    """A digest of the content, so that nobody approves a publication that changed after they viewed it."""
    tables = [[table.position, table.content] for table in release.tables.all()]
    return digest([release.title, release.policy, tables])
