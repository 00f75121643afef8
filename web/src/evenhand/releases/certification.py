"""Checks a stored publication against every type of attacker, together with all published tables of the same people."""

from datetime import datetime
from importlib.metadata import version

from evenhand.evidence.queries import table_for_check
from evenhand.releases.certificates import Certificate, YearCheck, check_year, content_digest
from evenhand.releases.engine import true_tables
from evenhand.releases.models import Release
from evenhand.releases.queries import SnapshotTables, prior_releases, tables_by_snapshot


def certify(release: Release, *, at: datetime) -> Certificate:
    """The result of the check, whether or not it passed. The person who runs the check does not see any true count."""
    return Certificate(
        policy=release.policy,
        content_sha256=content_digest(table.content for table in release.tables.all()),
        made_at=at.isoformat(timespec="seconds"),
        version=version("evenstat"),
        years=tuple(_check_snapshot(snapshot_tables) for snapshot_tables in tables_by_snapshot(release)),
    )


def _check_snapshot(snapshot_tables: SnapshotTables) -> YearCheck:
    snapshot = snapshot_tables.snapshot
    names = dict.fromkeys(table.characteristic for table in (*snapshot_tables.prior, *snapshot_tables.tables))
    return check_year(
        snapshot.period,
        str(snapshot.id),
        [table.published for table in snapshot_tables.tables],
        true_tables({name: table_for_check(snapshot, name).counts for name in names}),
        prior=[table.published for table in snapshot_tables.prior],
        prior_releases=prior_releases(snapshot_tables),
    )
