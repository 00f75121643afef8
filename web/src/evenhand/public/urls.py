from django.urls import path

from evenhand.public.views import authorities, measures, plans, publications, record, site

app_name = "public"
AUTHORITY = "authorities/<slug:authority>/"

urlpatterns = [
    path("", site.home, name="home"),
    path("authorities/", authorities.directory, name="authorities"),
    path(AUTHORITY, authorities.authority, name="authority"),
    path(f"{AUTHORITY}plans/<slug:plan>/", plans.plan, name="plan"),
    path(f"{AUTHORITY}measures/<slug:measure>/", measures.measure, name="measure"),
    path(f"{AUTHORITY}measures/<slug:measure>/<str:period>/", measures.measure, name="measure_period"),
    path(f"{AUTHORITY}publications/<slug:release>/", publications.publication, name="publication"),
    path(f"{AUTHORITY}publications/<slug:release>/<str:period>/", publications.publication, name="publication_period"),
    path(f"{AUTHORITY}publications/<slug:release>/figures.csv", publications.figures, name="figures"),
    path(f"{AUTHORITY}publications/<slug:release>/certificate.json", publications.certificate, name="certificate"),
    path(f"{AUTHORITY}record/", record.record, name="record"),
    path(f"{AUTHORITY}record/checkpoint", record.checkpoint, name="record_checkpoint"),
    path(f"{AUTHORITY}record/entries/<str:position>/", record.entry, name="record_entry"),
    path(f"{AUTHORITY}record/consistency/", record.consistency, name="record_consistency"),
    path("record/key", record.key, name="record_key"),
    path("worked-example/", site.worked_example, name="worked_example"),
    path("methods/", site.methods, name="methods"),
    path("sources/", site.sources, name="sources"),
    path("accessibility/", site.accessibility, name="accessibility"),
]
