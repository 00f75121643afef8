"""The question of whoever approves: given what is out, can this table go out as well?"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.successive.answers import Answer, Next
from evenstat.disclosure.successive.asked import LastYear, Options
from evenstat.disclosure.successive.nearest import TRIES, nearest
from evenstat.disclosure.successive.next import protect_next
from evenstat.disclosure.tables import Layout, Publication, Truth


def can_also_publish(
    tables: Layout,
    truth: Truth,
    out: Sequence[Publication],
    policy: Policy,
    *,
    ordered: Collection[str] = (),
    last_year: LastYear | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
    tries: int = TRIES,
) -> Answer:
    """Whether these tables can go out beside what is out or about to: yes with what hidden; or no, why, and what could.

    Population: as in `protect_next`.

    Method: `protect_next`; where it refuses, tables with one change after another (a coarser level, categories put
        together, a dimension or a table less) are tried from the largest on, with a small budget, until no larger one
        is left than what the best of them shows.

    Args:
        tables: what is to go out; truth, out, policy, last_year, options: as in `protect_next`.
        ordered: the dimensions whose categories stand in an order, so that only neighbours are put together.
        tries: how many changed tables are tried at most.

    Returns:
        Next or Refused; `answer.words` says it in a sentence. Refused has the nearest tables that can go out, if any of
        those tried can and shows something that is not out already.

    Raises:
        InvalidInput, InvalidCount: as `protect_next`.

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
    >>> again.ground.value, again.by, again.given_away
    ('nothing_left', ('30 to 44',), ('25-29',))
    """
    answer = protect_next(tables, truth, out, policy, last_year=last_year, options=options)
    if isinstance(answer, Next):
        return answer
    best = nearest(tables, truth, out, policy, ordered=ordered, last_year=last_year, options=options, tries=tries)
    return replace(answer, nearest=best)
