"""The periodic work that is known from the start. Rooms above register their own; rows whose time is over go with
privacy's."""

from evenhand.ledger import checkpoints, looks
from evenhand.notifications import mail_files
from evenhand.notifications.delivery import queue_overdue
from evenhand.notifications.schedule import every

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def register() -> None:
    every("ledger.looks", 5, looks.drain)
    every("ledger.checkpoints", HOUR, checkpoints.issue_all)
    every("notifications.overdue", 5 * MINUTE, queue_overdue)
    every("notifications.files", DAY, mail_files.remove_old)
