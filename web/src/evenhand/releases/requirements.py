"""What must be done before a publication is approved or published, and who answers for it."""

from evenhand import gates
from evenhand.gates import Missing
from evenhand.releases.audits import digest
from evenhand.releases.enums import State
from evenhand.releases.models import Release, ReleaseTable

APPROVE = "releases.approve"
PUBLISH = "releases.publish"
PROTECTION = "releases.protection"
DISCLOSURE_CHECK = "releases.disclosure_check"
NOTHING_ELSE_OUT = "releases.nothing_else_out"


def declare() -> None:
    gates.declare(APPROVE, PROTECTION, DISCLOSURE_CHECK, NOTHING_ELSE_OUT)
    gates.declare(PUBLISH, PROTECTION, DISCLOSURE_CHECK, NOTHING_ELSE_OUT)
    gates.provide(PROTECTION, protection)
    gates.provide(DISCLOSURE_CHECK, disclosure_check)
    gates.provide(NOTHING_ELSE_OUT, nothing_else_out)


def protection(release: Release) -> Missing | None:
    tables = list(release.tables.all())
    bare = [table for table in tables if not table.content or table.content["policy"] != release.policy]
    if tables and not bare:
        return None
    what = f"{len(bare)} of its {len(tables)} tables are not protected." if tables else "It has no tables."
    return Missing(PROTECTION, what, f"Run: evenhand release protect {_address(release)}")


def disclosure_check(release: Release) -> Missing | None:
    tables = list(release.tables.all())
    unchecked = [table for table in tables if not _passed(table)]
    if tables and not unchecked:
        return None
    what = f"{len(unchecked)} of its {len(tables)} tables have not passed the check as they now stand."
    return Missing(DISCLOSURE_CHECK, what, f"Run: evenhand release check {_address(release)}")


def nothing_else_out(release: Release) -> Missing | None:
    """Two protections of the same people side by side can be subtracted from each other."""
    already = (
        ReleaseTable.objects.filter(
            release__state=State.PUBLISHED,
            snapshot__in=release.tables.values("snapshot"),
            characteristic__in=release.tables.values("characteristic"),
        )
        .exclude(release=release)
        .select_related("release")
        .first()
    )
    if already is None:
        return None
    return Missing(
        NOTHING_ELSE_OUT,
        f"The same figures are already out in “{already.release.title}”, protected in another way; "
        "a reader could hold the two side by side and find what each hides.",
        "Leave this one unpublished, or take those years out of it.",
    )


def _passed(table: ReleaseTable) -> bool:
    return bool(table.audit and table.audit["passed"] and table.audit["content_sha256"] == digest(table.content))


def _address(release: Release) -> str:
    return f"{release.authority.slug}/{release.slug}"
