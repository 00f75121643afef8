"""Dimensions from files: the labels, and the group of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evenstat.disclosure.files.sheet import Sheet, SheetRow, did_you_mean
from evenstat.disclosure.files.table_file import TableFile
from evenstat.disclosure.tables import TOTAL, Dimension, flat, nested
from evenstat.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class LabelSources:
    """Files that name labels. In `plain` files each level has a column; in `mixed` files (published tables) one column
    has all levels of a dimension and its total.
    """

    plain: tuple[Sheet, ...] = ()
    mixed: tuple[Sheet, ...] = ()


def dimensions(table_file: TableFile, sources: LabelSources) -> tuple[Dimension, ...]:
    """Every dimension used by a table or by one of the mixed files, with the labels of all files.

    Raises:
        InvalidInput: a column or a label's parent is missing; a label has two parents or belongs to two levels.
    """
    names = dict.fromkeys(table_file.dimensions)
    names |= dict.fromkeys(table_file.dimension(name) for sheet in sources.mixed for name in dimension_columns(sheet))
    return tuple(
        _nested(name, table_file, sources) if name in table_file.hierarchies else _flat(name, table_file, sources)
        for name in names
    )


def dimension_columns(sheet: Sheet) -> tuple[str, ...]:
    """The columns of a published table that contain labels."""
    return tuple(column for column in sheet.columns if column not in ("n", "status", "primary", "suppressed"))


def column_of(sheet: Sheet, dimension: Dimension) -> str | None:
    """The column of a mixed file for this dimension, perhaps named after the level at which it stops."""
    return next((level for level in (dimension.name, *dimension.levels) if level in sheet.columns), None)


def refuse_unknown(sheet: Sheet, row: SheetRow, column: str, label: str, dimension: Dimension) -> None:
    """Raises InvalidInput for a label that the dimension does not have, except Total."""
    if label not in dimension.position:
        raise InvalidInput(
            f"{sheet.at(row, column)}: {label!r} is not a label of {dimension.name}."
            f"{did_you_mean(label, dimension.codes)} Correct it, or add a row for it to the --members file."
        )


def _flat(name: str, table_file: TableFile, sources: LabelSources) -> Dimension:
    sheets = [sheet for sheet in (*sources.plain, *sources.mixed) if name in sheet.columns]
    if not sheets:
        first = (*sources.plain, *sources.mixed)[0]
        first.need([name], f"{table_file.place} names")
    labels = {label for sheet in sheets for _, (label,) in sheet.values([name])}
    _refuse_nearly_total(sheets, name, labels)
    if not labels - {TOTAL}:
        raise InvalidInput(f"{sheets[0].place}, column {name}: there are no labels. Add at least one row.")
    return flat(name, sorted(labels - {TOTAL}))


def _refuse_nearly_total(sheets: Sequence[Sheet], name: str, labels: set[str]) -> None:
    wrong = sorted(label for label in labels if label.casefold() == TOTAL.casefold() and label != TOTAL)
    if wrong:
        raise InvalidInput(f"{sheets[0].place}, column {name}: {wrong[0]!r} must be spelt {TOTAL!r}.")


def _nested(name: str, table_file: TableFile, sources: LabelSources) -> Dimension:
    levels = table_file.levels(name)
    sheets = [sheet for sheet in sources.plain if sheet.has(levels)]
    if not sheets:
        raise InvalidInput(_no_parents(name, levels, table_file, sources))
    label_places = _combinations(sheets, levels)
    if not label_places:
        raise InvalidInput(f"{sheets[0].place}, column {name}: there are no labels. Add at least one row.")
    for chain in table_file.hierarchies[name]:
        _refuse_two_parents(label_places, levels, chain)
    _refuse_two_levels(label_places, levels)
    columns = {level: [labels[at] for labels in label_places] for at, level in enumerate(levels)}
    return nested(name, table_file.hierarchies[name], columns)


def _no_parents(name: str, levels: Sequence[str], table_file: TableFile, sources: LabelSources) -> str:
    place = (*sources.plain, *sources.mixed)[0].place
    return (
        f"{place}: {table_file.place} groups {name}, but no file says which group each label belongs to."
        f" Give --members FILE with the columns {', '.join(levels)}."
    )


def _combinations(sheets: Sequence[Sheet], levels: Sequence[str]) -> Mapping[tuple[str, ...], str]:
    """Each combination of labels once, sorted, with the place of its first occurrence."""
    first: dict[tuple[str, ...], str] = {}
    for sheet in sheets:
        for row, labels in sheet.values(levels):
            first.setdefault(labels, f"{sheet.place}, row {row.number}")
    return {labels: first[labels] for labels in sorted(first)}


def _refuse_two_parents(
    label_places: Mapping[tuple[str, ...], str], levels: Sequence[str], chain: Sequence[str]
) -> None:
    for upper, lower in pairwise(chain):
        parents: dict[str, tuple[str, str]] = {}
        for labels, place in label_places.items():
            above, below = labels[levels.index(upper)], labels[levels.index(lower)]
            parent, first_place = parents.setdefault(below, (above, place))
            if parent != above:
                raise InvalidInput(
                    f"{place}, column {upper}: {below!r} belongs to {above!r}, and to {parent!r} in {first_place}."
                    f" A label of {lower} can have only one parent. Correct one of the two."
                )


def _refuse_two_levels(label_places: Mapping[tuple[str, ...], str], levels: Sequence[str]) -> None:
    owner: dict[str, tuple[str, str]] = {TOTAL: ("the total", "every table")}
    for label, level, place in _labels(label_places, levels):
        other_level, first_place = owner.setdefault(label, (level, place))
        if other_level != level:
            raise InvalidInput(
                f"{place}, column {level}: {label!r} is also a label of {other_level} in {first_place}."
                " One column contains all levels in the result. Rename one of them."
            )


def _labels(label_places: Mapping[tuple[str, ...], str], levels: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for labels, place in label_places.items():
        for label, level in zip(labels, levels, strict=True):
            yield label, level, place
