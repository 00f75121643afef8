from django.urls import include, path

urlpatterns = [
    path("", include("evenhand.public.urls")),
    path("", include("evenhand.sign_in.urls")),
    path("", include("evenhand.operations.urls")),
    path("", include("evenhand.authorities.open_urls")),
    path(
        "work/", include("evenhand.privacy.urls")
    ),  # before the patterns in which any word is the slug of an authority
    path("work/", include("evenhand.authorities.urls")),
    path("work/", include("evenhand.releases.urls")),
    path("work/", include("evenhand.plans.urls")),
    path("work/", include("evenhand.evidence.urls")),
]
handler400 = "evenhand.public.views.site.bad_request"
handler404 = "evenhand.public.views.site.not_found"
handler500 = "evenhand.public.views.site.server_error"
