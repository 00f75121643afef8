"""Keeps what was checked, so that exactly that is imported."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.models import Authority, User
from evenhand.registers.models import StagedSheet
from evenhand.registers.register import Register
from evenhand.registers.sheets.checking import SheetCheck
from evenhand.registers.sheets.reading import Sheet

KEPT_FOR = timedelta(days=1)


def stage(
    register: Register, authority: Authority, person: User, name: str, sheet: Sheet, check: SheetCheck
) -> StagedSheet:
    """The checked sheet, for its person alone. It must have no problems."""
    if check.problems:
        raise ValueError("a sheet with problems cannot be imported")
    rows: list[dict[str, Any]] = [asdict(row) for row in (*check.new, *check.changed)]
    not_imported = [
        _("The column “%(heading)s” is not imported.") % {"heading": heading} for heading in check.match.not_imported
    ]
    return StagedSheet.objects.create(
        authority=authority,
        register=register.key,
        person=person,
        file_name=name[:200],
        rows=rows,
        unchanged=check.unchanged,
        notes=[*sheet.notes, *not_imported],
        uploaded_at=timezone.now(),
    )
