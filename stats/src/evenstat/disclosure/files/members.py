"""Dimensions out of files: which labels there are, and which group each belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evenstat.disclosure.files.sheet import Row, Sheet, meant
from evenstat.disclosure.files.table_file import TableFile
from evenstat.disclosure.tables import TOTAL, Dimension, flat, nested
from evenstat.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Sources:
    """Files that name labels. In `plain` ones each level has a column; in `mixed` ones (published tables) all levels of
    a dimension, and its total, stand in one."""

    plain: tuple[Sheet, ...] = ()
    mixed: tuple[Sheet, ...] = ()


def dimensions(wanted: TableFile, sources: Sources) -> tuple[Dimension, ...]:
    """Every dimension that a table or one of the mixed files uses, with the labels of all files.

    Raises:
        InvalidInput: a column or a label's parent is not given; a label has two parents or stands at two levels.
    """
    asked = dict.fromkeys(wanted.dimensions)
    asked |= dict.fromkeys(wanted.dimension(name) for sheet in sources.mixed for name in dimension_columns(sheet))
    return tuple(
        _nested(name, wanted, sources) if name in wanted.hierarchies else _flat(name, wanted, sources) for name in asked
    )


def dimension_columns(sheet: Sheet) -> tuple[str, ...]:
    """The columns of a published table that hold labels."""
    return tuple(column for column in sheet.columns if column not in ("n", "status", "primary", "suppressed"))


def column_of(sheet: Sheet, dimension: Dimension) -> str | None:
    """The column of a mixed file that holds this dimension, perhaps by the name of a level at which it stops."""
    return next((level for level in (dimension.name, *dimension.levels) if level in sheet.columns), None)


def refuse_unknown(sheet: Sheet, row: Row, column: str, label: str, dimension: Dimension) -> None:
    """Raises InvalidInput for a label that the dimension does not have, Total aside."""
    if label not in dimension.position:
        raise InvalidInput(
            f"{sheet.at(row, column)}: {label!r} is no label of {dimension.name}.{meant(label, dimension.codes)}"
            " Mend it, or give it a row in the file that says who belongs to which group."
        )


def _flat(name: str, wanted: TableFile, sources: Sources) -> Dimension:
    sheets = [sheet for sheet in (*sources.plain, *sources.mixed) if name in sheet.columns]
    if not sheets:
        first = (*sources.plain, *sources.mixed)[0]
        first.need([name], f"{wanted.place} names")
    labels = {label for sheet in sheets for _, (label,) in sheet.values([name])}
    _refuse_nearly_total(sheets, name, labels)
    if not labels - {TOTAL}:
        raise InvalidInput(f"{sheets[0].place}, column {name}: there is no label. Give at least one row.")
    return flat(name, sorted(labels - {TOTAL}))


def _refuse_nearly_total(sheets: Sequence[Sheet], name: str, labels: set[str]) -> None:
    wrong = sorted(label for label in labels if label.casefold() == TOTAL.casefold() and label != TOTAL)
    if wrong:
        raise InvalidInput(f"{sheets[0].place}, column {name}: {wrong[0]!r} must be written {TOTAL!r}.")


def _nested(name: str, wanted: TableFile, sources: Sources) -> Dimension:
    levels = wanted.levels(name)
    sheets = [sheet for sheet in sources.plain if sheet.has(levels)]
    if not sheets:
        raise InvalidInput(_no_parents(name, levels, wanted, sources))
    held = _combinations(sheets, levels)
    if not held:
        raise InvalidInput(f"{sheets[0].place}, column {name}: there is no label. Give at least one row.")
    for chain in wanted.hierarchies[name]:
        _refuse_two_parents(held, levels, chain)
    _refuse_two_levels(held, levels)
    columns = {level: [labels[at] for labels in held] for at, level in enumerate(levels)}
    return nested(name, wanted.hierarchies[name], columns)


def _no_parents(name: str, levels: Sequence[str], wanted: TableFile, sources: Sources) -> str:
    place = (*sources.plain, *sources.mixed)[0].place
    return (
        f"{place}: {wanted.place} groups {name}, and no file says which group each label belongs to."
        f" Give --members FILE with the columns {', '.join(levels)}."
    )


def _combinations(sheets: Sequence[Sheet], levels: Sequence[str]) -> Mapping[tuple[str, ...], str]:
    """Each combination of labels once, sorted, with the place where it is first met."""
    first: dict[tuple[str, ...], str] = {}
    for sheet in sheets:
        for row, labels in sheet.values(levels):
            first.setdefault(labels, f"{sheet.place}, row {row.number}")
    return {labels: first[labels] for labels in sorted(first)}


def _refuse_two_parents(held: Mapping[tuple[str, ...], str], levels: Sequence[str], chain: Sequence[str]) -> None:
    for upper, lower in pairwise(chain):
        parents: dict[str, tuple[str, str]] = {}
        for labels, place in held.items():
            above, below = labels[levels.index(upper)], labels[levels.index(lower)]
            known, where = parents.setdefault(below, (above, place))
            if known != above:
                raise InvalidInput(
                    f"{place}, column {upper}: {below!r} belongs to {above!r}, and to {known!r} in {where}."
                    f" A label of {lower} has one parent: mend one of the two."
                )


def _refuse_two_levels(held: Mapping[tuple[str, ...], str], levels: Sequence[str]) -> None:
    owner: dict[str, tuple[str, str]] = {TOTAL: ("the total", "every table")}
    for label, level, place in _labels(held, levels):
        known, where = owner.setdefault(label, (level, place))
        if known != level:
            raise InvalidInput(
                f"{place}, column {level}: {label!r} is also a label of {known} in {where}."
                " One column holds all levels in the result: rename one of them."
            )


def _labels(held: Mapping[tuple[str, ...], str], levels: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for labels, place in held.items():
        for label, level in zip(labels, levels, strict=True):
            yield label, level, place
