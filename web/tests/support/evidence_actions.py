"""Every action on figures: the roles that may take it at their own authority, and a call of it."""

from collections.abc import Callable

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.evidence import actions as evidence
from evenhand.evidence.models import Dataset
from support.authorities import calderdale_with_staff
from support.person import RowCreator, not_created

ANALYST = Role.ANALYST
COUNTS = b"published,organisation,employees,gender_female\n2031,Calderdale Council,100,60\n"


def _undescribed() -> Dataset:
    return Dataset.objects.create(authority=calderdale_with_staff(), slug="undescribed")


ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "evidence.import_workforce": (
        {ANALYST},
        lambda by: evidence.import_workforce(COUNTS, by=by, name="c.csv"),
    ),
    "evidence.describe": (
        {ANALYST},
        lambda by: evidence.describe(_undescribed(), by=by, licence="OGL v3.0"),
    ),
}
PERSON_ROWS: dict[str, RowCreator] = {"evidence.snapshot": not_created}
