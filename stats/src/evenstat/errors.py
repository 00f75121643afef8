"""The errors that evenstat raises.

EvenstatError
├── InvalidCount       a count that is not a whole number, is negative, or is larger than its base
├── InvalidLevel       a confidence level that is not between 0 and 1
├── InvalidShare       a benchmark share or a tolerance band outside its range
├── InvalidEstimate    an estimate that lies outside its own interval
├── UnknownStandard    no standard of that name
├── UnknownCategory    no category of that name in the standard
├── UnknownPolicy      no policy of that name, or one that cannot be applied to these tables
├── CannotProtect      no suppression pattern makes the table safe: merge categories or do not publish it
└── InvalidInput       input that cannot be used; for a file, the message gives the row and column
"""


class EvenstatError(Exception):
    """The base class of every error that evenstat raises."""


class InvalidCount(EvenstatError):
    """A count that is not a whole number, is negative, or is larger than its base."""


class InvalidLevel(EvenstatError):
    """A confidence level that is not between 0 and 1."""


class InvalidShare(EvenstatError):
    """A benchmark share or a tolerance band outside its range."""


class InvalidEstimate(EvenstatError):
    """An estimate that lies outside its own interval."""


class UnknownStandard(EvenstatError):
    """No standard of that name."""


class UnknownCategory(EvenstatError):
    """No category of that name in the standard."""


class UnknownPolicy(EvenstatError):
    """No policy of that name, or one that cannot be applied to these tables."""


class CannotProtect(EvenstatError):
    """No suppression pattern makes the table safe."""


class InvalidInput(EvenstatError):
    """Input that cannot be used; for a file, the message gives the row and column."""
