"""URLs of the drafts, included by `operations.urls`."""

from django.urls import path

from evenhand.operations.documents import views

DOCUMENTS = "work/<slug:authority>/documents/"

urlpatterns = [
    path(DOCUMENTS, views.document_list, name="documents"),
    path(f"{DOCUMENTS}<slug:document>/", views.document, name="document"),
    path(f"{DOCUMENTS}<slug:document>/document.md", views.download_markdown, name="document_markdown"),
    path(f"{DOCUMENTS}<slug:document>/document.html", views.download_html, name="document_page"),
]
