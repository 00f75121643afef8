"""A draft as a page of its own, which needs nothing else to be read or printed."""

from django.template.loader import render_to_string

from evenhand.public import prose


def whole_page(title: str, text: str) -> str:
    return render_to_string("operations/documents/whole.html", {"title": title, "content": prose.html(text)})
