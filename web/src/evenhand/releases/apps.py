from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReleasesConfig(AppConfig):
    name = "evenhand.releases"
    verbose_name = "Publications"

    def ready(self) -> None:
        from evenhand.authorities import sections, todo  # noqa: PLC0415  models are not loaded before
        from evenhand.releases import requirements  # noqa: PLC0415
        from evenhand.releases.todo import publications_waiting  # noqa: PLC0415

        requirements.declare()
        todo.provide(publications_waiting)
        what = _("Figures on their way out: protected, checked, approved, published.")
        sections.offer(sections.Section(_("Publications"), what, "releases:publications"))
