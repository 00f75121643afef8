"""What people are told when a thing can't be done, whoever asks. (`Refused` is about who asks.)

NotPossible              said in full: what is in the way, and how to mend it
├── LastAdministrator    somebody else must be appointed first
├── WorkInHand           somebody must take over first
├── Outdated             somebody else changed it in the meantime
└── WrongPassword        an invitation to an account that is there already
"""


class NotPossible(Exception):
    pass


class LastAdministrator(NotPossible):
    pass


class WorkInHand(NotPossible):
    pass


class Outdated(NotPossible):
    pass


class WrongPassword(NotPossible):
    pass
