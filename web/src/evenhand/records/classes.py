"""The classes of stored fields. `classification` explains what each one requires."""

from enum import StrEnum


class Classification(StrEnum):
    PUBLIC = "public"
    AGGREGATE_ONLY = "aggregate-only"
    PERSONAL = "personal"
    SPECIAL_CATEGORY = "special-category"
    SECRET = "secret"  # noqa: S105 - the name of a classification, not a secret


PUBLIC = Classification.PUBLIC
AGGREGATE_ONLY = Classification.AGGREGATE_ONLY
PERSONAL = Classification.PERSONAL
SPECIAL_CATEGORY = Classification.SPECIAL_CATEGORY
SECRET = Classification.SECRET
