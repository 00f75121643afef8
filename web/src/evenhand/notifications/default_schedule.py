"""The periodic tasks of this app and of those below it. Apps above register their own; privacy deletes expired rows."""

from evenhand.ledger import access_log, checkpoints
from evenhand.notifications import mail_files
from evenhand.notifications.delivery import queue_overdue
from evenhand.notifications.schedule import every

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def register() -> None:
    every("ledger.looks", 5, access_log.drain)
    every("ledger.checkpoints", HOUR, checkpoints.issue_all)
    every("notifications.overdue", 5 * MINUTE, queue_overdue)
    every("notifications.files", DAY, mail_files.delete_old_files)
