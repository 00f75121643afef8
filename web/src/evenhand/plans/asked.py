"""What the check asks of every objective and priority, why, and how to mend what is missing: words only."""

from dataclasses import dataclass
from enum import StrEnum

JUDGED_ALONE = (
    "Judged on this document alone, and each objective and priority on its own words: "
    "what the authority keeps elsewhere is not seen here."
)
STANDARD = (
    "Regulation 5 of the Equality Act 2010 (Specific Duties and Public Authorities) Regulations 2017 "
    "(SI 2017/353) asks that objectives are specific and measurable. It does not speak of priorities; "
    "here they are judged in the same way. Baseline, target, date and owner are good practice."
)


class Column(StrEnum):
    DUTY = "duty"
    GOOD_PRACTICE = "good practice"


@dataclass(frozen=True)
class Asked:
    """`field` is its name in the file; `label` completes the sentence “It does not give …”."""

    field: str
    column: Column
    label: str
    why: str
    mend: str


ASKED = (
    Asked(
        "for_whom",
        Column.DUTY,
        "whom it is for",
        "Without whom it is for, no one can tell whether it reached them.",
        "Name a group, a place, residents, communities or employees. Example: “disabled residents of the north wards”.",
    ),
    Asked(
        "change",
        Column.DUTY,
        "what is to change",
        "An activity can be finished and leave everything as it was; a change can be seen.",
        "Say what will be different afterwards. Example: “wait no longer for an adapted home”.",
    ),
    Asked(
        "measure",
        Column.DUTY,
        "a measure",
        "Without a measure, no one can tell whether the change is happening.",
        "Give a definition and a unit. Example: “median wait from application to moving in”, in weeks.",
    ),
    Asked(
        "baseline",
        Column.GOOD_PRACTICE,
        "a baseline",
        "Without a starting value, progress cannot be told from standing still.",
        "Give the value, its date and its source. Example: 61 on 2026-03-31, from the housing register.",
    ),
    Asked(
        "target",
        Column.GOOD_PRACTICE,
        "a target",
        "Without a target, any movement could be called a success.",
        "Give the value to be reached, in the unit of the measure. Example: 40.",
    ),
    Asked(
        "by",
        Column.GOOD_PRACTICE,
        "a date",
        "Without a date, it can never be late.",
        "Give the day by which the target is to be reached. Example: 2030-03-31.",
    ),
    Asked(
        "owner",
        Column.GOOD_PRACTICE,
        "an owner",
        "Without an owner, no one answers for it.",
        "Name a post rather than a person. Example: “Head of Housing”.",
    ),
)

PARTS = (
    Asked(
        "measure.definition",
        Column.DUTY,
        "the definition of its measure",
        "A unit alone does not say what is counted.",
        "Say what is counted, for whom and over what time. "
        "Example: “median wait from application to moving in, for homes let in the year”.",
    ),
    Asked(
        "measure.unit",
        Column.DUTY,
        "the unit of its measure",
        "A number without a unit can be read in more than one way.",
        "Give the unit. Example: “weeks”, “per cent of employees”.",
    ),
    Asked(
        "baseline.value",
        Column.GOOD_PRACTICE,
        "the value of its baseline",
        "A baseline without a value is no starting point.",
        "Give the figure alone. Example: 61.",
    ),
    Asked(
        "baseline.on",
        Column.GOOD_PRACTICE,
        "the date of its baseline",
        "A starting value without a date cannot be compared with a later one.",
        "Give the day that the value is of. Example: 2026-03-31.",
    ),
    Asked(
        "baseline.source",
        Column.GOOD_PRACTICE,
        "the source of its baseline",
        "A value without a source cannot be checked.",
        "Name the record or publication. Example: “housing register, lettings of 2025 to 2026”.",
    ),
)
