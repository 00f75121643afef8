"""The shape of a published table: what may be shown and nothing else. It is stored as this, and read back as this.

A withheld row has no figures at all, so that no page, file or chart can show one by mistake.
"""

from dataclasses import asdict, dataclass
from typing import Any, Self

from evenhand.releases.enums import Group
from evenstat.disclosure.one_way import ProtectedCell, ProtectedTable
from evenstat.estimates import Direction, Finding, Hidden, Shorthand
from evenstat.measures import Answer

# The shape in which a table is stored. What is published can't be rewritten, so a later shape gets a new number and
# this one goes on being read.
FORMAT = 1


class UnknownFormat(ValueError):
    """The stored table has a shape that this version does not know: it was published by a later one."""


@dataclass(frozen=True)
class Range:
    """A value with its likely range."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """A share held against the residents'. Where that can't be done there is a reason and no figure."""

    answer: Answer
    reasons: tuple[str, ...]
    finding: Finding
    direction: Direction | None = None
    benchmark_share: float | None = None
    index: Range | None = None
    gap_heads: float | None = None


@dataclass(frozen=True)
class Shown:
    """The figures of a row that may be seen. No share where the number who answered is hidden."""

    count: int
    share: Range | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Withheld:
    """Why a row has no figures: confidential, or not available in the source."""

    mark: Shorthand


@dataclass(frozen=True)
class Row:
    code: str
    label: str
    group: Group
    figures: Shown | Withheld

    @property
    def shown(self) -> Shown | None:
        return self.figures if isinstance(self.figures, Shown) else None

    @property
    def is_hidden(self) -> bool:
        """Hidden to protect people."""
        return self.figures == Withheld(Shorthand.CONFIDENTIAL)

    @property
    def is_not_given(self) -> bool:
        """Without a figure in the source."""
        return self.figures == Withheld(Shorthand.NOT_AVAILABLE)

    @property
    def mark(self) -> str:
        """[c] or [x] for a row without figures; nothing for one that has them."""
        return f"[{self.figures.mark.value}]" if isinstance(self.figures, Withheld) else ""


@dataclass(frozen=True)
class Side:
    """Whom one side of a comparison counts, in words: what makes the two comparable, or not."""

    who: str
    ages: str
    year: str
    non_response: str


@dataclass(frozen=True)
class PublishedTable:
    """One characteristic of one snapshot, as it goes out. `answered` is None where that number is hidden.

    `sides` says whom the staff's figures count and, where there is a benchmark, whom it counts.
    """

    characteristic: str
    name: str
    period: str
    policy: str
    total: int
    answered: int | None
    not_known: int | None
    benchmark_area: str
    sides: tuple[Side, ...]
    rows: tuple[Row, ...]

    def rows_of(self, group: Group) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.group == group)

    @property
    def answered_rows(self) -> tuple[Row, ...]:
        return self.rows_of(Group.ANSWERED)

    @property
    def not_known_rows(self) -> tuple[Row, ...]:
        return self.rows_of(Group.NOT_KNOWN)

    @property
    def is_compared(self) -> bool:
        """Whether any row is held against residents."""
        return any(row.shown and row.shown.comparison and row.shown.comparison.index for row in self.rows)

    @property
    def not_known_share(self) -> float:
        """The share of all staff whose answer is not known; 0 where that number is hidden."""
        return (self.not_known or 0) / self.total

    @property
    def no_share_mark(self) -> str:
        """Why a row that is shown has no share: the number who answered is hidden, or nobody answered."""
        mark = Shorthand.CONFIDENTIAL if self.answered is None else Shorthand.NOT_APPLICABLE
        return f"[{mark.value}]"

    @property
    def hidden_rows(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.is_hidden)

    def as_protected(self) -> ProtectedTable:
        """The table as the check sees it: published values alone."""
        hidden = Hidden(Shorthand.CONFIDENTIAL)
        return ProtectedTable(
            name=f"{self.period} {self.characteristic}",
            policy_id=self.policy,
            total=self.total,
            answered_total=hidden if self.answered is None else self.answered,
            not_known_total=hidden if self.not_known is None else self.not_known,
            answered=_cells(self.answered_rows),
            not_known=_cells(self.not_known_rows),
        )

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        if content["format"] != FORMAT:
            raise UnknownFormat(f"This version reads published tables of format {FORMAT}, not {content['format']}.")
        content = {key: value for key, value in content.items() if key != "format"}
        sides = tuple(Side(**side) for side in content["sides"])
        return cls(**{**content, "sides": sides, "rows": tuple(_row(row) for row in content["rows"])})


def _cells(rows: tuple[Row, ...]) -> tuple[ProtectedCell, ...]:
    return tuple(
        ProtectedCell(row.code, row.shown.count if row.shown else Hidden(Shorthand.CONFIDENTIAL))
        for row in rows
        if not row.is_not_given
    )


def _row(content: dict[str, Any]) -> Row:
    figures = content["figures"]
    read = Withheld(Shorthand(figures["mark"])) if "mark" in figures else _shown(figures)
    return Row(content["code"], content["label"], Group(content["group"]), read)


def _shown(content: dict[str, Any]) -> Shown:
    share, comparison = content["share"], content["comparison"]
    return Shown(
        count=content["count"],
        share=Range(**share) if share else None,
        comparison=_comparison(comparison) if comparison else None,
    )


def _comparison(content: dict[str, Any]) -> Comparison:
    return Comparison(
        answer=Answer(content["answer"]),
        reasons=tuple(content["reasons"]),
        finding=Finding(content["finding"]),
        direction=Direction(content["direction"]) if content["direction"] else None,
        benchmark_share=content["benchmark_share"],
        index=Range(**content["index"]) if content["index"] else None,
        gap_heads=content["gap_heads"],
    )
