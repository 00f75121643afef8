"""What must be done before a publication is approved or published, and who answers for it."""

from evenhand import gates
from evenhand.gates import Missing
from evenhand.releases.audits import digest
from evenhand.releases.certificates import Certificate, content_digest
from evenhand.releases.enums import State
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.queries import beside, together

APPROVE = "releases.approve"
PUBLISH = "releases.publish"
PROTECTION = "releases.protection"
DISCLOSURE_CHECK = "releases.disclosure_check"
CERTIFICATE = "releases.certificate"
NOTHING_ELSE_OUT = "releases.nothing_else_out"


def declare() -> None:
    gates.declare(APPROVE, PROTECTION, DISCLOSURE_CHECK, NOTHING_ELSE_OUT, CERTIFICATE)
    gates.declare(PUBLISH, PROTECTION, DISCLOSURE_CHECK, NOTHING_ELSE_OUT, CERTIFICATE)
    gates.provide(PROTECTION, protection)
    gates.provide(DISCLOSURE_CHECK, disclosure_check)
    gates.provide(CERTIFICATE, valid_certificate)
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


def valid_certificate(release: Release) -> Missing | None:
    """One that passed, of these very tables, with everything that is out of the same people taken into account."""
    tables = list(release.tables.all())
    if not tables or not all(_passed(table) for table in tables):
        return None  # it is given by the check, which has not been passed
    if (what := _fault(release, tables)) is None:
        return None
    return Missing(CERTIFICATE, what, f"Run: evenhand release reopen {_address(release)}, then protect and check it.")


def _fault(release: Release, tables: list[ReleaseTable]) -> str | None:
    if release.certificate is None:
        return "It has no certificate, because it was checked before there were any."
    given = Certificate.from_json(release.certificate)
    if not given.passed or given.content_sha256 != content_digest(table.content for table in tables):
        return "Its certificate is not of its tables as they now stand."
    now = {each for held in together(release) for each in beside(held)}
    if fresh := sorted(each.title for each in now - set(given.beside)):
        return (
            f"Figures of the same people went out after it was checked, in “{fresh[0]}”, and were not held beside it."
        )
    return None


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
