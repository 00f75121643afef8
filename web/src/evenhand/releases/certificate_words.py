"""A certificate in plain English, for the public and staff pages."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.releases.certificates import Certificate, NarrowestRange, YearCheck
from evenhand.releases.words import figure_name, period_words
from evenstat.disclosure import Attacker


@dataclass(frozen=True)
class AttackerSummary:
    """What one type of attacker knows, how many hidden figures they can work out exactly, and the narrowest range."""

    knowledge: str
    exact: int
    narrowest: str


def attacker_summaries(certificate: Certificate) -> tuple[AttackerSummary, ...]:
    knowledge = {
        Attacker.NON_NEGATIVE: _("Everything that is published"),
        Attacker.ZEROS_SHOWN: _("… and that zeros are always shown, so a hidden row has at least one person in it"),
        Attacker.SINGLETON: _("… and that they are the only person in a hidden row"),
    }
    return tuple(
        AttackerSummary(knowledge[attacker], certificate.exact(attacker), _narrowest(certificate, attacker))
        for attacker in Attacker
    )


def _narrowest(certificate: Certificate, attacker: Attacker) -> str:
    if not certificate.hidden:
        return _("Nothing is hidden.")
    if attacker is Attacker.SINGLETON:
        # A range would show whether there is a hidden row with only one person in it.
        return _("More than one number is always possible. We do not give a range, because it could identify someone.")
    narrowest = certificate.narrowest(attacker)
    return _describe_range(*narrowest) if narrowest else _("Nothing is hidden.")


def _describe_range(year: YearCheck, narrowest: NarrowestRange) -> str:
    size = narrowest.high - narrowest.low + 1
    values = {
        "n": f"{size:,}",
        "figure": figure_name(narrowest.characteristic, narrowest.code),
        "period": period_words(year.period),
        "low": f"{narrowest.low:,}",
        "high": f"{narrowest.high:,}",
    }
    return (
        ngettext(
            "%(n)s number is possible: %(figure)s, %(period)s, from %(low)s to %(high)s",
            "%(n)s numbers are possible: %(figure)s, %(period)s, from %(low)s to %(high)s",
            size,
        )
        % values
    )
