"""The format of a published table, as stored and read back. It contains only what may be shown.

A withheld row has no figures at all, so no page, file or chart can show one by mistake. Format 2 stores as codes the
reasons for caution and who is counted. Format 1 stored them in English, which is still shown as it was published.
"""

from dataclasses import asdict, dataclass
from typing import Any, Self

from evenhand.releases.comparisons import ComparisonReason, ComparisonSide, SideInWords, UnknownReason
from evenhand.releases.enums import AnswerGroup
from evenstat.disclosure.single_tables import ProtectedCell, ProtectedTable
from evenstat.estimates import Direction, Finding, Shorthand, Suppressed
from evenstat.measures import ComparabilityAnswer

# The version of the stored format. Published tables can't be rewritten, so a new format gets a new number, and the
# earlier ones must still be read, and written again unchanged.
FORMAT = 2
FORMAT_IN_WORDS = 1


class UnknownTableFormat(ValueError):
    """The stored table has a format that this version does not support: a later version published it."""


@dataclass(frozen=True)
class ValueRange:
    """A value with its likely range."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ResidentsComparison:
    """A share of staff compared with the share of residents, or the reasons why it can't be compared."""

    answer: ComparabilityAnswer
    reasons: tuple[ComparisonReason, ...]
    finding: Finding
    direction: Direction | None = None
    benchmark_share: float | None = None
    index: ValueRange | None = None
    gap_heads: float | None = None


@dataclass(frozen=True)
class ShownFigures:
    """The published figures of a row. There is no share if the number of staff who answered is suppressed."""

    count: int
    share: ValueRange | None = None
    comparison: ResidentsComparison | None = None


@dataclass(frozen=True)
class WithheldFigures:
    """The reason why a row has no figures: confidential, or not available in the source."""

    mark: Shorthand


@dataclass(frozen=True)
class PublishedRow:
    code: str
    label: str
    group: AnswerGroup
    figures: ShownFigures | WithheldFigures

    @property
    def shown(self) -> ShownFigures | None:
        return self.figures if isinstance(self.figures, ShownFigures) else None

    @property
    def is_suppressed(self) -> bool:
        """Whether the row is hidden to protect people."""
        return self.figures == WithheldFigures(Shorthand.CONFIDENTIAL)

    @property
    def is_not_given(self) -> bool:
        """Whether the source gives no figure."""
        return self.figures == WithheldFigures(Shorthand.NOT_AVAILABLE)

    @property
    def mark(self) -> str:
        """[c] or [x] for a row without figures, otherwise empty."""
        return f"[{self.figures.mark.value}]" if isinstance(self.figures, WithheldFigures) else ""


@dataclass(frozen=True)
class PublishedTable:
    """The published table of one characteristic in one snapshot. `answered` and `not_known` are None if suppressed.

    `sides` describes the people counted in the staff figures and in the benchmark, if there is one.
    """

    characteristic: str
    name: str
    period: str
    policy: str
    total: int
    answered: int | None
    not_known: int | None
    benchmark_area: str
    sides: tuple[ComparisonSide | SideInWords, ...]
    rows: tuple[PublishedRow, ...]
    format: int = FORMAT

    def rows_of(self, group: AnswerGroup) -> tuple[PublishedRow, ...]:
        return tuple(row for row in self.rows if row.group == group)

    @property
    def answered_rows(self) -> tuple[PublishedRow, ...]:
        return self.rows_of(AnswerGroup.ANSWERED)

    @property
    def not_known_rows(self) -> tuple[PublishedRow, ...]:
        return self.rows_of(AnswerGroup.NOT_KNOWN)

    @property
    def is_compared(self) -> bool:
        """Whether any row is compared with residents."""
        return any(row.shown and row.shown.comparison and row.shown.comparison.index for row in self.rows)

    @property
    def not_known_share(self) -> float:
        """The share of all staff whose answer is not known, or 0 if that number is suppressed."""
        return (self.not_known or 0) / self.total

    @property
    def no_share_mark(self) -> str:
        """The mark for a missing share: the number who answered is suppressed, or nobody answered."""
        mark = Shorthand.CONFIDENTIAL if self.answered is None else Shorthand.NOT_APPLICABLE
        return f"[{mark.value}]"

    @property
    def marks(self) -> frozenset[str]:
        """The marks that the table on a page has in place of figures, which its key explains."""
        marks = {row.mark for row in self.rows if not row.shown}
        for row in self.answered_rows:
            if row.shown and row.shown.share is None:
                marks.add(self.no_share_mark)
            elif row.shown and not (row.shown.comparison and row.shown.comparison.index):
                marks.add(f"[{Shorthand.NOT_APPLICABLE.value}]")
        if self.answered is None:
            marks.add(f"[{Shorthand.CONFIDENTIAL.value}]")
        return frozenset(marks)

    @property
    def suppressed_rows(self) -> tuple[PublishedRow, ...]:
        return tuple(row for row in self.rows if row.is_suppressed)

    @property
    def sides_in_words(self) -> tuple[SideInWords, ...]:
        return tuple(side if isinstance(side, SideInWords) else side.in_words for side in self.sides)

    def as_protected(self) -> ProtectedTable:
        """The table in the form that the check reads: published values only."""
        suppressed = Suppressed(Shorthand.CONFIDENTIAL)
        return ProtectedTable(
            name=f"{self.period} {self.characteristic}",
            policy_id=self.policy,
            total=self.total,
            answered_total=suppressed if self.answered is None else self.answered,
            not_known_total=suppressed if self.not_known is None else self.not_known,
            answered=_cells(self.answered_rows),
            not_known=_cells(self.not_known_rows),
        )

    def to_json(self) -> dict[str, Any]:
        """The table in the format that it was read from, so that its digest stays the same."""
        return {**asdict(self), "rows": [_row_to_json(row, self.format) for row in self.rows]}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        if content["format"] not in (FORMAT_IN_WORDS, FORMAT):
            raise UnknownTableFormat(
                f"This version reads published tables of formats {FORMAT_IN_WORDS} and {FORMAT}, "
                f"not {content['format']}."
            )
        side = SideInWords if content["format"] == FORMAT_IN_WORDS else ComparisonSide.from_json
        try:
            rows = tuple(_row(row) for row in content["rows"])
        except UnknownReason as error:
            raise UnknownTableFormat(str(error)) from error
        return cls(**{**content, "sides": tuple(side(**fields) for fields in content["sides"]), "rows": rows})


def _row_to_json(row: PublishedRow, table_format: int) -> dict[str, Any]:
    content = asdict(row)
    if row.shown and row.shown.comparison:
        reasons = row.shown.comparison.reasons
        stored = [reason.text if table_format == FORMAT_IN_WORDS else reason.to_json() for reason in reasons]
        content["figures"]["comparison"]["reasons"] = stored
    return content


def _cells(rows: tuple[PublishedRow, ...]) -> tuple[ProtectedCell, ...]:
    return tuple(
        ProtectedCell(row.code, row.shown.count if row.shown else Suppressed(Shorthand.CONFIDENTIAL))
        for row in rows
        if not row.is_not_given
    )


def _row(content: dict[str, Any]) -> PublishedRow:
    figures = content["figures"]
    row_figures = WithheldFigures(Shorthand(figures["mark"])) if "mark" in figures else _shown(figures)
    return PublishedRow(content["code"], content["label"], AnswerGroup(content["group"]), row_figures)


def _shown(content: dict[str, Any]) -> ShownFigures:
    share, comparison = content["share"], content["comparison"]
    return ShownFigures(
        count=content["count"],
        share=ValueRange(**share) if share else None,
        comparison=_comparison(comparison) if comparison else None,
    )


def _comparison(content: dict[str, Any]) -> ResidentsComparison:
    return ResidentsComparison(
        answer=ComparabilityAnswer(content["answer"]),
        reasons=tuple(ComparisonReason.from_json(reason) for reason in content["reasons"]),
        finding=Finding(content["finding"]),
        direction=Direction(content["direction"]) if content["direction"] else None,
        benchmark_share=content["benchmark_share"],
        index=ValueRange(**content["index"]) if content["index"] else None,
        gap_heads=content["gap_heads"],
    )
