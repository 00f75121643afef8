"""The columns of the councils' open-data layout of workforce counts, and what each is here."""

NOT_KNOWN = {"prefernottosay": "prefer_not_to_say", "undisclosed": "not_known"}
_AGES = ("0-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-69", "70+")

# Prefix of the layout's columns -> (our standard, the layout's groups -> our categories).
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
# Categories that many files have no column for, with nothing lost: no employee is under 15, for one.
SELDOM_ASKED: dict[str, set[str]] = {"gender": {"other"}, "age": {"0-14"}}
# Parts of a group: checked against it, then set aside.
ETHNICITY_PARTS: dict[str, tuple[str, ...]] = {
    "asian": ("bangladeshi", "chinese", "indian", "other", "pakistani"),
    "black": ("african", "caribbean", "other"),
    "mixed": ("african", "asian", "caribbean", "other"),
    "other": ("anyother", "arab"),
    "white": ("british", "irish", "other"),
}
# Characteristics that the layout has and no measure here uses yet.
SET_ASIDE_PREFIXES: dict[str, tuple[str, ...]] = {
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
    known = {*TEXT_COLUMNS, "employees"}
    for prefix, (_standard, groups) in COLUMNS.items():
        known |= {f"{prefix}_{group}" for group in (*groups, *NOT_KNOWN, "total")}
    for prefix, codes in SET_ASIDE_PREFIXES.items():
        known |= {f"{prefix}_{code}" for code in (*codes, *NOT_KNOWN, "total")}
    known |= {f"ethnicity_{group}_{part}" for group, parts in ETHNICITY_PARTS.items() for part in parts}
    return known


KNOWN_COLUMNS = frozenset(_known_columns())
