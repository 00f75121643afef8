"""What the notifications module declares to the rest of the site."""

from django.utils.translation import gettext_lazy as _

from evenhand.modules import Module, ScheduledTask
from evenhand.notifications import mail_files
from evenhand.notifications.delivery import queue_overdue

MINUTE, DAY = 60, 86_400

MODULE = Module(
    purpose=_("Messages to people about their work"),
    scheduled=(
        ScheduledTask("notifications.overdue", 5 * MINUTE, queue_overdue),
        ScheduledTask("notifications.files", DAY, mail_files.delete_old_files),
    ),
)
