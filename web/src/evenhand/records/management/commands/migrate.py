"""Django's `migrate`, which fails if a trigger that keeps frozen rows is missing or altered afterwards."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrateCommand
from django.db import connections

from evenhand.records import triggers


class Command(DjangoMigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        if problems := triggers.problems(connections[options["database"]]):
            raise CommandError(
                "\n".join(
                    [
                        "The database has been migrated, but it no longer keeps everything that must not change.",
                        *problems,
                        "Do not use it. Restore the backup that you made before the upgrade, and report this.",
                    ]
                )
            )
