from django.urls import include, path

urlpatterns = [path("", include("evenhand.public.urls"))]
handler400 = "evenhand.public.views.site.bad_request"
handler404 = "evenhand.public.views.site.not_found"
handler500 = "evenhand.public.views.site.server_fault"
