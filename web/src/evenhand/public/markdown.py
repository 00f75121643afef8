"""Convert a small subset of Markdown to HTML: headings, paragraphs, lists, tables, bold, code and placeholders.

Only for the project's own text templates. All text is escaped first. A placeholder is text in square brackets that
begins with `to be completed` or `to be checked`.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

PLACEHOLDER = re.compile(r"\[(to be (?:completed|checked)[^\]]*)\]")
BOLD = re.compile(r"\*\*(.+?)\*\*")
CODE = re.compile(r"`(.+?)`")
LINK = re.compile(r"&lt;(https://[^\s&]+)&gt;")


def to_html(text: str) -> SafeString:
    blocks = (block.strip("\n") for block in re.split(r"\n{2,}", text.strip()))
    return mark_safe("\n".join(line for block in blocks if block for line in _block(block)))  # noqa: S308 - escaped


def _block(block: str) -> Iterator[str]:
    """A block can contain a heading followed by a list or a table, without an empty line between them."""
    for kind, lines in groupby(block.splitlines(), key=_kind):
        yield from _RENDERERS[kind](list(lines))


def _kind(line: str) -> str:
    if line.startswith("#"):
        return "heading"
    return {"- ": "list", "| ": "table"}.get(line[:2], "text")


def _headings(lines: list[str]) -> Iterator[str]:
    for line in lines:
        level = len(line) - len(line.lstrip("#"))
        yield f"<h{level}>{_inline(line[level:].strip())}</h{level}>"


def _paragraph(lines: list[str]) -> Iterator[str]:
    yield f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>"


def _list(lines: list[str]) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{_inline(line[2:])}</li>" for line in lines)
    yield "</ul>"


def _table(lines: list[str]) -> Iterator[str]:
    """Use the markup of the site's own tables, which become lists on a narrow screen."""
    names, _rule, *rows = ([_inline(cell.strip()) for cell in line.strip("| ").split(" | ")] for line in lines)
    yield '<table role="table" class="eh-table eh-stack-table"><thead role="rowgroup"><tr role="row">'
    yield from (f'<th role="columnheader" scope="col">{name}</th>' for name in names)
    yield '</tr></thead><tbody role="rowgroup">'
    for first, *others in rows:
        cells = (
            f'<td role="cell" data-label="{re.sub("<[^>]*>", "", name)}">{cell}</td>'
            for name, cell in zip(names[1:], others, strict=True)
        )
        yield f'<tr role="row"><th role="rowheader" scope="row">{first}</th>{"".join(cells)}</tr>'
    yield "</tbody></table>"


def _inline(text: str) -> str:
    safe = str(escape(text))
    safe = LINK.sub(r'<a href="\1">\1</a>', safe)
    safe = BOLD.sub(r"<strong>\1</strong>", safe)
    safe = CODE.sub(r"<code>\1</code>", safe)
    return PLACEHOLDER.sub(r'<mark class="eh-gap">[\1]</mark>', safe)


_RENDERERS = {"heading": _headings, "text": _paragraph, "list": _list, "table": _table}
