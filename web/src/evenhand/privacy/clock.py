"""The retention clock as the worker runs it: once a day, in the name of the server itself."""

from evenhand.authorities.queries import operator
from evenhand.privacy import actions

DAY = 86_400


def sweep() -> None:
    actions.sweep(by=operator())
