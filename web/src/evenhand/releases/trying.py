"""Sets every kind of reader on a publication as it is stored, beside all that is out of the same people."""

from datetime import datetime
from importlib.metadata import version

from evenhand.evidence.queries import table_for_check
from evenhand.releases.certificates import Certificate, YearTried, content_digest, try_year
from evenhand.releases.engine import true_tables
from evenhand.releases.models import Release
from evenhand.releases.queries import Together, beside, together


def tried(release: Release, *, at: datetime) -> Certificate:
    """What was found, whether it passed or not. No count is passed on to whoever asked for it."""
    return Certificate(
        policy=release.policy,
        content_sha256=content_digest(table.content for table in release.tables.all()),
        made_at=at.isoformat(timespec="seconds"),
        version=version("evenstat"),
        years=tuple(_year(each) for each in together(release)),
    )


def _year(held: Together) -> YearTried:
    names = dict.fromkeys(each.characteristic for each in (*held.out, *held.tables))
    return try_year(
        held.snapshot.period,
        str(held.snapshot.id),
        [each.published for each in held.tables],
        true_tables({name: table_for_check(held.snapshot, name).counts for name in names}),
        out=[each.published for each in held.out],
        beside=beside(held),
    )
