"""A value goes out of one database and into another as it was."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from evenhand.authorities.models import Authority
from evenhand.operations.backup_rows import Column, as_line, from_line, reader_of, text_of
from evenhand.operations.export_tables import csv_lines, json_text

ID = UUID("01a212d2-9f34-7552-bec3-914071c731f3")
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: list[tuple[models.Field[Any, Any], Any]] = [
    (models.TextField(), ""),
    (models.TextField(null=True), None),
    (models.TextField(), 'Ẁ‮"\r\n\t,;=1+1 \u2028😀'),
    (models.BigIntegerField(), 2**63 - 1),
    (models.BooleanField(), False),
    (models.FloatField(), 0.1 + 0.2),
    (models.DecimalField(), Decimal("1.10")),
    (models.UUIDField(), ID),
    (models.ForeignKey(Authority, on_delete=models.PROTECT), ID),
    (models.DateField(), date(2026, 3, 29)),
    (models.DateTimeField(), datetime(2026, 10, 25, 0, 59, 59, 999_999, tzinfo=UTC)),
    (models.DurationField(), timedelta(days=-1, microseconds=5)),
    (models.BinaryField(), b"\x00\xff"),
]


def there_and_back(field: "models.Field[Any, Any]", value: Any) -> Any:
    (found,) = from_line(as_line([value]), [reader_of(Column("x", field))])
    return found


@pytest.mark.parametrize(("field", "value"), VALUES)
def test_a_value_comes_back_as_it_was(field: "models.Field[Any, Any]", value: Any) -> None:
    found = there_and_back(field, value)
    assert (found, type(found)) == (value, type(value))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
                    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)))  # fmt: skip
def test_a_structure_comes_back_with_its_order_and_its_numbers(value: Any) -> None:
    found = there_and_back(models.JSONField(), [value])
    if value is None:
        assert isinstance(found, models.Value)  # null inside, as opposed to nothing at all
        assert found.value is None
    else:
        assert json.dumps(found) == json.dumps(value)


def test_no_structure_is_not_a_structure_of_nothing() -> None:
    assert there_and_back(models.JSONField(null=True), None) is None


def test_a_time_is_written_in_utc_wherever_it_was_taken() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    assert text_of(summer) == "2026-07-01T11:00:00.000000Z"


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="columns"):
        from_line(b"[1,2]", [int])


@pytest.mark.parametrize(
    ("one", "other"),
    [({"b": 1, "a": 2}, {"a": 2, "b": 1}), ([1e16, -0.0], [10_000_000_000_000_000, 0]), ({"x": [2.0]}, {"x": [2]})],
)
def test_what_two_databases_write_differently_is_exported_as_one(one: Any, other: Any) -> None:
    assert json_text(one) == json_text(other)


def test_a_table_keeps_no_value_and_an_empty_text_apart() -> None:
    found = b"".join(csv_lines(["a", "b"], [{"a": None, "b": ""}, {"a": True, "b": 'say "so",\r\n'}]))
    assert found == b'"a","b"\r\n,""\r\n"true","say ""so"",\r\n"\r\n'
