"""How long each stored record is kept, and why. Every model declares it, or `evenhand check` fails.

    retention = Retention(reason="to show who had which role", days=2_190, after="ended_at", event="the role ends")
    retention = Retention(reason="as long as the plan that it belongs to")

Deletion of expired rows (privacy), the retention schedule and the record of processing (operations) all read this
declaration, so they always agree.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Retention:
    """Keep a row for `days` after the date in the field `after`, or for as long as `reason` says if `days` is None.

    `event` says what happens on that date. A row whose `after` field is empty is not deleted yet.
    """

    reason: str
    days: int | None = None
    after: str = ""
    event: str = ""

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self, *, field: str = "") -> str:
        """How long and why, such as "for 30 days after the sign-in, to investigate a stolen account".

        `field` is added after the event, for readers who need the name of the field.
        """
        if self.days is None:
            return self.reason
        event = f"{self.event} ({field})" if field else self.event
        return f"{f'for {_length(self.days)} after' if self.days else 'until'} {event}, {self.reason}"


def _length(days: int) -> str:
    years, rest = divmod(days, 365)
    if rest or not years:
        return "1 day" if days == 1 else f"{days} days"
    return f"{years} {'year' if years == 1 else 'years'} ({days:,} days)"
