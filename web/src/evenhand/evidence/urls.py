from django.urls import path

from evenhand.evidence.views import figures, source, upload

app_name = "evidence"

urlpatterns = [
    path("<slug:authority>/figures/", figures.figures, name="figures"),
    path("<slug:authority>/new-figures/", upload.upload, name="upload"),
    path("<slug:authority>/figures/<slug:dataset>/<int:year>/", figures.snapshot_tables, name="snapshot"),
    path("<slug:authority>/figures/<slug:dataset>/source/", source.SourceView.as_view(), name="source"),
    path(
        "<slug:authority>/figures/<slug:dataset>/<int:year>/<slug:characteristic>/",
        figures.unprotected,
        name="unprotected",
    ),
]
