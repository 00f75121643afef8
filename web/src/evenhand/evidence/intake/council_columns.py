"""The columns of the councils' open-data format for workforce counts, and how they map to the standards."""

NOT_KNOWN = {"prefernottosay": "prefer_not_to_say", "undisclosed": "not_known"}
_AGES = ("0-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-69", "70+")

# Column prefix in the format -> (standard, group in the format -> category of the standard).
COLUMNS: dict[str, tuple[str, dict[str, str]]] = {
    "gender": ("sex", {"female": "female", "male": "male", "other": "other"}),
    "ethnicity": ("ethnicity", {code: code for code in ("white", "mixed", "asian", "black", "other")}),
    "religion": (
        "religion",
        {
            "no": "no_religion",
            **{code: code for code in ("christian", "buddhist", "hindu", "jewish", "muslim", "sikh", "other")},
        },
    ),
    "sexuality": (
        "sexual_orientation",
        {
            "straight": "straight",
            "gaylesbian": "gay_lesbian",
            "bisexual": "bisexual",
            "usedifferentterm": "other",
        },
    ),
    "age": ("age", {code: code for code in _AGES}),
    "disability": ("disability", {"yes": "disabled", "no": "not_disabled"}),
}
# Categories that many files have no column for, without losing anybody: no employee is under 15, for example.
OPTIONAL_CATEGORIES: dict[str, set[str]] = {"gender": {"other"}, "age": {"0-14"}}
# Subgroups: checked against the total of their group, but not stored.
ETHNICITY_SUBGROUPS: dict[str, tuple[str, ...]] = {
    "asian": ("bangladeshi", "chinese", "indian", "other", "pakistani"),
    "black": ("african", "caribbean", "other"),
    "mixed": ("african", "asian", "caribbean", "other"),
    "other": ("anyother", "arab"),
    "white": ("british", "irish", "other"),
}
# Characteristics in the format that no measure uses yet.
UNUSED_PREFIXES: dict[str, tuple[str, ...]] = {
    "carer": ("no", "yes"),
    "genderidentitymatchesthatassignedatbirth": ("no", "yes"),
}
TEXT_COLUMNS = (
    "published",
    "organisation",
    "organisation_grouping",
    "organisation_level",
    "link_to_dei_info",
    "sic_codes",
)
REQUIRED_COLUMNS = ("published", "organisation", "employees")


def _known_columns() -> set[str]:
    columns = {*TEXT_COLUMNS, "employees"}
    for prefix, (_standard, groups) in COLUMNS.items():
        columns |= {f"{prefix}_{group}" for group in (*groups, *NOT_KNOWN, "total")}
    for prefix, codes in UNUSED_PREFIXES.items():
        columns |= {f"{prefix}_{code}" for code in (*codes, *NOT_KNOWN, "total")}
    columns |= {
        f"ethnicity_{group}_{subgroup}" for group, subgroups in ETHNICITY_SUBGROUPS.items() for subgroup in subgroups
    }
    return columns


KNOWN_COLUMNS = frozenset(_known_columns())
