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
from evenhand.releases.certificate_words import readers
from evenhand.releases.models import Release
from evenhand.releases.queries import UnknownRelease, certificate_of, release, visible
from evenhand.releases.tables import PublishedTable, Row
from evenstat.disclosure import HIDING
from evenstat.errors import EvenstatError

STEPS = {
    "protect": actions.protect,
    "check": actions.check,
    "approve": actions.approve,
    "publish": actions.publish,
}
REFUSALS = (
    Refused,
    UnknownAuthority,
    UnknownPerson,
    UnknownRelease,
    SlugTaken,
    GateClosed,
    EvenstatError,
    actions.WrongState,
    actions.CheckFailed,
    actions.NothingToPublish,
    NoFigures,
)


class Command(BaseCommand):
    help = "Prepare, protect, check, approve and publish figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        draft = commands.add_parser("draft", help="Begin a publication of an authority's workforce figures.")
        draft.add_argument("authority", metavar="AUTHORITY", help="The authority's slug")
        draft.add_argument("slug", help="Its part of the web address, for good")
        draft.add_argument("--title", required=True)
        draft.add_argument("--policy", required=True, choices=[policy.id for policy in HIDING])
        draft.add_argument(
            "--year",
            type=int,
            action="append",
            help="A year to publish; give it again for more (default: all)",
        )
        draft.add_argument("--by", metavar="EMAIL")
        for step in (*STEPS, "show", "certificate"):
            what = "Its certificate: who was tried" if step == "certificate" else f"{step.capitalize()} a publication"
            command = commands.add_parser(step, help=f"{what}.")
            command.add_argument("address", metavar="AUTHORITY/PUBLICATION")
            command.add_argument("--by", metavar="EMAIL")

        reopen = commands.add_parser("reopen", help="Take a publication that is not out yet back to a draft.")
        reopen.add_argument("address", metavar="AUTHORITY/PUBLICATION")
        reopen.add_argument("--reason", required=True)
        reopen.add_argument("--by", metavar="EMAIL")
        listing = commands.add_parser("list", help="The publications of an authority, in every state.")
        listing.add_argument("authority", metavar="AUTHORITY", help="The authority's slug")
        listing.add_argument("--by", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._run(options)
        except REFUSALS as refused:
            raise CommandError(str(refused)) from refused
        except ValidationError as invalid:
            raise CommandError(" ".join(invalid.messages)) from invalid

    def _run(self, options: dict[str, Any]) -> None:
        by = actor(options["by"])
        command = options["command"]
        if command == "draft":
            self._draft(options, by)
        elif command == "list":
            self._list(authority(options["authority"]), by)
        else:
            slug, _, name = options["address"].partition("/")
            found = release(authority(slug), name, by=by)
            if command in ("show", "certificate"):
                self._show(found) if command == "show" else self._certificate(found)
                return
            if command == "reopen":
                actions.reopen(found, by=by, reason=options["reason"])
            else:
                STEPS[command](found, by=by)
            self.stdout.write(f"{found.title}: {found.get_state_display().lower()}")

    def _draft(self, options: dict[str, Any], by: User) -> None:
        body = authority(options["authority"])
        begun = actions.draft(
            body,
            by=by,
            slug=options["slug"],
            title=options["title"],
            policy_id=options["policy"],
            snapshots=snapshots(body, years=options["year"]),
        )
        self.stdout.write(f"Begun: {begun.title}, {begun.tables.count()} tables")

    def _list(self, body: Authority, by: User) -> None:
        found = visible(body, by=by)
        for each in found:
            self.stdout.write(
                f"{body.slug}/{each.slug}: {each.title} ({each.get_state_display().lower()}, {each.policy})"
            )
        if not found:
            self.stdout.write(f"{body} has no publication yet. Begin one with: evenhand release draft {body.slug} …")

    def _show(self, found: Release) -> None:
        """What a reader would see; never a figure that is hidden."""
        self.stdout.write(f"{found.title} ({found.get_state_display().lower()}, policy {found.policy})")
        for table in found.tables.all():
            if table.content:
                self._table(table.published)
            else:
                self.stdout.write(f"\n{table.snapshot.period} {table.characteristic}: not protected yet")

    def _certificate(self, found: Release) -> None:
        given = certificate_of(found)
        if given is None:
            raise CommandError(f"{found.title} has no certificate: it is given when a publication is checked.")
        beside = ", ".join(f"“{each.title}”" for each in given.beside) or "no other publication"
        self.stdout.write(
            f"Certificate of {given.made_on:%d %B %Y}: {given.hidden} hidden figures among {given.figures}, tried with "
            f"{beside} beside (evenstat {given.version}, {given.solver})"
        )
        for each in readers(given):
            self.stdout.write(f"  {each.knows}: {each.exact} worked out exactly. {each.closest}")

    def _table(self, table: PublishedTable) -> None:
        answered = "[c]" if table.answered is None else f"{table.answered:,}"
        self.stdout.write(f"\n{table.period} {table.name}: {table.total:,} staff, {answered} answered")
        for row in table.rows:
            self.stdout.write(f"  {row.label:<45} {_figures(row)}")


def _figures(row: Row) -> str:
    if row.shown is None:
        return f"{row.mark:>7}"
    share = f" {row.shown.share.value:7.1%}" if row.shown.share else ""
    return f"{row.shown.count:>7,}{share}"
