"""Describes figures in plain English, in the same way on pages, in charts and in alternative text."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenhand.releases.linked import ANSWERED, NOT_KNOWN
from evenhand.releases.tables import PublishedRow, ResidentsComparison, WithheldFigures
from evenstat.estimates import Direction, Finding
from evenstat.standards import standard

BELOW, ABOVE = Direction.BELOW, Direction.ABOVE


def for_every_ten(index: float) -> str:
    """The index in words, such as “6 for every 10 expected” for 0.61."""
    if index == 0:
        return _("none, although some were expected")
    tens = int(index * 10 + 0.5)
    if tens == 10:
        return _("about 10 for every 10 expected")
    if tens < 1:
        return _("fewer than 1 for every 10 expected")
    return ngettext("%(n)d for every 10 expected", "%(n)d for every 10 expected", tens) % {"n": tens}


def percent(share: float) -> str:
    """A share as a percentage, such as 8.9%. Only a share of 0 is shown as 0.0%, and only a share of 1 as 100.0%."""
    if 0 < share < 0.0005:
        return _("under 0.1%")
    if 0.9995 <= share < 1:
        return _("over 99.9%")
    return f"{share * 100:.1f}%"


def period_words(period: str) -> str:
    """2026 for 2026; October 2021 for 2021-10."""
    year, _dash, month = period.partition("-")
    return date_format(date(int(year), int(month), 1), "F Y") if month else year


def finding_kind(row: PublishedRow) -> str:
    """A short code for the finding, used as a CSS class. Fewer and more than expected never have the same one."""
    if isinstance(row.figures, WithheldFigures):
        return "hidden" if row.is_suppressed else "not-given"
    comparison = row.figures.comparison
    if comparison is None:
        return ""
    side = "fewer" if comparison.direction == BELOW else "more"
    if comparison.finding == Finding.DISPARITY:
        return side
    if comparison.finding == Finding.WATCH:
        return f"perhaps-{side}"
    if comparison.finding == Finding.NO_EVIDENCE and _beyond_chance(comparison):
        return f"somewhat-{side}"
    return comparison.finding.value.replace("_", "-")


def finding_name(row: PublishedRow) -> str:
    """The finding of a row, as a label."""
    names = {
        "": "",
        "fewer": _("Fewer than expected"),
        "more": _("More than expected"),
        "perhaps-fewer": _("Perhaps fewer than expected"),
        "perhaps-more": _("Perhaps more than expected"),
        "somewhat-fewer": _("Somewhat fewer than expected"),
        "somewhat-more": _("Somewhat more than expected"),
        "no-evidence": _("No evidence of a disparity"),
        "hidden": _("Hidden to protect people"),
        "not-given": _("No figure in the source"),
        "not-comparable": _("Not comparable"),
        "not-collected": _("Not collected"),
        "too-few": _("Too few to tell"),
    }
    return names[finding_kind(row)]


def _beyond_chance(comparison: ResidentsComparison) -> bool:
    """Whether the likely range excludes the expected number."""
    return comparison.index is not None and not comparison.index.low <= 1 <= comparison.index.high


def finding_sentence(row: PublishedRow, area: str) -> str:
    """The figures of a row, for someone who has never seen an index."""
    if isinstance(row.figures, WithheldFigures):
        return _withheld_sentence(row)
    comparison = row.figures.comparison
    if comparison is None or row.figures.share is None:
        return _("%(group)s: %(count)s staff. We do not show a share, because it could reveal a small group.") % {
            "group": row.label,
            "count": f"{row.figures.count:,}",
        }
    if comparison.index is None or comparison.benchmark_share is None:
        return f"{share_sentence(row)} {' '.join(str(reason) for reason in comparison.reasons)}"
    shares = _("%(group)s: %(share)s of staff who answered, %(residents)s of residents of %(area)s.") % {
        "group": row.label,
        "share": percent(row.figures.share.value),
        "residents": percent(comparison.benchmark_share),
        "area": area,
    }
    return f"{shares} {_verdict(comparison)}"


def share_sentence(row: PublishedRow) -> str:
    """The share of a row, or the reason why it has none."""
    if row.shown is None or row.shown.share is None:
        return finding_sentence(row, "")
    return _("%(group)s: %(share)s of staff who answered.") % {
        "group": row.label,
        "share": percent(row.shown.share.value),
    }


def _verdict(comparison: ResidentsComparison) -> str:
    assert comparison.index is not None
    ratio = for_every_ten(comparison.index.value)
    if comparison.finding == Finding.NO_EVIDENCE and _beyond_chance(comparison):
        return _(
            "That is %(ratio)s. The difference is larger than chance alone would explain, "
            "but an index between 0.80 and 1.25 is not counted as a disparity."
        ) % {"ratio": ratio}
    sentences = {
        Finding.DISPARITY: _(
            "That is %(ratio)s. The difference is larger than chance alone would explain in a group this size."
        ),
        Finding.WATCH: _("That is %(ratio)s, but chance alone could explain the difference in a group this size."),
        Finding.TOO_FEW: _("The group is so small that chance alone could explain a larger difference."),
        Finding.NO_EVIDENCE: _("That is %(ratio)s. Chance alone could explain the difference in a group this size."),
    }
    return sentences[comparison.finding] % {"ratio": ratio}


def _withheld_sentence(row: PublishedRow) -> str:
    if row.is_suppressed:
        return _("%(group)s: the group is small, or could reveal a small one.") % {"group": row.label}
    return _("%(group)s: the source gives no figure.") % {"group": row.label}


def gap_words(comparison: ResidentsComparison) -> str:
    """The difference in headcount: 42 fewer, 10 more, or no difference."""
    if comparison.gap_heads is None:
        return ""
    heads = round(abs(comparison.gap_heads))
    if heads == 0:
        return _("no difference")
    counted = f"{heads:,}"
    return (_("%(n)s fewer") if comparison.gap_heads > 0 else _("%(n)s more")) % {"n": counted}


def figure_name(characteristic: str, code: str) -> str:
    """The name of a row or subtotal of a table."""
    labels = standard(characteristic)
    subtotals = {ANSWERED: _("staff whose answer is known"), NOT_KNOWN: _("staff whose answer is not known")}
    return f"{labels.name}: {subtotals.get(code) or labels.label(code)}"


def index_words(row: PublishedRow) -> str:
    """Alternative text for the chart of an index: its figures, or why there are none."""
    index = row.shown.comparison.index if row.shown and row.shown.comparison else None
    if index is None:
        return _missing_words(row)
    values = {"group": row.label, "index": _ratio(index.value), "low": _ratio(index.low), "high": _ratio(index.high)}
    return _("%(group)s: index %(index)s, likely range %(low)s to %(high)s") % values


def share_words(row: PublishedRow) -> str:
    """Alternative text for the chart of a share: its figures, or why there are none."""
    share = row.shown.share if row.shown else None
    if share is None:
        return _missing_words(row)
    values = {"group": row.label, "share": percent(share.value), "low": percent(share.low), "high": percent(share.high)}
    return _("%(group)s: share %(share)s, likely range %(low)s to %(high)s") % values


def _missing_words(row: PublishedRow) -> str:
    name = finding_name(row)
    return f"{row.label}: {name[0].lower()}{name[1:]}" if name else row.label


def _ratio(value: float) -> str:
    return f"{value:.2f}"
