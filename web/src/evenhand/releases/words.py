"""Figures in plain words, the same wherever they stand: pages, charts and their alternative text."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.releases.linked import ANSWERED, NOT_KNOWN
from evenhand.releases.tables import Comparison, Row, Withheld
from evenstat.estimates import Direction, Finding
from evenstat.standards import standard

BELOW, ABOVE = Direction.BELOW, Direction.ABOVE


def for_every_ten(index: float) -> str:
    """6 for every 10 expected (index 0.61); as many as expected where that would be 10 for 10."""
    if index == 0:
        return _("none, where some were expected")
    tens = int(index * 10 + 0.5)
    if tens == 10:
        return _("close to as many as expected")
    if tens < 1:
        return _("fewer than 1 for every 10 expected")
    return ngettext("%(n)d for every 10 expected", "%(n)d for every 10 expected", tens) % {"n": tens}


def percent(share: float) -> str:
    """8.9%; a share that is not nothing is never shown as 0.0%, nor one that is not all as 100.0%."""
    if 0 < share < 0.0005:
        return _("under 0.1%")
    if 0.9995 <= share < 1:
        return _("over 99.9%")
    return f"{share * 100:.1f}%"


def period_words(period: str) -> str:
    """2026 as it is; 2021-10 as October 2021."""
    year, _dash, month = period.partition("-")
    return date_format(date(int(year), int(month), 1), "F Y") if month else year


def finding_kind(row: Row) -> str:
    """A short code for the finding, by which a page marks it."""
    if isinstance(row.figures, Withheld):
        return "hidden" if row.is_hidden else "not-given"
    comparison = row.figures.comparison
    return comparison.finding.value.replace("_", "-") if comparison else ""


def finding_name(row: Row) -> str:
    """The finding of a row as a label."""
    kind = finding_kind(row)
    names = {
        "": "",
        "hidden": _("Hidden to protect people"),
        "not-given": _("No figure in the source"),
        "not-comparable": _("Not comparable"),
        "not-collected": _("Not collected"),
        "too-few": _("Too few to tell"),
    }
    if row.shown is None or row.shown.comparison is None or kind in ("not-comparable", "not-collected", "too-few"):
        return names[kind]
    return _compared_name(row.shown.comparison)


def _compared_name(comparison: Comparison) -> str:
    fewer = comparison.direction == BELOW
    if comparison.finding == Finding.DISPARITY:
        return _("Fewer than expected") if fewer else _("More than expected")
    if comparison.finding == Finding.WATCH:
        return _("Perhaps fewer than expected") if fewer else _("Perhaps more than expected")
    if not _beyond_chance(comparison):
        return _("No evidence of a disparity")
    return _("Somewhat fewer than expected") if fewer else _("Somewhat more than expected")


def _beyond_chance(comparison: Comparison) -> bool:
    """Whether the likely range leaves out as many as expected."""
    return comparison.index is not None and not comparison.index.low <= 1 <= comparison.index.high


def finding_sentence(row: Row, area: str) -> str:
    """What the figures of a row say, to someone who has never seen an index."""
    if isinstance(row.figures, Withheld):
        return _withheld_sentence(row)
    comparison = row.figures.comparison
    if comparison is None or row.figures.share is None:
        return _("%(group)s: %(count)s staff. A share would give a small group away.") % {
            "group": row.label,
            "count": f"{row.figures.count:,}",
        }
    if comparison.index is None or comparison.benchmark_share is None:
        return f"{share_sentence(row)} {' '.join(comparison.reasons)}"
    shares = _("%(group)s: %(share)s of staff who answered, %(residents)s of residents of %(area)s.") % {
        "group": row.label,
        "share": percent(row.figures.share.value),
        "residents": percent(comparison.benchmark_share),
        "area": area,
    }
    return f"{shares} {_verdict(comparison)}"


def share_sentence(row: Row) -> str:
    """A row's share alone; what a row without one says, where it has none."""
    if row.shown is None or row.shown.share is None:
        return finding_sentence(row, "")
    return _("%(group)s: %(share)s of staff who answered.") % {
        "group": row.label,
        "share": percent(row.shown.share.value),
    }


def _verdict(comparison: Comparison) -> str:
    assert comparison.index is not None
    ratio = for_every_ten(comparison.index.value)
    if comparison.finding == Finding.NO_EVIDENCE and _beyond_chance(comparison):
        return _(
            "That is %(ratio)s. The difference is more than chance, "
            "but inside the band of 0.80 to 1.25 that is not counted as a disparity here."
        ) % {"ratio": ratio}
    sentences = {
        Finding.DISPARITY: _("That is %(ratio)s, and more of a difference than chance makes in a group this size."),
        Finding.WATCH: _("That is %(ratio)s, but in a group this size chance could make such a difference."),
        Finding.TOO_FEW: _("Chance alone could move a group this small further than that."),
        Finding.NO_EVIDENCE: _("That is %(ratio)s, within what chance makes of a group this size."),
    }
    return sentences[comparison.finding] % {"ratio": ratio}


def _withheld_sentence(row: Row) -> str:
    if row.is_hidden:
        return _("%(group)s: the group is small, or would give a small one away.") % {"group": row.label}
    return _("%(group)s: the source gives no figure.") % {"group": row.label}


def gap_words(comparison: Comparison) -> str:
    """The gap in heads: 42 fewer, 10 more, or level."""
    if comparison.gap_heads is None:
        return ""
    heads = round(abs(comparison.gap_heads))
    if heads == 0:
        return _("level")
    counted = f"{heads:,}"
    return (_("%(n)s fewer") if comparison.gap_heads > 0 else _("%(n)s more")) % {"n": counted}


def figure_name(characteristic: str, code: str) -> str:
    """A figure of a table: one of its rows, or the number of people under one of its two groups."""
    known = standard(characteristic)
    subtotals = {ANSWERED: _("staff whose answer is known"), NOT_KNOWN: _("staff whose answer is not known")}
    return f"{known.name}: {subtotals.get(code) or known.label(code)}"


def index_words(row: Row) -> str:
    """The alternative text of a picture of an index: its figures, or why there is none."""
    index = row.shown.comparison.index if row.shown and row.shown.comparison else None
    if index is None:
        return _undrawn(row)
    values = {"group": row.label, "index": _ratio(index.value), "low": _ratio(index.low), "high": _ratio(index.high)}
    return _("%(group)s: index %(index)s, likely range %(low)s to %(high)s") % values


def share_words(row: Row) -> str:
    """The alternative text of a picture of a share."""
    share = row.shown.share if row.shown else None
    if share is None:
        return _undrawn(row)
    values = {"group": row.label, "share": percent(share.value), "low": percent(share.low), "high": percent(share.high)}
    return _("%(group)s: share %(share)s, likely range %(low)s to %(high)s") % values


def _undrawn(row: Row) -> str:
    name = finding_name(row)
    return f"{row.label}: {name[0].lower()}{name[1:]}" if name else row.label


def _ratio(value: float) -> str:
    return f"{value:.2f}"
