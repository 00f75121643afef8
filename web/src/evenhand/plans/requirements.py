"""The fields that the check expects of every objective and priority, with the reason and how to fix a missing one."""

from dataclasses import dataclass
from enum import StrEnum

SCOPE = (
    "The check uses this document only, and judges each objective and priority by its own words. "
    "It does not see what the authority keeps elsewhere."
)
LEGAL_BASIS = (
    "Regulation 5 of the Equality Act 2010 (Specific Duties and Public Authorities) Regulations 2017 "
    "(SI 2017/353) requires objectives to be specific and measurable. It does not define these words. We read "
    "“specific” as saying who it is for and what will change, and “measurable” as having a measure. The regulation "
    "does not mention priorities, but the check judges them in the same way. "
    "A baseline, a target, a date and an owner are good practice."
)


class RequirementKind(StrEnum):
    DUTY = "duty"
    GOOD_PRACTICE = "good practice"


@dataclass(frozen=True)
class Requirement:
    """`field` is the name in the plan file. `label` is a noun phrase, such as “a measure”."""

    field: str
    kind: RequirementKind
    label: str
    reason: str
    fix: str


REQUIREMENTS = (
    Requirement(
        "for_whom",
        RequirementKind.DUTY,
        "who it is for",
        "If it does not say who it is for, no one can tell whether it reached them.",
        "Name a group, a place, residents, communities or employees. Example: “disabled residents of the north wards”.",
    ),
    Requirement(
        "change",
        RequirementKind.DUTY,
        "what will change",
        "An activity can be completed without making a difference. A change can be observed.",
        "Say what will be different afterwards. Example: “wait no longer for an adapted home”.",
    ),
    Requirement(
        "measure",
        RequirementKind.DUTY,
        "a measure",
        "Without a measure, no one can tell whether the change is happening.",
        "Give a definition and a unit. Example: “median wait from application to moving in”, in weeks.",
    ),
    Requirement(
        "baseline",
        RequirementKind.GOOD_PRACTICE,
        "a baseline",
        "Without a starting value, no one can tell whether there is progress.",
        "Give the value, its date and its source. Example: 61 on 31 March 2026, from the housing register.",
    ),
    Requirement(
        "target",
        RequirementKind.GOOD_PRACTICE,
        "a target",
        "Without a target, any movement could be called a success.",
        "Give the value to be reached, in the unit of the measure. Example: 40.",
    ),
    Requirement(
        "by",
        RequirementKind.GOOD_PRACTICE,
        "a date",
        "Without a date, no one can say whether it is late.",
        "Give the date by which the target is to be reached. Example: 31 March 2030.",
    ),
    Requirement(
        "owner",
        RequirementKind.GOOD_PRACTICE,
        "an owner",
        "Without an owner, no one is responsible for it.",
        "Name a post rather than a person. Example: “Head of Housing”.",
    ),
)

PART_REQUIREMENTS = (
    Requirement(
        "measure.definition",
        RequirementKind.DUTY,
        "the definition of its measure",
        "A unit alone does not say what is counted.",
        "Say what is counted, for whom and over what period. "
        "Example: “median wait from application to moving in, for homes let in the year”.",
    ),
    Requirement(
        "measure.unit",
        RequirementKind.DUTY,
        "the unit of its measure",
        "A number without a unit is ambiguous.",
        "Give the unit. Example: “weeks”, “per cent of employees”.",
    ),
    Requirement(
        "baseline.value",
        RequirementKind.GOOD_PRACTICE,
        "the value of its baseline",
        "A baseline without a value gives no starting point.",
        "Give only the number. Example: 61.",
    ),
    Requirement(
        "baseline.on",
        RequirementKind.GOOD_PRACTICE,
        "the date of its baseline",
        "A starting value without a date cannot be compared with a later one.",
        "Give the date of the value. Example: 31 March 2026.",
    ),
    Requirement(
        "baseline.source",
        RequirementKind.GOOD_PRACTICE,
        "the source of its baseline",
        "A value without a source cannot be checked.",
        "Name the record or publication. Example: “housing register, lettings of 2025 to 2026”.",
    ),
)
