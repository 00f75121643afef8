"""Named rules for which counts are too small to publish, as data."""

from dataclasses import dataclass

from evenstat._checks import whole_number
from evenstat.errors import UnknownPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Counts from `hide_from` to `hide_to` are hidden, with whatever would give them away; zero is shown."""

    id: str
    name: str
    description: str
    hide_from: int = 1
    hide_to: int

    def __post_init__(self) -> None:
        whole_number(self.hide_to, f"hide_to of policy {self.id!r}", least=1)
        if self.hide_from != 1:  # what makes hiding safe assumes that no shown count is below a hidden one
            raise UnknownPolicy(
                f"Policy {self.id!r} hides from {self.hide_from}: set hide_from to 1, the only one known."
            )

    def covers(self, count: int) -> bool:
        """Is this count too small to publish?"""
        return self.hide_from <= count <= self.hide_to


POLICIES: tuple[Policy, ...] = (
    Policy(
        id="council_lt10",
        name="Counts below 10 hidden",
        description="Counts of 1 to 9 are hidden, people with no answer included. A true zero is shown.",
        hide_to=9,
    ),
    Policy(
        id="council_lt5",
        name="Counts below 5 hidden",
        description="Counts of 1 to 4 are hidden, people with no answer included. A true zero is shown.",
        hide_to=4,
    ),
)


def policy(policy_id: str) -> Policy:
    """The policy of that id."""
    for candidate in POLICIES:
        if candidate.id == policy_id:
            return candidate
    known = ", ".join(candidate.id for candidate in POLICIES)
    raise UnknownPolicy(f"There is no policy {policy_id!r}: use one of {known}.")
