"""The named policies. If the text of an organisation's rule was not available, the description says so (`UNSEEN`)."""

from evenstat.disclosure.policies.rules import Dominance, Method, Policy, Remedy, Ties
from evenstat.errors import UnknownPolicy

UNSEEN = "We have not seen"  # begins the sentence that says which part of a rule was not available

POLICIES: tuple[Policy, ...] = (
    Policy(
        id="council_lt10",
        name="Counts below 10 hidden",
        description="Counts of 1 to 9 are hidden, including counts of people who did not answer. Zeros are shown.",
        source="common practice of councils",
        threshold=9,
        contributors=10,
        percent_base=10,
    ),
    Policy(
        id="council_lt5",
        name="Counts below 5 hidden",
        description="Counts of 1 to 4 are hidden, including counts of people who did not answer. Zeros are shown.",
        source="common practice of councils",
        threshold=4,
        contributors=5,
        percent_base=5,
    ),
    Policy(
        id="hesa",
        name="HESA: rounded to 5",
        description="Counts are rounded to the nearest multiple of 5, each on its own, so that totals may not add up; "
        "0, 1 and 2 become 0. No percentage is shown on fewer than 22.5 people, and no average of 7 people or fewer. "
        f"{UNSEEN} the text of the rule on averages: check it before you rely on that part.",
        source="https://www.universitiesuk.ac.uk/what-we-do/policy-and-research/publications/features/"
        "higher-education-facts-and-figures-2023/about-data",
        method=Method.ROUND,
        base=5,
        if_exact=Remedy.REPORT,
        contributors=8,
        percent_base=22.5,
    ),
    Policy(
        id="nhs_hes",
        name="NHS hospital episodes: 1 to 7 marked, others rounded to 5",
        description="Below national level no average or median is shown of 1 to 7. Counts of 1 to 7 are marked, others "
        f"rounded to the nearest multiple of 5, and a true zero is shown. {UNSEEN} the text of the rule on counts: "
        "check it before you rely on that part.",
        source="https://digital.nhs.uk/data-and-information/data-tools-and-services/data-services/"
        "hospital-episode-statistics/"
        "change-to-disclosure-control-methodology-for-hes-and-ecds-from-september-2018",
        method=Method.ROUND,
        threshold=7,
        base=5,
        if_exact=Remedy.REPORT,
        contributors=8,
    ),
    Policy(
        id="nhs_model_hospital",
        name="NHS Model Hospital: below 7 hidden",
        description=f"Counts of 1 to 6 are hidden. Zeros are shown. {UNSEEN} the text of the rule on zeros.",
        source="NHS Model Health System, feedback.model.nhs.uk, article 1143256",
        threshold=6,
        contributors=7,
        percent_base=7,
    ),
    Policy(
        id="ofqual",
        name="Ofqual: 1 to 4 marked, others rounded to 5",
        description='Counts of 1 to 4 are printed as "fewer than 5", others rounded to the nearest multiple of 5, each '
        "on its own: totals from the true counts, so that they may not add up. A true zero is shown.",
        source="Ofqual, rounding policy, updated 30 October 2025, gov.uk",
        method=Method.ROUND,
        threshold=4,
        base=5,
        if_exact=Remedy.REPORT,
    ),
    Policy(
        id="mod",
        name="Ministry of Defence: rounded to 10",
        description="Counts are rounded to the nearest multiple of 10, those that end in 5 to the nearest multiple of "
        "20. (Its other rule, to 5 with 1 to 4 marked, is what `ofqual` does.)",
        source="Defence Analytical Services and Advice, rounding policy",
        method=Method.ROUND,
        base=10,
        ties=Ties.EVEN,
        if_exact=Remedy.REPORT,
    ),
    Policy(
        id="ons_ls_10",
        name="ONS Longitudinal Study: below 10 hidden",
        description=f"Counts of 1 to 9 are hidden. Zeros are shown. {UNSEEN} the text of the rule on zeros.",
        source="CeLSIUS, the centre that supports users of the ONS Longitudinal Study, celsius.lshtm.ac.uk",
        threshold=9,
        contributors=10,
        percent_base=10,
    ),
    Policy(
        id="sro_acro",
        name="Safe research rooms (ACRO): below 10 hidden, zeros too",
        description="Counts of 0 to 9 are hidden. A sum is hidden where fewer than 10 contribute, where the two "
        "largest make up more than 90% of it, or where the second largest could work out the largest to within 10%. "
        "(ACRO offers rounding to 5 instead; that is not part of this policy.)",
        source="https://github.com/AI-SDC/ACRO, acro/default.yaml as of 11 August 2026",
        suppress_from=0,
        threshold=9,
        dominance=Dominance(largest=2, percent=90),
        p_percent=10,
        contributors=10,
        percent_base=10,
    ),
    Policy(
        id="gpg_2025_10",
        name="Pay gaps, consultation of 2025: groups of 10",
        description="No gap is shown of a group of fewer than 10, as the consultation on ethnicity and disability pay "
        "gaps of 2025 proposed. Counts of 1 to 9 are hidden with it. Zeros are shown.",
        source="Equality (Race and Disability) Bill: mandatory ethnicity and disability pay gap reporting, CP 1288, "
        "gov.uk, 2025",
        threshold=9,
        contributors=10,
        percent_base=10,
    ),
    Policy(
        id="epg_2023_50",
        name="Ethnicity pay gaps, guidance of 2023: groups of 50",
        description="No gap is shown to the public of a group of fewer than 50, as the guidance for employers of 2023 "
        "suggests. Counts of 1 to 49 are hidden with it. Zeros are shown.",
        source="Ethnicity pay reporting: guidance for employers, gov.uk, 2023",
        threshold=49,
        contributors=50,
        percent_base=50,
    ),
)

PAY_POLICIES = ("gpg_2025_10", "epg_2023_50")  # for gaps and averages, not for headcounts
SUPPRESSION_POLICIES = tuple(  # those that `single_tables` supports
    candidate
    for candidate in POLICIES
    if candidate.method is Method.SUPPRESS and candidate.zeros_shown and candidate.id not in PAY_POLICIES
)


def policy(policy_id: str) -> Policy:
    """The policy with this id."""
    for candidate in POLICIES:
        if candidate.id == policy_id:
            return candidate
    ids = ", ".join(candidate.id for candidate in POLICIES)
    raise UnknownPolicy(f"There is no policy {policy_id!r}. Use one of {ids}.")
