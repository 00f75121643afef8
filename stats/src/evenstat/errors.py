"""Every error that evenstat raises on purpose.

EvenstatError
├── InvalidCount       a count that is not a whole number, is below zero, or is above its base
├── InvalidLevel       a confidence level that is not between 0 and 1
├── InvalidShare       a benchmark share or a tolerance band outside its range
├── InvalidEstimate    an estimate that lies outside its own range
├── UnknownStandard    no standard of that name
├── UnknownCategory    the standard has no such category
├── UnknownPolicy      no policy of that name, or one that this engine cannot apply
├── CannotProtect      no way of hiding makes the table safe: merge categories or do not publish
└── InvalidInput       a file given to the command line, with its row and column
"""


class EvenstatError(Exception):
    """The root: catch it to catch every refusal of this package, and nothing else."""


class InvalidCount(EvenstatError):
    """A count that is not a whole number, is below zero, or is above its base."""


class InvalidLevel(EvenstatError):
    """A confidence level that is not between 0 and 1."""


class InvalidShare(EvenstatError):
    """A benchmark share or a tolerance band outside its range."""


class InvalidEstimate(EvenstatError):
    """An estimate that lies outside its own range."""


class UnknownStandard(EvenstatError):
    """No standard of that name."""


class UnknownCategory(EvenstatError):
    """The standard has no such category."""


class UnknownPolicy(EvenstatError):
    """No policy of that name, or one that this engine cannot apply."""


class CannotProtect(EvenstatError):
    """No way of hiding makes the table safe."""


class InvalidInput(EvenstatError):
    """A file given to the command line that cannot be read, with its row and column."""
