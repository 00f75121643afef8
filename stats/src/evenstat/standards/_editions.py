"""The standards in use, in the order in which pages list them."""

from evenstat.errors import UnknownStandard
from evenstat.standards._model import Category, Standard

NOT_KNOWN = (
    Category("prefer_not_to_say", "Prefer not to say"),
    Category("not_known", "Not known"),
    Category("not_shown_at_source", "Not shown in the source"),
)

_HARMONISED = "Government Statistical Service harmonised standards, https://analysisfunction.civilservice.gov.uk/government-statistical-service-and-statistician-group/gss-support/gss-harmonisation-support/harmonised-standards-and-guidance/"
_CENSUS = "Census 2021 in England and Wales, Office for National Statistics, https://www.ons.gov.uk/census"
_ETHNICITY = "Government Statistical Service harmonised categories for ethnicity, Annex C, 18 March 2025, https://www.gov.uk/government/consultations/equality-race-and-disability-bill-mandatory-ethnicity-and-disability-pay-gap-reporting/annex-c-government-statistical-service-harmonised-categories-for-ethnicity"


def _categories(**labels: str) -> tuple[Category, ...]:
    return tuple(Category(code, label) for code, label in labels.items())


STANDARDS: tuple[Standard, ...] = (
    Standard(
        id="sex",
        name="Sex",
        edition="2021",
        categories=_categories(female="Female", male="Male", other="Recorded in another way"),
        not_known=NOT_KNOWN,
        depends_on_age=False,
        protected_characteristic="sex (Equality Act 2010, section 11)",
        source=_CENSUS,
        note="Sex as recorded in the source. Gender identity is a separate question and is never inferred.",
    ),
    Standard(
        id="ethnicity",
        name="Ethnic group",
        edition="2021-5",
        categories=_categories(
            white="White",
            mixed="Mixed or Multiple ethnic groups",
            asian="Asian or Asian British",
            black="Black, Black British, Caribbean or African",
            other="Other ethnic group",
        ),
        not_known=NOT_KNOWN,
        depends_on_age=False,
        protected_characteristic="race (Equality Act 2010, section 9)",
        source=_ETHNICITY,
        note="The five groups of 2021. Before 2011 Chinese people were counted in the Other group, and since then in"
        " the Asian group, so figures in the older categories cannot be compared with these.",
    ),
    Standard(
        id="religion",
        name="Religion",
        edition="2021",
        categories=_categories(
            no_religion="No religion",
            christian="Christian",
            buddhist="Buddhist",
            hindu="Hindu",
            jewish="Jewish",
            muslim="Muslim",
            sikh="Sikh",
            other="Any other religion",
        ),
        not_known=NOT_KNOWN,
        depends_on_age=False,
        protected_characteristic="religion or belief (Equality Act 2010, section 10)",
        source=_CENSUS,
        note="Christian means all denominations. The question is voluntary, so many people have no answer.",
    ),
    Standard(
        id="sexual_orientation",
        name="Sexual orientation",
        edition="2021",
        categories=_categories(
            straight="Straight or Heterosexual",
            gay_lesbian="Gay or Lesbian",
            bisexual="Bisexual",
            other="Other sexual orientation",
        ),
        not_known=NOT_KNOWN,
        depends_on_age=False,
        protected_characteristic="sexual orientation (Equality Act 2010, section 12)",
        source=_CENSUS,
        note="Asked of people aged 16 and over. The question is voluntary, so many people have no answer.",
    ),
    Standard(
        id="age",
        name="Age",
        edition="2021",
        categories=(
            Category("0-14", "0 to 14"),
            Category("15-24", "15 to 24"),
            Category("25-34", "25 to 34"),
            Category("35-44", "35 to 44"),
            Category("45-54", "45 to 54"),
            Category("55-64", "55 to 64"),
            Category("65-69", "65 to 69"),
            Category("70+", "70 and over"),
        ),
        not_known=NOT_KNOWN,
        depends_on_age=True,
        protected_characteristic="age (Equality Act 2010, section 5)",
        source=_CENSUS,
        note="Age in years. The bands are made from the five-year bands of the Census.",
    ),
    Standard(
        id="disability",
        name="Disability",
        edition="2021",
        categories=_categories(disabled="Disabled", not_disabled="Not disabled"),
        not_known=NOT_KNOWN,
        depends_on_age=True,
        protected_characteristic="disability (Equality Act 2010, section 6)",
        source=_HARMONISED,
        note="Disabled means a condition or illness lasting 12 months or more that reduces day-to-day"
        " activities a little or a lot. Staff records often hold a yes or no given by the person instead.",
    ),
)


def standard(standard_id: str) -> Standard:
    """Return the standard with this id."""
    for candidate in STANDARDS:
        if candidate.id == standard_id:
            return candidate
    known = ", ".join(candidate.id for candidate in STANDARDS)
    raise UnknownStandard(f"There is no standard {standard_id!r}: use one of {known}.")
