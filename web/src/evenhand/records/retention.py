"""How long a stored thing is kept, and why. Every model says so beside its fields, or `evenhand check` fails.

    kept = Kept(why="six years: the limit for a claim in contract", days=2_190, after="ended_at")
    kept = Kept(why="as long as the plan that it belongs to")

The retention clock (privacy), the retention schedule and the record of processing (operations) all read this, so that
they can't say three things.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """`days` after the moment in the field `after`; or, where `days` is None, for as long as `why` says.

    A row whose `after` is empty is not yet due.
    """

    why: str
    days: int | None = None
    after: str = ""
