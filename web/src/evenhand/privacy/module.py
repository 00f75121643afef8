"""What the privacy module declares to the rest of the site."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import may
from evenhand.modules import (
    Module,
    PersonalDataHolder,
    RecordedAction,
    ScheduledTask,
    StaffSection,
    SubjectKind,
    SubjectName,
)
from evenhand.privacy import mail_files, tasks
from evenhand.privacy.models import Request
from evenhand.privacy.permissions import ANSWER_REQUESTS
from evenhand.privacy.staff_tasks import request_tasks


def _request_names(ids: Collection[UUID], person: User, authority: Authority) -> Mapping[UUID, SubjectName]:
    """Only for those who answer requests: what somebody asked about their own data is not for their colleagues."""
    if not may(person, ANSWER_REQUESTS, authority).allowed:
        return {}
    return {
        request.id: SubjectName(str(request), reverse("privacy:request", args=[authority.slug, request.id]))
        for request in Request.objects.filter(id__in=ids, authority=authority)
    }


_DUE = {"due_on": _("Answer by")}
MODULE = Module(
    purpose=_("Answering people’s requests about their own data"),
    permissions=(ANSWER_REQUESTS,),
    actions=(
        RecordedAction("privacy.receive", _("Received a request about personal data")),
        RecordedAction("privacy.close", _("Closed a request about personal data")),
        RecordedAction("privacy.stop_clock", _("Stopped the time limit of a request"), details=_DUE),
        RecordedAction("privacy.restart_clock", _("Restarted the time limit of a request"), details=_DUE),
        RecordedAction("privacy.extend", _("Extended the time limit of a request"), details=_DUE),
        RecordedAction("privacy.look_up", _("Looked up the data held about a person")),
        RecordedAction("privacy.erase", _("Erased the data held about a person")),
        RecordedAction("privacy.object_to_analysis", _("Recorded an objection to analysis")),
        RecordedAction("privacy.withdraw_objection", _("Ended an objection to analysis")),
        RecordedAction("privacy.reapply", _("Repeated the erasures after a restore")),
        RecordedAction("privacy.sweep", _("Deleted data past its retention period")),
    ),
    subjects=(
        SubjectKind("request", _("request about personal data"), _request_names),
        SubjectKind("objection", _("objection to analysis")),
        SubjectKind("erasures", _("the erasures of a restored system")),
        SubjectKind("sweep", _("data past its retention period")),
    ),
    sections=(
        StaffSection(
            _("Requests about personal data"),
            _("Requests from people about their own personal data, and when each must be answered."),
            "privacy:requests",
            ANSWER_REQUESTS,
        ),
    ),
    urls=(("work/", "evenhand.privacy.urls"),),
    staff_tasks=(request_tasks,),
    scheduled=(ScheduledTask("privacy.sweep", tasks.ONE_DAY, tasks.delete_expired_data),),
    personal_data=(
        PersonalDataHolder("messages in files", find=mail_files.find_messages, erase=mail_files.delete_messages),
    ),
)
