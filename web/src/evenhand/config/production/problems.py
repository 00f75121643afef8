from dataclasses import dataclass


@dataclass(frozen=True)
class SettingProblem:
    """A setting that is not safe in production: the reason, and how to fix it."""

    setting: str
    reason: str
    fix: str
