from django.urls import path

from evenhand.evidence.views import figures, taking_in

app_name = "evidence"

urlpatterns = [
    path("<slug:authority>/figures/", figures.figures, name="figures"),
    path("<slug:authority>/new-figures/", taking_in.take_in, name="take_in"),
    path("<slug:authority>/figures/<slug:dataset>/<int:year>/", figures.snapshot, name="snapshot"),
    path(
        "<slug:authority>/figures/<slug:dataset>/<int:year>/<slug:characteristic>/",
        figures.unprotected,
        name="unprotected",
    ),
]
