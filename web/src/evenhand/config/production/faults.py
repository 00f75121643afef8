from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A setting that is not safe where others can reach the site, why, and what to do about it."""

    setting: str
    says: str
    mend: str
