from django.urls import path

from evenhand.releases.views import another_table, publications, safety, steps

app_name = "releases"
ONE = "<slug:authority>/publications/<slug:release>/"

urlpatterns = [
    path("<slug:authority>/publications/", publications.publications, name="publications"),
    # beside the list and not in it, where a publication may be called anything
    path("<slug:authority>/new-publication/", publications.draft, name="draft"),
    path(ONE, publications.publication, name="publication"),
    path(f"{ONE}preview/", publications.preview, name="preview"),
    path(f"{ONE}preview/<str:period>/", publications.preview, name="preview_period"),
    path(f"{ONE}hidden/", safety.hidden, name="hidden"),
    path(f"{ONE}another-table/", another_table.tables, name="another_table"),
    path(f"{ONE}another-table/<str:period>/<slug:characteristic>/", another_table.question, name="another_table_of"),
    path(f"{ONE}protect/", steps.protect, name="protect"),
    path(f"{ONE}check/", steps.check, name="check"),
    path(f"{ONE}approve/", steps.approve, name="approve"),
    path(f"{ONE}publish/", steps.publish, name="publish"),
    path(f"{ONE}reopen/", steps.reopen, name="reopen"),
]
