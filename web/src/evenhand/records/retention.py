"""How long each stored record is kept, and why. Every model declares it, or `evenhand check` fails.

    retention = Retention(reason="six years: the limit for a claim in contract", days=2_190, after="ended_at")
    retention = Retention(reason="as long as the plan that it belongs to")

Deletion of expired rows (privacy), the retention schedule and the record of processing (operations) all read this
declaration, so they always agree.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Retention:
    """Keep a row for `days` after the date in the field `after`, or for as long as `reason` says if `days` is None.

    A row whose `after` field is empty is not deleted yet.
    """

    reason: str
    days: int | None = None
    after: str = ""
