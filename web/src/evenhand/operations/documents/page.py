"""A draft as a complete HTML document, to read or print on its own."""

from django.template.loader import render_to_string

from evenhand.public import markdown


def html_document(title: str, text: str) -> str:
    return render_to_string(
        "operations/documents/html_document.html", {"title": title, "content": markdown.to_html(text)}
    )
