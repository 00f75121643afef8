"""Deleting data past its retention period. The worker runs it once a day, as the server operator."""

from evenhand.authorities.queries import operator
from evenhand.privacy import actions

ONE_DAY = 86_400


def delete_expired_data() -> None:
    actions.sweep(by=operator())
