from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import UnknownAuthority, UnknownPerson, actor, authority
from evenhand.evidence.queries import NoFigures, snapshots
from evenhand.gates import GateClosed
from evenhand.records.slugs import SlugTaken
from evenhand.releases import actions
from evenhand.releases.certificate_words import attacker_summaries
from evenhand.releases.models import Release
from evenhand.releases.queries import UnknownRelease, certificate_of, get_release, visible
from evenhand.releases.tables import PublishedRow, PublishedTable
from evenstat.disclosure import SUPPRESSION_POLICIES
from evenstat.errors import EvenstatError

STEPS = {
    "protect": actions.protect,
    "check": actions.check,
    "approve": actions.approve,
    "publish": actions.publish,
}
EXPECTED_ERRORS = (
    Refused,
    UnknownAuthority,
    UnknownPerson,
    UnknownRelease,
    SlugTaken,
    GateClosed,
    EvenstatError,
    actions.InvalidTransition,
    actions.CheckFailed,
    actions.NothingToPublish,
    NoFigures,
)


class Command(BaseCommand):
    help = "Prepare, protect, check, approve and publish figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        draft = commands.add_parser("draft", help="Create a draft publication of an authority's workforce figures.")
        draft.add_argument("authority", metavar="AUTHORITY", help="The authority's slug")
        draft.add_argument("slug", help="The last part of its web address, which can't be changed later")
        draft.add_argument("--title", required=True)
        draft.add_argument("--policy", required=True, choices=[policy.id for policy in SUPPRESSION_POLICIES])
        draft.add_argument(
            "--year",
            type=int,
            action="append",
            help="A year to publish. Repeat for more years (default: all)",
        )
        draft.add_argument("--by", metavar="EMAIL")
        for step in (*STEPS, "show", "certificate"):
            description = (
                "Show the certificate of a publication"
                if step == "certificate"
                else f"{step.capitalize()} a publication"
            )
            command = commands.add_parser(step, help=f"{description}.")
            command.add_argument("address", metavar="AUTHORITY/PUBLICATION")
            command.add_argument("--by", metavar="EMAIL")

        reopen = commands.add_parser("reopen", help="Return an unpublished publication to draft.")
        reopen.add_argument("address", metavar="AUTHORITY/PUBLICATION")
        reopen.add_argument("--reason", required=True)
        reopen.add_argument("--by", metavar="EMAIL")
        listing = commands.add_parser("list", help="List the publications of an authority, in every state.")
        listing.add_argument("authority", metavar="AUTHORITY", help="The authority's slug")
        listing.add_argument("--by", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._run(options)
        except EXPECTED_ERRORS as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _run(self, options: dict[str, Any]) -> None:
        by = actor(options["by"])
        command = options["command"]
        if command == "draft":
            self._draft(options, by)
        elif command == "list":
            self._list(authority(options["authority"]), by)
        else:
            slug, _, name = options["address"].partition("/")
            release = get_release(authority(slug), name, by=by)
            if command in ("show", "certificate"):
                self._show(release) if command == "show" else self._certificate(release)
                return
            if command == "reopen":
                actions.reopen(release, by=by, reason=options["reason"])
            else:
                STEPS[command](release, by=by)
            self.stdout.write(f"{release.title}: {release.get_state_display().lower()}")

    def _draft(self, options: dict[str, Any], by: User) -> None:
        publisher = authority(options["authority"])
        release = actions.draft(
            publisher,
            by=by,
            slug=options["slug"],
            title=options["title"],
            policy_id=options["policy"],
            snapshots=snapshots(publisher, years=options["year"]),
        )
        self.stdout.write(f"Draft created: {release.title}, {release.tables.count()} tables")

    def _list(self, publisher: Authority, by: User) -> None:
        releases = visible(publisher, by=by)
        for release in releases:
            state = release.get_state_display().lower()
            self.stdout.write(f"{publisher.slug}/{release.slug}: {release.title} ({state}, {release.policy})")
        if not releases:
            self.stdout.write(
                f"{publisher} has no publications yet. Create one with: evenhand release draft {publisher.slug} …"
            )

    def _show(self, release: Release) -> None:
        """Print what the public would see, without any hidden figure."""
        self.stdout.write(f"{release.title} ({release.get_state_display().lower()}, policy {release.policy})")
        for table in release.tables.all():
            if table.content:
                self._table(table.published)
            else:
                self.stdout.write(f"\n{table.snapshot.period} {table.characteristic}: not protected yet")

    def _certificate(self, release: Release) -> None:
        certificate = certificate_of(release)
        if certificate is None:
            raise CommandError(f"{release.title} has no certificate. A publication gets one when it is checked.")
        others = ", ".join(f"“{prior.title}”" for prior in certificate.prior_releases) or "no other publication"
        self.stdout.write(
            f"Certificate of {certificate.made_on:%d %B %Y}: {certificate.hidden} of {certificate.figures} figures are "
            f"hidden. Checked together with {others} (evenstat {certificate.version}, {certificate.solver})."
        )
        for attacker in attacker_summaries(certificate):
            self.stdout.write(f"  {attacker.knowledge}: {attacker.exact} worked out exactly. {attacker.narrowest}")

    def _table(self, table: PublishedTable) -> None:
        answered = "[c]" if table.answered is None else f"{table.answered:,}"
        self.stdout.write(f"\n{table.period} {table.name}: {table.total:,} staff, {answered} answered")
        for row in table.rows:
            self.stdout.write(f"  {row.label:<45} {_figures(row)}")


def _figures(row: PublishedRow) -> str:
    if row.shown is None:
        return f"{row.mark:>7}"
    share = f" {row.shown.share.value:7.1%}" if row.shown.share else ""
    return f"{row.shown.count:>7,}{share}"
