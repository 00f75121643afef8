"""Tables that a screen reader can follow, and that turn into labelled cards where the screen is narrow.

    {% table %}
      {% caption %}Two plans{% endcaption %}
      {% columns %}{% column _("Title") %}{% column _("Objectives") figure=True %}{% endcolumns %}
      {% rows %}
        {% row %}{% rowheader %}A plan{% endrowheader %}{% cell %}12{% endcell %}{% endrow %}
      {% endrows %}
    {% endtable %}

Each cell takes its label and its alignment from its column. The roles are written out, because a browser drops those of
a table that is displayed as blocks.
"""

from dataclasses import dataclass, field

from django import template
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import Parser, Token
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_TABLE = "_table"


@dataclass(frozen=True)
class _Column:
    label: str
    figure: bool


@dataclass
class _Table:
    columns: list[_Column] = field(default_factory=list)
    cells: int = 0  # of the present row

    def next_column(self, span: int = 1) -> _Column:
        """The column of the next cell, which is `span` columns wide."""
        if self.cells + span > len(self.columns):
            raise TemplateSyntaxError(f"A row has more cells than the table has columns: {self._labels}.")
        self.cells += span
        return self.columns[self.cells - span]

    def end_row(self) -> None:
        if self.cells != len(self.columns):
            raise TemplateSyntaxError(f"A row has {self.cells} cells, but the columns are: {self._labels}.")
        self.cells = 0

    @property
    def _labels(self) -> str:
        return ", ".join(column.label for column in self.columns)


class TableNode(Node):
    child_nodelists = ("contents",)

    def __init__(self, contents: NodeList) -> None:
        self.contents = contents

    def render(self, context: Context) -> SafeString:
        with context.push(**{_TABLE: _Table()}):
            return format_html(
                '<table role="table" class="eh-table eh-stack-table">{}</table>', self.contents.render(context)
            )


@register.tag
def table(parser: Parser, token: Token) -> TableNode:
    """A table; its columns and rows are inside."""
    contents = parser.parse(("endtable",))
    parser.delete_first_token()
    return TableNode(contents)


@register.simple_block_tag
def caption(content: str, visually_hidden: bool = False) -> SafeString:
    """The heading of the table, which a screen reader announces with it."""
    return format_html(
        '<caption class="eh-table__caption{}">{}</caption>',
        " govuk-visually-hidden" if visually_hidden else "",
        _stripped(content),
    )


@register.simple_block_tag
def columns(content: str) -> SafeString:
    """The head of the table, with a {% column %} for each column."""
    return format_html('<thead role="rowgroup"><tr role="row">{}</tr></thead>', content)


@register.simple_tag(takes_context=True)
def column(
    context: Context, label: str | Promise, figure: bool = False, link: str = "", direction: str = ""
) -> SafeString:
    """A column and its label. The cells of a column of figures are aligned at the end.

    `link` sorts the table by the column. `direction` is ascending or descending if it is sorted by it now.
    """
    context[_TABLE].columns.append(_Column(str(label), figure))
    content = format_html('<a href="{}">{}</a>', link, label) if link else label
    sort = format_html(' aria-sort="{}"', direction) if direction else ""
    return format_html('<th role="columnheader" scope="col"{}{}>{}</th>', _classes(figure, ""), sort, content)


@register.simple_block_tag
def rows(content: str) -> SafeString:
    """A group of rows; a table can have several."""
    return format_html('<tbody role="rowgroup">{}</tbody>', content)


@register.simple_block_tag(takes_context=True)
def row(context: Context, content: str, classes: str = "") -> SafeString:
    """A row: a row header, and a cell for each further column."""
    context[_TABLE].end_row()
    return format_html('<tr role="row"{}>{}</tr>', _classes(False, classes), content)


@register.simple_block_tag(takes_context=True)
def rowheader(context: Context, content: str, classes: str = "") -> SafeString:
    """The first cell of a row, which says what the row is about."""
    context[_TABLE].next_column()
    return format_html('<th role="rowheader" scope="row"{}>{}</th>', _classes(False, classes), _stripped(content))


@register.simple_block_tag(takes_context=True)
def cell(context: Context, content: str, classes: str = "") -> SafeString:
    """A cell, with the label of its column for a narrow screen."""
    column = context[_TABLE].next_column()
    return format_html(
        '<td role="cell"{} data-label="{}">{}</td>', _classes(column.figure, classes), column.label, _stripped(content)
    )


@register.simple_tag(takes_context=True)
def no_cells(context: Context, number: int) -> SafeString:
    """The space of so many cells, where a row has nothing to say in the remaining columns."""
    context[_TABLE].next_column(number)
    return format_html('<td role="cell" class="eh-table__blank" colspan="{}"></td>', number)


def _stripped(content: str) -> SafeString:
    """Without the white space of the template's layout. The content is HTML, rendered by the template."""
    return SafeString(content.strip())


def _classes(figure: bool, classes: str) -> SafeString | str:
    names = f"{'figure' if figure else ''} {classes}".strip()
    return format_html(' class="{}"', names) if names else ""
