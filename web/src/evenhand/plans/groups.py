"""Whom an objective can be for: the codes of a plan file, what each means, and where it comes from."""

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """Where a code comes from: the Act, a local choice, or plain words for people and places."""

    STATUTORY = "protected characteristic"
    LOCAL = "local group"
    PLACE = "place"
    PEOPLE = "people"


@dataclass(frozen=True)
class Group:
    code: str
    label: str
    basis: Basis


GROUPS = {
    group.code: group
    for group in (
        Group("age", "age", Basis.STATUTORY),
        Group("disability", "disability", Basis.STATUTORY),
        Group("gender_reassignment", "gender reassignment", Basis.STATUTORY),
        Group("marriage_civil_partnership", "marriage and civil partnership", Basis.STATUTORY),
        Group("pregnancy_maternity", "pregnancy and maternity", Basis.STATUTORY),
        Group("race", "race", Basis.STATUTORY),
        Group("religion_belief", "religion or belief", Basis.STATUTORY),
        Group("sex", "sex", Basis.STATUTORY),
        Group("sexual_orientation", "sexual orientation", Basis.STATUTORY),
        Group("socio_economic", "people at a socio-economic disadvantage", Basis.LOCAL),
        Group("care_experience", "people with experience of care", Basis.LOCAL),
        Group("carers", "carers", Basis.LOCAL),
        Group("armed_forces", "the armed forces community", Basis.LOCAL),
        Group("place", "a place", Basis.PLACE),
        Group("residents", "residents", Basis.PEOPLE),
        Group("communities", "communities", Basis.PEOPLE),
        Group("employees", "employees", Basis.PEOPLE),
        Group("other_group", "another group, in the document's own words", Basis.PEOPLE),
    )
}
