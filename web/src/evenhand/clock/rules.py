"""The rules of deadlines. Those of the law are data with their source (`rules.toml`); a module can have its own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext, ngettext

from evenhand.clock.enums import Basis, Calendar, Counting, Nation, PauseReason, Unit

FILE = Path(__file__).with_name("rules.toml")


class NoRuleForNation(LookupError):
    """The rule is not configured for the nation: the message says so."""


@dataclass(frozen=True)
class Length:
    amount: int
    unit: Unit

    def __str__(self) -> str:
        words = {
            Unit.DAYS: ngettext("%(n)d day", "%(n)d days", self.amount),
            Unit.WORKING_DAYS: ngettext("%(n)d working day", "%(n)d working days", self.amount),
            Unit.MONTHS: ngettext("%(n)d month", "%(n)d months", self.amount),
            Unit.YEARS: ngettext("%(n)d year", "%(n)d years", self.amount),
        }
        return words[self.unit] % {"n": self.amount}


@dataclass(frozen=True)
class Rule:
    """How a deadline is counted from an event, and by what authority."""

    key: str
    name: str
    starts: str  # completes "counted from the day on which …"
    length: Length
    counting: Counting = Counting.AFTER
    calendar: Calendar = Calendar.ENGLAND
    basis: Basis = Basis.STATUTORY
    nations: frozenset[Nation] = frozenset()  # where it is known to apply; everywhere if empty
    pauses: frozenset[PauseReason] = frozenset()
    extension: Length | None = None
    source: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        if self.length.amount < 1:
            raise ValueError(f"{self.key}: the length must be at least 1.")
        if self.counting is Counting.CLEAR and self.length.unit not in (Unit.DAYS, Unit.WORKING_DAYS):
            raise ValueError(f"{self.key}: only days can be clear days.")
        if self.extension is not None and self.extension.unit is not self.length.unit:
            raise ValueError(f"{self.key}: an extension is counted in the unit of the rule.")
        if self.basis is Basis.STATUTORY and not (self.source and self.address):
            raise ValueError(f"{self.key}: a rule of law names its source and where to read it.")

    def check_nation(self, nation: Nation) -> None:
        """Raise NoRuleForNation if the rule is not known for the nation."""
        if self.nations and nation not in self.nations:
            raise NoRuleForNation(
                gettext("There is no rule for “%(name)s” in %(nation)s yet. Add it to the rules first.")
                % {"name": self.name, "nation": nation.label}
            )


@cache
def statutory_rules() -> Mapping[str, Rule]:
    """The rules of `rules.toml` by their key."""
    with FILE.open("rb") as file:
        return {key: _rule(key, values) for key, values in tomllib.load(file).items()}


def _rule(key: str, values: dict[str, Any]) -> Rule:
    extension = values.get("extension")
    return Rule(
        key=key,
        name=values["name"],
        starts=values["starts"],
        length=Length(values["amount"], Unit(values["unit"])),
        counting=Counting(values["counting"]),
        calendar=Calendar(values.get("calendar", Calendar.ENGLAND)),
        nations=frozenset(map(Nation, values.get("nations", ()))),
        pauses=frozenset(map(PauseReason, values.get("pauses", ()))),
        extension=Length(extension["amount"], Unit(extension["unit"])) if extension else None,
        source=values["source"],
        address=values["address"],
    )
