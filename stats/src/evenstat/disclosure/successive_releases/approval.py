"""The approver's question: can these tables be published, given the prior releases?"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.successive_releases.decisions import PublishableTables, ReleaseDecision
from evenstat.disclosure.successive_releases.nearest import TRIES, nearest
from evenstat.disclosure.successive_releases.next_release import protect_next
from evenstat.disclosure.successive_releases.options import PreviousYear, SearchOptions
from evenstat.disclosure.tables import Layout, Publication, TrueCounts


def can_also_publish(
    tables: Layout,
    truth: TrueCounts,
    prior_releases: Sequence[Publication],
    policy: Policy,
    *,
    ordered: Collection[str] = (),
    previous_year: PreviousYear | None = None,
    options: SearchOptions = SearchOptions(),  # noqa: B008 - frozen
    tries: int = TRIES,
) -> ReleaseDecision:
    """Whether these tables can be published in addition to prior releases: yes, with what suppressed; or no, why, and
    what could.

    Population: as for `protect_next`.

    Method: `protect_next`; if it refuses, changed tables (a coarser level, merged categories, a dimension or a table
        less) are tried from the largest downwards, with a small budget, until none of the remaining ones is larger than
        what the best of them shows.

    Args:
        tables: the tables to publish; truth, prior_releases, policy, previous_year, options: as for `protect_next`.
        ordered: the dimensions whose categories are ordered, so that only neighbours are merged.
        tries: the maximum number of changed tables tried.

    Returns:
        PublishableTables or UnpublishableTables; `words` describes the decision in a sentence. UnpublishableTables has
        the nearest tables that can be published, if any of those tried can and show something new.

    Raises:
        InvalidInput, InvalidCount: as for `protect_next`.

    Limits: those of `protect_next`. A change is made in all of the tables. The nearest is the best of those tried.

    Source: as for `protect_next`.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.tables import Records, flat, layout, nested
    >>> ages = ["16-24", "25-29", "30-44", "45+"]
    >>> def cut(*bands):
    ...     return layout([nested("age", [["band", "age"]], {"age": ages, "band": bands})], [["band"]])
    >>> people, rule = Records({"age": ages}, [20, 3, 30, 9]), policy("council_lt5")
    >>> first = can_also_publish(cut("under 25", "25 to 44", "25 to 44", "over 44"), people, [], rule)
    >>> again = can_also_publish(cut("under 30", "under 30", "30 to 44", "over 44"), people, [first.publication], rule)
    >>> again.ground.value, again.disclosing, again.disclosed
    ('nothing_left', ('30 to 44',), ('25-29',))
    """
    answer = protect_next(tables, truth, prior_releases, policy, previous_year=previous_year, options=options)
    if isinstance(answer, PublishableTables):
        return answer
    best = nearest(
        tables,
        truth,
        prior_releases,
        policy,
        ordered=ordered,
        previous_year=previous_year,
        options=options,
        tries=tries,
    )
    return replace(answer, nearest=best)
