from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, OuterRef, QuerySet, Subquery

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import in_hand
from evenhand.evidence.models import Snapshot
from evenhand.evidence.queries import UnprotectedTable, snapshots, unprotected_table
from evenhand.records import slugs
from evenhand.releases.audits import digest
from evenhand.releases.certificates import Beside, Certificate
from evenhand.releases.enums import State
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.recuts import Question
from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import policy
from evenstat.standards import standard

KIND = "release"  # by which the record of changes, and whoever has it in hand, know a publication


class UnknownRelease(LookupError):
    """The authority has no publication with this slug."""


def namespace(authority: Authority) -> str:
    return f"releases of {authority.id}"


def release(authority: Authority, slug: str, *, by: User) -> Release:
    """A publication in any state, for those who prepare it. For anyone else a draft does not exist."""
    found = slugs.owner_of(namespace(authority), slug)
    if found is None or not visible(authority, by=by).filter(id=found).exists():
        raise UnknownRelease(f"{authority} has no publication “{slug}”.")
    return Release.objects.select_related("authority").get(id=found)


def visible(authority: Authority, *, by: User) -> QuerySet[Release]:
    """What a person may see of an authority's publications: all, or those that are out."""
    held = Release.objects.filter(authority=authority).order_by("slug")
    return held if may(by, Permission.SEE_DRAFTS, authority).allowed else held.filter(state=State.PUBLISHED)


def published(authority: Authority) -> QuerySet[Release]:
    """What anyone may see of an authority, newest first."""
    return Release.objects.filter(authority=authority, state=State.PUBLISHED).select_related("authority")


def published_release(authority: Authority, slug: str) -> Release | None:
    """A published publication by its slug, now or before; None for a draft, as for one that never was."""
    found = slugs.owner_of(namespace(authority), slug)
    return published(authority).filter(id=found).first() if found else None


def published_tables(authority: Authority, characteristic: str = "") -> QuerySet[ReleaseTable]:
    """The published tables of an authority, newest period first, of one characteristic or of all."""
    tables = ReleaseTable.objects.filter(release__authority=authority, release__state=State.PUBLISHED)
    if characteristic:
        tables = tables.filter(characteristic=characteristic)
    return tables.select_related("release", "snapshot__dataset").order_by("-snapshot__year", "position")


def latest_published_tables() -> QuerySet[ReleaseTable]:
    """Every authority's published tables of its latest published year. One query."""
    out = ReleaseTable.objects.filter(release__state=State.PUBLISHED)
    latest = (
        out.filter(release__authority=OuterRef("release__authority"))
        .order_by()
        .values("release__authority")
        .annotate(year=Max("snapshot__year"))
        .values("year")
    )
    return (
        out.filter(snapshot__year=Subquery(latest))
        .select_related("release__authority", "snapshot")
        .order_by("release__authority__name", "position")
    )


@dataclass(frozen=True)
class Together:
    """The tables that a publication holds of one snapshot, and those of other publications of it that are out."""

    snapshot: Snapshot
    tables: tuple[ReleaseTable, ...]
    out: tuple[ReleaseTable, ...]


def together(found: Release) -> tuple[Together, ...]:
    """What is protected and checked as one: the same people are counted in all of it."""
    tables = list(found.tables.select_related("snapshot__dataset__authority"))
    snapshots_held = dict.fromkeys(table.snapshot for table in tables)
    out = ReleaseTable.objects.filter(release__state=State.PUBLISHED, snapshot__in=snapshots_held)
    beside = list(out.exclude(release=found).select_related("release").order_by("release__published_at", "position"))
    return tuple(
        Together(
            snapshot,
            tuple(each for each in tables if each.snapshot_id == snapshot.id),
            tuple(each for each in beside if each.snapshot_id == snapshot.id),
        )
        for snapshot in snapshots_held
    )


def unprotected(held: Together, *, by: User) -> dict[str, UnprotectedTable]:
    """The counts as they are behind the tables of one snapshot and what is out of it, for someone who may see them."""
    names = {each.characteristic for each in (*held.tables, *held.out)}
    return {name: unprotected_table(held.snapshot, name, by=by) for name in sorted(names)}


def beside(held: Together) -> tuple[Beside, ...]:
    """The publications of the same people that are out already, oldest first."""
    return tuple(dict.fromkeys(Beside(str(each.release_id), each.release.title) for each in held.out))


def certificate_of(found: Release) -> Certificate | None:
    """None before it is checked, and of what went out before there were certificates."""
    return Certificate.from_json(found.certificate) if found.certificate else None


def tables_by_period(found: Release) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """For each period, newest first, the characteristics of which there is a table, with their names."""
    held: dict[str, list[tuple[str, str]]] = {}
    for table in found.tables.select_related("snapshot").defer("content").order_by("-snapshot__year", "position"):
        held.setdefault(table.snapshot.period, []).append((table.characteristic, standard(table.characteristic).name))
    return tuple((period, tuple(names)) for period, names in held.items())


def question(table: ReleaseTable, *, by: User) -> Question:
    """Everything that is out of a table's year, with the counts behind it: for someone who may see them."""
    out = list(ReleaseTable.objects.filter(release__state=State.PUBLISHED, snapshot=table.snapshot))
    names = {each.characteristic for each in out}
    counts = {name: unprotected_table(table.snapshot, name, by=by).counts for name in sorted(names)}
    printed = tuple(each.published for each in out)
    return Question(table.characteristic, printed, counts, policy(table.release.policy))


def holders(authority: Authority) -> dict[UUID, User]:
    """Who has each of an authority's publications in hand."""
    return {each.subject_id: each.person for each in in_hand(authority=authority).filter(subject_kind=KIND)}


@dataclass(frozen=True)
class Year:
    """A year of which figures are held, and the title of the publication that they are out in, if they are."""

    year: int
    period: str
    out_in: str


def years_of(authority: Authority) -> tuple[Year, ...]:
    """The years that a publication could hold, newest first."""
    out = published_tables(authority).order_by().values_list("snapshot_id", "release__title").distinct()
    titles = dict(out)
    held = snapshots(authority).order_by("-year")
    return tuple(Year(each.year, each.period, titles.get(each.id, "")) for each in held)


@dataclass(frozen=True)
class Holding:
    """One characteristic in a publication: its years, and once it is protected what of it is hidden."""

    name: str
    periods: tuple[str, ...]
    hidden: tuple[tuple[str, tuple[str, ...]], ...]
    rows: int
    rows_hidden: int


def holdings(found: Release) -> tuple[Holding, ...]:
    """What a publication holds, by characteristic in the order of its tables. Protected values alone are read."""
    by_characteristic: dict[str, list[ReleaseTable]] = {}
    for table in found.tables.select_related("snapshot"):
        by_characteristic.setdefault(table.characteristic, []).append(table)
    return tuple(_holding(characteristic, tables) for characteristic, tables in by_characteristic.items())


def _holding(characteristic: str, tables: list[ReleaseTable]) -> Holding:
    protected = [table.published for table in tables if table.content]
    hidden: dict[str, list[str]] = {}
    for table in protected:
        for row in table.hidden_rows:
            hidden.setdefault(row.label, []).append(table.period)
    return Holding(
        name=standard(characteristic).name,
        periods=tuple(table.snapshot.period for table in tables),
        hidden=tuple((label, tuple(periods)) for label, periods in hidden.items()),
        rows=sum(len(table.rows) for table in protected),
        rows_hidden=sum(len(table.hidden_rows) for table in protected),
    )


def periods_of(found: Release) -> tuple[str, ...]:
    """The periods that a publication holds, newest first."""
    held = found.tables.order_by("-snapshot__year").values_list("snapshot__period", flat=True)
    return tuple(dict.fromkeys(held))


def tables_of(found: Release, period: str) -> tuple[PublishedTable, ...]:
    """The protected tables of one period, as a reader would see them; none before it is protected."""
    return tuple(each.published for each in found.tables.filter(snapshot__period=period) if each.content)


def as_it_stands(found: Release) -> str:
    """A mark of what a publication says now, so that nobody approves what was changed under their eyes."""
    return digest([found.title, found.policy, [[each.position, each.content] for each in found.tables.all()]])
