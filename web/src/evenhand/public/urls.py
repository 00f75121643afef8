from django.urls import path

from evenhand.public.views import authorities, measures, plans, publications, site

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
    path("methods/", site.methods, name="methods"),
    path("sources/", site.sources, name="sources"),
    path("accessibility/", site.accessibility, name="accessibility"),
]
