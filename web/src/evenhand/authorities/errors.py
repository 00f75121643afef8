"""Errors of actions that are not possible for anyone. (`Refused` depends on the person.)

NotPossible              the message says what prevents the action and how to fix it
├── LastAdministrator    another administrator must be appointed first
├── HasAssignments       a colleague must take over the assigned work first
├── Outdated             somebody else changed it in the meantime
└── WrongPassword        an invitation to an existing account
"""


class NotPossible(Exception):
    pass


class LastAdministrator(NotPossible):
    pass


class HasAssignments(NotPossible):
    pass


class Outdated(NotPossible):
    pass


class WrongPassword(NotPossible):
    pass
