"""The addresses of all modules, in the order of INSTALLED_APPS (`Module.urls`)."""

from django.urls import include, path

from evenhand.modules import registry

urlpatterns = [path(prefix, include(urls)) for prefix, urls in registry.declared("urls")]
handler400 = "evenhand.public.views.site.bad_request"
handler404 = "evenhand.public.views.site.not_found"
handler500 = "evenhand.public.views.site.server_error"
