"""Template filters that format figures for public and staff pages."""

from collections.abc import Iterable

from django import template

from evenhand.releases import words
from evenhand.releases.tables import PublishedRow, PublishedTable

register = template.Library()

register.filter("percent", words.percent)
register.filter("for_every_ten", words.for_every_ten)
register.filter("gap_words", words.gap_words)
register.filter("finding_name", words.finding_name)
register.filter("finding_kind", words.finding_kind)
register.filter("period", words.period_words)
register.filter("share_sentence", words.share_sentence)


@register.filter
def ratio(value: float) -> str:
    return f"{value:.2f}"


@register.filter
def marks_used(tables: Iterable[PublishedTable]) -> frozenset[str]:
    """The marks, such as [c], that any of the tables has in place of a figure."""
    return frozenset().union(*(table.marks for table in tables))


@register.filter
def sentence(row: PublishedRow, area: str) -> str:
    return words.finding_sentence(row, area)
