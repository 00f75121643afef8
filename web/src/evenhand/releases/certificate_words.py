"""A certificate in plain words: for the public's page and the staff's alike."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.releases.certificates import Certificate, Narrowest, YearTried
from evenhand.releases.words import figure_name, period_words
from evenstat.disclosure import Attacker


@dataclass(frozen=True)
class Reader:
    """What a kind of reader knows, how many hidden figures they work out exactly, and how close they come."""

    knows: str
    exact: int
    closest: str


def readers(given: Certificate) -> tuple[Reader, ...]:
    knows = {
        Attacker.A: _("Everything that is published"),
        Attacker.B: _("Besides, that zeros are shown, so that a hidden row holds somebody"),
        Attacker.C: _("Besides, that they are the only one in a hidden row"),
    }
    return tuple(Reader(knows[each], given.exact(each), _closest(given, each)) for each in Attacker)


def _closest(given: Certificate, attacker: Attacker) -> str:
    if not given.hidden:
        return _("Nothing is hidden.")
    if attacker is Attacker.C:
        # A number here would show whether anybody is alone in a hidden row.
        return _("Never a single number; which numbers is not said, so as not to point at anybody.")
    found = given.closest(attacker)
    return _narrowest(*found) if found else _("Nothing is hidden.")


def _narrowest(year: YearTried, found: Narrowest) -> str:
    values = found.high - found.low + 1
    said = ngettext("%(n)s number is possible", "%(n)s numbers are possible", values) % {"n": f"{values:,}"}
    where = {"figure": figure_name(found.characteristic, found.code), "period": period_words(year.period)}
    ends = {"low": f"{found.low:,}", "high": f"{found.high:,}"}
    return f"{said}: " + _("%(figure)s, %(period)s, from %(low)s to %(high)s") % (where | ends)
