"""A draft as a complete HTML document, to read or print on its own."""

from django.template.loader import render_to_string

from evenhand.authorities.models import Authority
from evenhand.public import markdown


def html_document(title: str, text: str, authority: Authority | None = None) -> str:
    """The document of an invented authority says in its title and its text that it is made up."""
    context = {"title": title, "content": markdown.to_html(text), "authority": authority}
    return render_to_string("operations/documents/html_document.html", context)
