from django.db.models import Max, OuterRef, QuerySet, Subquery

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.records import slugs
from evenhand.releases.enums import State
from evenhand.releases.models import Release, ReleaseTable


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
