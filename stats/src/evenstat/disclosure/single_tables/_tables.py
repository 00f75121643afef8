"""A table of counts before protection, and its publication."""

from collections.abc import Iterable
from dataclasses import dataclass

from evenstat._checks import whole_number
from evenstat.errors import InvalidCount
from evenstat.estimates import Suppressed


@dataclass(frozen=True, slots=True)
class Cell:
    """One row: a code and a number of people."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class CountTable:
    """True counts of people who answered, by category, and of people with no answer, by kind. Do not publish."""

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
    count: int | Suppressed


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """Everything that may be published of one table; it does not contain true counts that are suppressed."""

    name: str
    policy_id: str
    total: int
    answered_total: int | Suppressed
    not_known_total: int | Suppressed
    answered: tuple[ProtectedCell, ...]
    not_known: tuple[ProtectedCell, ...]

    def __post_init__(self) -> None:
        _refuse_repeats(self.name, (cell.code for cell in self.cells))

    @property
    def cells(self) -> tuple[ProtectedCell, ...]:
        return (*self.answered, *self.not_known)

    @property
    def base(self) -> int | Suppressed:
        """The number who answered. If it is suppressed, show no share, index, gap or range of any row."""
        return self.answered_total

    @property
    def suppressed_codes(self) -> tuple[str, ...]:
        """Rows with a suppressed count: nothing calculated from such a row may be shown either."""
        return tuple(cell.code for cell in self.cells if isinstance(cell.count, Suppressed))


def _refuse_repeats(name: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InvalidCount(f"Table {name!r} counts {code!r} twice. Add the two rows together or rename one.")
        seen.add(code)
