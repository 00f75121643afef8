"""The addresses of the drafts, which `operations.urls` takes in."""

from django.urls import path

from evenhand.operations.documents import views

DOCUMENTS = "work/<slug:authority>/documents/"

urlpatterns = [
    path(DOCUMENTS, views.documents, name="documents"),
    path(f"{DOCUMENTS}<slug:document>/", views.document, name="document"),
    path(f"{DOCUMENTS}<slug:document>/document.md", views.markdown, name="document_markdown"),
    path(f"{DOCUMENTS}<slug:document>/document.html", views.page, name="document_page"),
]
