"""A table of counts before protection, and what of it may be published after."""

from collections.abc import Iterable
from dataclasses import dataclass

from evenstat._checks import whole_number
from evenstat.errors import InvalidCount
from evenstat.estimates import Hidden


@dataclass(frozen=True, slots=True)
class Cell:
    """One row: a code and how many people."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class CountTable:
    """True counts of people who answered, by category, and with no answer, by kind. Never for the public."""

    name: str
    answered: tuple[Cell, ...]
    not_known: tuple[Cell, ...]

    def __post_init__(self) -> None:
        for cell in self.cells:
            whole_number(cell.count, f"{cell.code!r} of table {self.name!r}")
        _refuse_repeats(self.name, (cell.code for cell in self.cells))

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (*self.answered, *self.not_known)

    @property
    def answered_total(self) -> int:
        return sum(cell.count for cell in self.answered)

    @property
    def not_known_total(self) -> int:
        return sum(cell.count for cell in self.not_known)

    @property
    def total(self) -> int:
        return self.answered_total + self.not_known_total


@dataclass(frozen=True, slots=True)
class ProtectedCell:
    """One row as it may be published."""

    code: str
    count: int | Hidden


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """All that may be published of one table; the true counts are not in it."""

    name: str
    policy_id: str
    total: int
    answered_total: int | Hidden
    not_known_total: int | Hidden
    answered: tuple[ProtectedCell, ...]
    not_known: tuple[ProtectedCell, ...]

    def __post_init__(self) -> None:
        _refuse_repeats(self.name, (cell.code for cell in self.cells))

    @property
    def cells(self) -> tuple[ProtectedCell, ...]:
        return (*self.answered, *self.not_known)

    @property
    def base(self) -> int | Hidden:
        """The number who answered. Where it is hidden, show no share, index, gap or range of any row."""
        return self.answered_total

    @property
    def hidden_codes(self) -> tuple[str, ...]:
        """Rows with a hidden count: nothing worked out from such a row may be shown either."""
        return tuple(cell.code for cell in self.cells if isinstance(cell.count, Hidden))


def _refuse_repeats(name: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InvalidCount(f"Table {name!r} counts {code!r} twice: add the two rows or rename one.")
        seen.add(code)
