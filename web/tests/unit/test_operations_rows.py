"""A value is the same after it has been written from one database and read into another."""

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
from evenhand.operations.backup.rows import TableColumn, as_line, from_line, reader_of, text_of
from evenhand.operations.export.tables import csv_lines, json_text

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


def round_trip(field: "models.Field[Any, Any]", value: Any) -> Any:
    (read,) = from_line(as_line([value]), [reader_of(TableColumn("x", field))])
    return read


@pytest.mark.parametrize(("field", "value"), VALUES)
def test_a_value_is_read_back_unchanged(field: "models.Field[Any, Any]", value: Any) -> None:
    read = round_trip(field, value)
    assert (read, type(read)) == (value, type(value))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
                    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)))  # fmt: skip
def test_json_is_read_back_with_the_same_order_and_numbers(value: Any) -> None:
    read = round_trip(models.JSONField(), [value])
    if value is None:
        assert isinstance(read, models.Value)  # JSON null, not NULL
        assert read.value is None
    else:
        assert json.dumps(read) == json.dumps(value)


def test_null_is_not_json_null() -> None:
    assert round_trip(models.JSONField(null=True), None) is None


def test_a_time_in_another_time_zone_is_written_in_utc() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    assert text_of(summer) == "2026-07-01T11:00:00.000000Z"


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="columns"):
        from_line(b"[1,2]", [int])


@pytest.mark.parametrize(
    ("one", "other"),
    [({"b": 1, "a": 2}, {"a": 2, "b": 1}), ([1e16, -0.0], [10_000_000_000_000_000, 0]), ({"x": [2.0]}, {"x": [2]})],
)
def test_numbers_that_databases_write_differently_are_exported_the_same(one: Any, other: Any) -> None:
    assert json_text(one) == json_text(other)


def test_csv_distinguishes_no_value_from_empty_text() -> None:
    csv = b"".join(csv_lines(["a", "b"], [{"a": None, "b": ""}, {"a": True, "b": 'say "so",\r\n'}]))
    assert csv == b'"a","b"\r\n,""\r\n"true","say ""so"",\r\n"\r\n'
