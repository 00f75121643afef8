"""The groups that an objective can be for: their codes in a plan file, labels and origin."""

from dataclasses import dataclass
from enum import StrEnum


class GroupOrigin(StrEnum):
    """Where a code comes from: the Equality Act, a local choice, or general words for people and places."""

    STATUTORY = "protected characteristic"
    LOCAL = "local group"
    PLACE = "place"
    PEOPLE = "people"


@dataclass(frozen=True)
class PlanGroup:
    code: str
    label: str
    origin: GroupOrigin


GROUPS = {
    group.code: group
    for group in (
        PlanGroup("age", "age", GroupOrigin.STATUTORY),
        PlanGroup("disability", "disability", GroupOrigin.STATUTORY),
        PlanGroup("gender_reassignment", "gender reassignment", GroupOrigin.STATUTORY),
        PlanGroup("marriage_civil_partnership", "marriage and civil partnership", GroupOrigin.STATUTORY),
        PlanGroup("pregnancy_maternity", "pregnancy and maternity", GroupOrigin.STATUTORY),
        PlanGroup("race", "race", GroupOrigin.STATUTORY),
        PlanGroup("religion_belief", "religion or belief", GroupOrigin.STATUTORY),
        PlanGroup("sex", "sex", GroupOrigin.STATUTORY),
        PlanGroup("sexual_orientation", "sexual orientation", GroupOrigin.STATUTORY),
        PlanGroup("socio_economic", "people at a socio-economic disadvantage", GroupOrigin.LOCAL),
        PlanGroup("care_experience", "people with experience of care", GroupOrigin.LOCAL),
        PlanGroup("carers", "carers", GroupOrigin.LOCAL),
        PlanGroup("armed_forces", "the armed forces community", GroupOrigin.LOCAL),
        PlanGroup("place", "a place", GroupOrigin.PLACE),
        PlanGroup("residents", "residents", GroupOrigin.PEOPLE),
        PlanGroup("communities", "communities", GroupOrigin.PEOPLE),
        PlanGroup("employees", "employees", GroupOrigin.PEOPLE),
        PlanGroup("other_group", "another group", GroupOrigin.PEOPLE),
    )
}
