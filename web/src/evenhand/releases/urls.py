from django.urls import path

from evenhand.releases.views import another_table, publications, steps, suppression

app_name = "releases"
RELEASE = "<slug:authority>/publications/<slug:release>/"

urlpatterns = [
    path("<slug:authority>/publications/", publications.publications, name="publications"),
    # not under publications/, where a publication may have any slug
    path("<slug:authority>/new-publication/", publications.draft, name="draft"),
    path(RELEASE, publications.publication, name="publication"),
    path(f"{RELEASE}preview/", publications.preview, name="preview"),
    path(f"{RELEASE}preview/<str:period>/", publications.preview, name="preview_period"),
    path(f"{RELEASE}hidden/", suppression.hidden, name="hidden"),
    path(f"{RELEASE}another-table/", another_table.tables, name="another_table"),
    path(f"{RELEASE}another-table/<str:period>/<slug:characteristic>/", another_table.check, name="another_table_of"),
    path(f"{RELEASE}protect/", steps.protect, name="protect"),
    path(f"{RELEASE}check/", steps.check, name="check"),
    path(f"{RELEASE}approve/", steps.approve, name="approve"),
    path(f"{RELEASE}publish/", steps.publish, name="publish"),
    path(f"{RELEASE}reopen/", steps.reopen, name="reopen"),
]
