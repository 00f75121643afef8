"""What the ledger declares to the rest of the site."""

from django.utils.translation import gettext_lazy as _

from evenhand.ledger import access_log, checkpoints
from evenhand.modules import Module, RecordedAction, ScheduledTask, SubjectKind

HOUR = 3_600

MODULE = Module(
    purpose=_("Accountability: the record of who did what, when and why"),
    actions=(RecordedAction("ledger.erase", _("Erased the details of entries"), details={"erased": _("Entries")}),),
    subjects=(
        SubjectKind("record", _("the record itself")),
        SubjectKind("looks", _("unprotected figures")),
    ),
    scheduled=(
        ScheduledTask("ledger.looks", 5, access_log.drain),
        ScheduledTask("ledger.checkpoints", HOUR, checkpoints.issue_all),
    ),
)
