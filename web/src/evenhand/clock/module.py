"""What the clock module declares to the rest of the site."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority, User
from evenhand.clock.models import HolidayChange
from evenhand.modules import Module, RecordedAction, StaffSection, SubjectKind, SubjectName


def _holiday_names(ids: Collection[UUID], _person: User, authority: Authority) -> Mapping[UUID, SubjectName]:
    page = reverse("clock:holidays", args=[authority.slug])
    return {
        change.id: SubjectName(str(change), page)
        for change in HolidayChange.objects.filter(id__in=ids, authority=authority)
    }


_DETAILS = {"day": _("Date"), "is_holiday": _("Is a bank holiday")}
MODULE = Module(
    actions=(
        RecordedAction("clock.add_holiday", _("Added a bank holiday"), details=_DETAILS),
        RecordedAction("clock.remove_holiday", _("Removed a bank holiday"), details=_DETAILS),
        RecordedAction("clock.restore_holiday", _("Put a bank holiday back"), details=_DETAILS),
    ),
    subjects=(SubjectKind("holiday", _("bank holiday"), _holiday_names),),
    sections=(
        StaffSection(
            _("Bank holidays"), _("The days that deadlines in working days leave out."), "clock:holidays", position=60
        ),
    ),
    urls=(("work/", "evenhand.clock.urls"),),
)
